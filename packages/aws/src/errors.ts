import { defineErrors } from "@tenantry/base";

/** What a platform may ask for that AWS does not hold. */
export const errors = defineErrors({
  AWS_TEMPLATE_TOO_LARGE: {
    message: (p: {
      readonly file: string;
      readonly what: string;
      readonly count: number;
      readonly limit: number;
    }) => `${p.file} has ${p.count} ${p.what}, and CloudFormation takes ${p.limit}`,
    fix: () => "give the environment fewer services and stores, or divide it into two platforms",
    retriable: false,
  },
  AWS_CELL_CAPACITY: {
    message: (p: {
      readonly capacity: number;
      readonly tenants: number;
      readonly quota: string;
      readonly value: number;
      readonly code: string | null;
    }) =>
      `a cell is to hold ${p.capacity} tenants, but "${p.quota}" (${p.value}) leaves room for ${p.tenants}`,
    fix: (p: { readonly tenants: number; readonly code: string | null }) =>
      p.code === null
        ? `set cells.capacity to ${p.tenants} or less; AWS does not raise this quota`
        : `set cells.capacity to ${p.tenants} or less, or have the quota ${p.code} raised and say so in cells.quotas`,
    retriable: false,
  },
  AWS_CANARY_STEPS: {
    message: (p: { readonly service: string; readonly percents: readonly number[] }) =>
      `ECS cannot shift the traffic of ${p.service} in the steps ${p.percents.join(", ")}`,
    fix: () =>
      "write one step (a canary), or steps of the same size and pause from 3 percent on, such as 25, 50, 75",
    retriable: false,
  },
  AWS_CELL_UNREACHABLE: {
    message: (p: { readonly tenant: string; readonly cell: number; readonly service: string }) =>
      `the tenant ${p.tenant} has its hosts in cell ${p.cell}, and ${p.service}, which it shares, is behind the load balancer of cell 1 alone`,
    fix: (p: { readonly service: string }) =>
      `raise cells.capacity so that the tenants of this tier fit into one cell, or make ${p.service} silo in the tier`,
    retriable: false,
  },
  AWS_DOMAIN_LOCAL: {
    message: (p: { readonly environment: string; readonly domain: string }) =>
      `nobody can give the environment ${p.environment} a certificate for the domain ${p.domain}`,
    fix: () => 'give the environment a domain of its own, or set routing.listener to "http"',
    retriable: false,
  },
  AWS_GRPC_LISTENER: {
    message: (p: { readonly service: string }) =>
      `the load balancer forwards gRPC to ${p.service} only from an HTTPS listener`,
    fix: () => 'set routing.listener to "https", or the protocol of the service to "http"',
    retriable: false,
  },
  AWS_IMAGE_MISSING: {
    message: (p: { readonly service: string }) => `the service ${p.service} has no image that ECS could run`,
    fix: (p: { readonly service: string }) =>
      `name one, such as image: "{registry}/${p.service}:1.0.0", or say with build how it is made`,
    retriable: false,
  },
  AWS_PREFIX_LIST: {
    message: (p: { readonly service: string; readonly region: string; readonly known: readonly string[] }) =>
      `the service ${p.service} has egress "none", but the prefix list of S3 in ${p.region} is not known`,
    fix: (p: { readonly known: readonly string[] }) =>
      `set egress to "all", or use one of the regions ${p.known.join(", ")}`,
    retriable: false,
  },
  AWS_ROUTE_SHADOWED: {
    message: (p: {
      readonly tier: string;
      readonly service: string;
      readonly route: string;
      readonly by: string;
    }) =>
      `in the tier ${p.tier} the rule of ${p.by} takes what is meant for ${p.service} at ${p.route}, because one of them is shared and the other is not`,
    fix: (p: { readonly service: string; readonly by: string }) =>
      `isolate ${p.service} and ${p.by} alike in the tier, or give one of them a route that is not below the other's`,
    retriable: false,
  },
  AWS_SECURITY_GROUPS: {
    message: (p: {
      readonly service: string;
      readonly count: number;
      readonly limit: number;
      readonly uses: readonly string[];
    }) =>
      `a task of ${p.service}, which uses ${p.uses.join(", ")}, would carry ${p.count} security groups, and ECS takes ${p.limit}`,
    fix: () => "let the service use fewer stores, or divide it into two services",
    retriable: false,
  },
  AWS_SHARED_SECRET: {
    message: (p: { readonly service: string; readonly variable: string; readonly pattern: string }) =>
      `the variable ${p.variable} of ${p.service} is the secret ${p.pattern}, but tenants share the service`,
    fix: () => "name a secret without {tenant}, or make the service silo in every tier",
    retriable: false,
  },
  AWS_EDGE_CELLS: {
    message: (p: { readonly cells: number }) =>
      `tenants with services of their own are placed in ${p.cells} cells, and CloudFront leads every host to the first`,
    fix: () =>
      "raise cells.capacity so that all tenants are in one cell, or leave edge.cloudFront out: then each tenant's records lead to its own cell",
    retriable: false,
  },
  AWS_TENANT_DOMAIN: {
    message: (p: { readonly tenant: string; readonly domain: string }) =>
      `the tenant ${p.tenant} has the domain ${p.domain}, for which the load balancer has no certificate`,
    fix: () =>
      "put CloudFront before it with edge.cloudFront.customDomains, or leave the domain away: ACM proves only domains in the platform's own hosted zone without help",
    retriable: false,
  },
  AWS_TENANT_HOSTS: {
    message: (p: {
      readonly tenant: string;
      readonly count: number;
      readonly service: string;
      readonly limit: number;
    }) =>
      `the tenant ${p.tenant} has ${p.count} hosts, and the load balancer's rule for ${p.service} has room for ${p.limit}`,
    fix: (p: { readonly limit: number }) =>
      `leave at most ${p.limit} hosts: fewer domains of the tenant's own, or fewer patterns in routing.tenantHosts; AWS does not raise this limit`,
    retriable: false,
  },
  AWS_TENANT_REPLICATION: {
    message: (p: { readonly store: string }) =>
      `the bucket "${p.store}" of each tenant is to be copied to the recovery region, but S3 wants the copy to be there first, and a tenant's stack there comes after the one here`,
    fix: (p: { readonly store: string }) =>
      `remove replication from stores.${p.store} and set copyToRecovery in a plan of backups.plans, or let tenants share the bucket`,
    retriable: false,
  },
  AWS_BUCKET_COPY_NAME: {
    message: (p: {
      readonly pattern: string;
      readonly length: number;
      readonly limit: number;
      readonly excess: number;
    }) =>
      `the bucket "${p.pattern}" is called "${p.pattern}-replica" in the recovery region, up to ${p.length} characters, and S3 takes ${p.limit}`,
    fix: ({ excess }: { readonly excess: number }) => `make the bucket's name ${excess} characters shorter`,
    retriable: false,
  },
});
