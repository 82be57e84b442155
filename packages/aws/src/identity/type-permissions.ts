import { assert } from "@tenantry/base";
import { computeTypes } from "./type-permissions/compute.ts";
import { dataTypes } from "./type-permissions/data.ts";
import { edgeTypes } from "./type-permissions/edge.ts";
import { governanceTypes } from "./type-permissions/governance.ts";
import { networkTypes } from "./type-permissions/network.ts";
import { observabilityTypes } from "./type-permissions/observability.ts";

/** Actions by resource type, written `service: Action Action …`, one service after the other. */
export type TypePermissions = Readonly<Record<`AWS::${string}`, string>>;

/**
 * What CloudFormation calls to create, read, update, tag and delete a resource of a type, in the name of whoever deploys.
 *
 * The facts are AWS's own: `handlers.*.permissions` and `tagging.permissions` of the resource schemas of us-east-1, as of cfn-lint 1.58.0
 * (https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html#schema-properties-handlers).
 * Left out is what no platform uses: actions on users and groups, the content of buckets, queues and log streams, other services' resources
 * (gateways, table buckets, inspectors). Added is what the schemas do not say: the few types without handlers, and KMS for secrets.
 */
const typePermissions: TypePermissions = {
  ...computeTypes,
  ...dataTypes,
  ...edgeTypes,
  ...governanceTypes,
  ...networkTypes,
  ...observabilityTypes,
};

export const permittedTypes: readonly string[] = Object.freeze(Object.keys(typePermissions).sort());

/** The actions for a resource type, such as "ecs:CreateCluster", in order. */
export function permissionsOf(type: string): readonly string[] {
  const text = (typePermissions as Readonly<Record<string, string>>)[type];
  assert(text !== undefined, `no permissions are known for the resource type ${type}`);
  const actions: string[] = [];
  let service = "";
  for (const word of text.trim().split(/\s+/)) {
    if (word.endsWith(":")) service = word;
    else actions.push(`${service}${word}`);
  }
  return actions.sort();
}
