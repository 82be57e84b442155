import type { Data, Resource, Shipment, ShippedStack } from "../../../artifacts/shipment.ts";
import type { NamedPolicy } from "../evaluate/authorize.ts";
import { parsePolicy } from "../policy/parse-policy.ts";
import type { PolicyKind } from "../policy/policy.ts";
import { textsOf } from "../policy/policy-data.ts";
import type {
  AnyTenant,
  Boundary,
  Holder,
  IamModel,
  LocatedProblem,
  Need,
  Role,
  Target,
} from "./iam-model.ts";
import { policyDocumentsOf } from "./policy-documents.ts";
import { readNeeds, readTaskRoles } from "./read-needs.ts";
import { readTargets, tagsOf } from "./read-target.ts";

/** Reads everything about access from a shipment; each resource once. */
export function readIam(shipment: Shipment): IamModel {
  const problems: LocatedProblem[] = [];
  const managed = new Map<string, NamedPolicy>();
  const sharedDraft = draftOf(shipment.shared, shipment.account, problems, managed);
  const drafts = [...shipment.tenants.values()].map(
    (tenant) => [tenant, draftOf(tenant.stacks, shipment.account, problems, managed)] as const,
  );
  const links = linksOf([sharedDraft, ...drafts.map(([, draft]) => draft)]);
  const finish = (draft: Draft, tenant: string | null, tier: string | null, more: Links = links) =>
    holderOf(draft, tenant, tier, more, managed, problems);
  const anyTenants = anyTenantsOf(shipment, (stacks, tenant, tier) => {
    const draft = draftOf(stacks, shipment.account, problems, managed);
    return finish(draft, tenant, tier, linksOf([sharedDraft, draft]));
  });
  return {
    account: shipment.account,
    platform: shipment.platform,
    environment: shipment.environment,
    lengthMax: shipment.definition.tenantIdLengthMax,
    sharedStoreTiers: sharedStoreTiers(shipment.definition),
    shared: finish(sharedDraft, null, null),
    tenants: drafts.map(([{ id, tier }, draft]) => finish(draft, id, tier)),
    anyTenants,
    problems,
  };
}

function sharedStoreTiers({ tiers }: Shipment["definition"]): ReadonlySet<string> {
  const shares = Object.entries(tiers).filter(([, { stores }]) => Object.values(stores).includes("pool"));
  return new Set(shares.map(([tier]) => tier));
}

/** The stacks of a tier belong together, one for each region; they have the same tenant. */
function anyTenantsOf(
  { tiers }: Shipment,
  holder: (stacks: readonly ShippedStack[], tenant: string, tier: string) => Holder,
): readonly AnyTenant[] {
  const names = [...new Set(tiers.map(({ tier }) => tier))];
  return names.map((tier) => {
    const any = (name: string): Holder => {
      const stacks = tiers.filter((each) => each.tier === tier).map((each) => each.anyTenant(name));
      return holder(stacks, stacks[0]?.tenant ?? "", tier);
    };
    return { tier, a: any("a"), b: any("b") };
  });
}

/** What stacks hold before policies are put to what they are for. */
interface Draft {
  readonly roles: readonly Resource[];
  readonly targets: readonly Target[];
  readonly documents: ReadonlyMap<string, readonly (NamedPolicy & { readonly kind: PolicyKind })[]>;
  /** Policies that are resources of their own. */
  readonly attachments: readonly Resource[];
  readonly needs: readonly Need[];
  readonly taskRoles: readonly string[];
}

function draftOf(
  stacks: readonly ShippedStack[],
  account: string,
  problems: LocatedProblem[],
  managed: Map<string, NamedPolicy>,
): Draft {
  const roles: Resource[] = [];
  const targets: Target[] = [];
  const attachments: Resource[] = [];
  const needs: Need[] = [];
  const taskRoles: string[] = [];
  const documents = new Map<string, (NamedPolicy & { readonly kind: PolicyKind })[]>();
  for (const resource of stacks.flatMap((stack) => stack.resources())) {
    const policies = readPolicies(resource, problems);
    problems.push(...besideRoles(resource));
    if (policies.length > 0) documents.set(resource.key, policies);
    const [first] = policies;
    if (resource.type === "AWS::IAM::ManagedPolicy" && resource.arn !== null && first !== undefined)
      managed.set(resource.arn, first);
    if (resource.type === "AWS::IAM::Role") roles.push(resource);
    if (attaches(resource)) attachments.push(resource);
    targets.push(...readTargets(resource, account));
    needs.push(...readNeeds(resource, account));
    taskRoles.push(...readTaskRoles(resource));
  }
  return { roles, targets, documents, attachments, needs, taskRoles };
}

function readPolicies(
  resource: Resource,
  problems: LocatedProblem[],
): (NamedPolicy & { readonly kind: PolicyKind })[] {
  return policyDocumentsOf(resource).flatMap(({ name, kind, document }) => {
    const subject = `${resource.key} ${name}`;
    if (kind === null) {
      const what = `what a policy does in ${resource.type}`;
      problems.push({ kind: "unknown", subject, where: "document", what });
      return [];
    }
    const { policy, problems: found } = parsePolicy(document, kind);
    problems.push(...found.map((problem) => ({ ...problem, subject })));
    return [{ name: subject, policy, kind }];
  });
}

