import {
  GetAccountAuthorizationDetailsCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  type ManagedPolicyDetail,
  type RoleDetail,
} from "@aws-sdk/client-iam";
import { readPolicy } from "../iam/read-policy.ts";
import type { PolicyDocument, RoleSnapshot } from "../iam/role-snapshot.ts";
import { caller, everyPage, orMissing, type Reading } from "./reading.ts";

/** Reads all roles at once: of hundreds of tenants, one by one would be thousands of calls. */
export function roleReader(
  reading: Reading,
): (arns: readonly string[]) => Promise<ReadonlyMap<string, RoleSnapshot>> {
  const client = new IAMClient(reading.config);
  const run = caller(reading, "iam");
  /** A policy that AWS itself manages. */
  const managed = async (arn: string): Promise<PolicyDocument | "unread"> => {
    const policy = await run("GetPolicy", () =>
      orMissing(client.send(new GetPolicyCommand({ PolicyArn: arn })), "NoSuchEntity"),
    );
    const VersionId = policy?.Policy?.DefaultVersionId;
    if (VersionId === undefined) return "unread";
    const version = await run("GetPolicyVersion", () =>
      client.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId })),
    );
    return readPolicy(version.PolicyVersion?.Document);
  };
  return async (arns) => {
    const wanted = new Set(arns);
    const pages = await everyPage(
      (Marker) =>
        run("GetAccountAuthorizationDetails", () =>
          client.send(
            new GetAccountAuthorizationDetailsCommand({
              Filter: ["Role", "LocalManagedPolicy"],
              Marker,
              MaxItems: 1000,
            }),
          ),
        ),
      ({ IsTruncated, Marker }) => (IsTruncated === true ? Marker : undefined),
    );
    const details = pages
      .flatMap(({ RoleDetailList }) => RoleDetailList ?? [])
      .filter(({ Arn }) => Arn !== undefined && wanted.has(Arn));
    const documents = new Map(pages.flatMap(({ Policies }) => Policies ?? []).map(defaultVersion));
    for (const arn of new Set(details.flatMap(attachedTo))) {
      if (!documents.has(arn)) documents.set(arn, await managed(arn));
    }
    return new Map(details.map((detail) => [detail.Arn ?? "", roleOf(detail, documents)]));
  };
}

function defaultVersion({
  Arn,
  PolicyVersionList,
}: ManagedPolicyDetail): [string, PolicyDocument | "unread"] {
  const version = PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true);
  return [Arn ?? "", readPolicy(version?.Document)];
}

function attachedTo({ AttachedManagedPolicies, PermissionsBoundary }: RoleDetail): readonly string[] {
  const arns = [
    ...(AttachedManagedPolicies ?? []).map(({ PolicyArn }) => PolicyArn),
    PermissionsBoundary?.PermissionsBoundaryArn,
  ];
  return arns.filter((arn) => arn !== undefined);
}

function roleOf(detail: RoleDetail, documents: ReadonlyMap<string, PolicyDocument | "unread">): RoleSnapshot {
  const trust = readPolicy(detail.AssumeRolePolicyDocument);
  const boundary = detail.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    arn: detail.Arn ?? "",
    name: detail.RoleName ?? "",
    trust: trust === "unread" ? { statements: [] } : trust,
    boundary:
      boundary === undefined ? null : { arn: boundary, document: documents.get(boundary) ?? "unread" },
    policies: [
      ...(detail.RolePolicyList ?? []).map(({ PolicyName, PolicyDocument: text }) => ({
        name: PolicyName ?? "",
        document: readPolicy(text),
      })),
      ...(detail.AttachedManagedPolicies ?? []).map(({ PolicyArn = "" }) => ({
        name: PolicyArn,
        document: documents.get(PolicyArn) ?? ("unread" as const),
      })),
    ],
  };
}
