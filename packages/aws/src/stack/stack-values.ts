import type { SubnetGroup } from "@tenantry/model";

/** What keys are for. Every store has a purpose of its own, so that a key can be one per store. */
export type KeyPurpose =
  | "audit"
  | "backups"
  | "logs"
  | "notifications"
  | "registry"
  | "secrets"
  | `stores/${string}`;

/**
 * Names of the values that stacks hand to one another: SSM parameters `/{platform}/{environment}/{name}` in the region of the
 * stack. Adding one is free; renaming one is a change to every stack that needs it.
 */
export type StackValueName =
  | "network/vpc-id"
  | "dns/hosted-zone-id"
  | "dns/hosted-zone-arn"
  | "audit/log-bucket"
  | "identity/permissions-boundary-arn"
  | `keys/${KeyPurpose}`
  | `notifications/${"critical" | "high" | "medium" | "low"}`
  | `backups/${"vault-name" | "vault-arn" | "role-arn" | "configuration-bucket"}`
  | `recovery/${"vault-arn" | "plan-arn"}`
  | `registry/${string}`
  | `stores/${string}/${StoreValue}`
  | `cells/${number}/${CellValue}`
  | `services/${string}/${ServiceValue}`
  | `edge/${"distribution-id" | "distribution-domain" | "web-acl-arn" | "certificate-arn"}`
  | `edge/${"region-host" | "health-check-id" | "tenant-distribution-id" | "connection-group-id" | "routing-endpoint"}`;

/** Values that are lists of texts. */
export type StackListName = `network/subnets/${SubnetGroup}` | `network/route-tables/${SubnetGroup}`;

/** Of a database `endpoint`, `reader-endpoint`, `port`, `secret-arn` (the administrator's), `application-secret-arn` (that of services which tenants share); of a bucket `bucket`, `arn`. The security group is the one that its users carry. */
export type StoreValue =
  | "endpoint"
  | "reader-endpoint"
  | "port"
  | "secret-arn"
  | "application-secret-arn"
  | "identifier"
  | "resource-id"
  | "arn"
  | "bucket"
  | "client-security-group";

export type CellValue =
  | "cluster-arn"
  | "cluster-name"
  | "namespace-arn"
  | "load-balancer-arn"
  | "load-balancer-full-name"
  | "load-balancer-dns-name"
  | "load-balancer-hosted-zone-id"
  | "load-balancer-security-group"
  | "listener-arn"
  | "target-security-group";

/** A service that shifts traffic has an alternate target group; one that services of tenants call has a group for them to carry. */
export type ServiceValue =
  | "name"
  | "arn"
  | "security-group"
  | "client-security-group"
  | "target-group-full-name"
  | "alternate-target-group-full-name"
  | "log-group";