/** What lets somebody in beside the roles and policies that are looked at. */
const besides = new Set([
  "AWS::IAM::User",
  "AWS::IAM::Group",
  "AWS::IAM::AccessKey",
  "AWS::Lambda::Permission",
  "AWS::Logs::ResourcePolicy",
  "AWS::Events::EventBusPolicy",
  "AWS::ECR::RegistryPolicy",
]);

/** In a tenant's stack there is none of it; whoever adds one has to look at it. */
function besideRoles({ key, type, stack }: Resource): readonly LocatedProblem[] {
  if (stack.tenant === null || !besides.has(type)) return [];
  return [{ kind: "unknown", subject: key, where: "the stack", what: `whom ${type} lets in to what` }];
}

const policyTargets: Readonly<Record<string, readonly string[]>> = {
  "AWS::S3::BucketPolicy": ["Bucket"],
  "AWS::SecretsManager::ResourcePolicy": ["SecretId"],
  "AWS::SQS::QueuePolicy": ["Queues"],
  "AWS::SNS::TopicPolicy": ["Topics"],
  "AWS::IAM::Policy": ["Roles"],
  "AWS::IAM::RolePolicy": ["RoleName"],
  "AWS::IAM::ManagedPolicy": ["Roles"],
};

const attaches = ({ type }: Resource): boolean => Object.hasOwn(policyTargets, type);

/** Policies by the name, URL or ARN of what they are attached to. */
type Links = ReadonlyMap<string, readonly NamedPolicy[]>;

function linksOf(drafts: readonly Draft[]): Links {
  const links = new Map<string, NamedPolicy[]>();
  for (const { attachments, documents } of drafts)
    for (const resource of attachments)
      for (const property of policyTargets[resource.type] ?? [])
        for (const name of textsOf(resource.properties[property]) ?? [])
          links.set(name, [...(links.get(name) ?? []), ...(documents.get(resource.key) ?? [])]);
  return links;
}

function holderOf(
  draft: Draft,
  tenant: string | null,
  tier: string | null,
  links: Links,
  managed: ReadonlyMap<string, NamedPolicy>,
  problems: LocatedProblem[],
): Holder {
  return {
    tenant,
    tier,
    roles: draft.roles.map((resource) => roleOf(resource, draft, links, managed, problems)),
    targets: draft.targets.map((target) => withPolicy(target, draft, links)),
    needs: draft.needs,
    taskRoles: draft.taskRoles,
  };
}

function roleOf(
  resource: Resource,
  draft: Draft,
  links: Links,
  managed: ReadonlyMap<string, NamedPolicy>,
  problems: LocatedProblem[],
): Role {
  const { key, properties, physicalId, stack } = resource;
  const arn = resource.arn ?? physicalId;
  const own = draft.documents.get(key) ?? [];
  const attached = (textsOf(properties["ManagedPolicyArns"]) ?? []).flatMap((policyArn) => {
    const found = managed.get(policyArn);
    // What AWS's own policies say is not in the shipment; for what tenants share it does not matter here.
    if (found === undefined && stack.tenant !== null)
      problems.push({
        kind: "unknown",
        subject: key,
        where: "ManagedPolicyArns",
        what: `what the policy ${policyArn} allows`,
      });
    return found === undefined ? [] : [found];
  });
  return {
    key,
    arn,
    account: arn.split(":")[4] ?? "",
    region: stack.region,
    tenant: stack.tenant,
    tags: tagsOf(properties["Tags"]),
    identity: [
      ...own.filter(({ kind }) => kind === "identity"),
      ...attached,
      ...(links.get(physicalId) ?? []),
    ],
    boundary: boundaryOf(properties["PermissionsBoundary"], managed),
    trust: own.find(({ kind }) => kind === "trust") ?? null,
  };
}

function boundaryOf(value: Data | undefined, managed: ReadonlyMap<string, NamedPolicy>): Boundary {
  if (value === undefined) return { kind: "none" };
  const arn = typeof value === "string" ? value : JSON.stringify(value);
  const policy = managed.get(arn);
  return policy === undefined ? { kind: "unknown", arn } : { kind: "policy", arn, policy };
}

function withPolicy(target: Target, { documents }: Draft, links: Links): Target {
  const own = (documents.get(target.key) ?? []).filter(({ kind }) => kind !== "identity");
  const all = target.subjects.includes(target.arn)
    ? [
        ...own,
        ...(links.get(target.physicalId) ?? []),
        ...(target.arn === target.physicalId ? [] : (links.get(target.arn) ?? [])),
      ]
    : [];
  const [first, ...others] = all;
  if (first === undefined) return target;
  const statements = [first, ...others].flatMap(({ policy }) => policy.statements);
  return { ...target, policy: { name: first.name, policy: { ...first.policy, statements } } };
}
