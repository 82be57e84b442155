import type { Resource } from "../../../artifacts/shipment.ts";
import { policiesOf, type PolicyStatement } from "../../../posture/policy-statements.ts";
import { listAt, textAt, textsAt } from "../../../posture/read-value.ts";
import { type Finding, notApplicable, refuted, unknown } from "../../../rule.ts";
import { canMeet } from "../../words/can-meet.ts";
import { parsePattern } from "../../words/pattern.ts";
import type { DataModel, TierData } from "../data-model.ts";
import { tenantsRule } from "../data-rule.ts";

export const recordsClosed = tenantsRule({
  id: "data/records-closed",
  why: "access logs, audit records and backups speak of all tenants; who may write them can hide what was done",
  fix: "give a tenant's service its own log group and nothing of the platform's logs, records and vaults",
  judge: (model) => {
    const records = recordsOf(model);
    if (records.length === 0) return [notApplicable(model.shipment.environment, "there are no records")];
    return model.tiers.flatMap((tier) =>
      statementsOfTasks(tier).flatMap((statement) => judgeStatement(statement, records, model)),
    );
  },
});

interface Record {
  readonly key: string;
  readonly arns: readonly string[];
  /** The service whose actions reach it. */
  readonly service: "s3" | "backup" | "logs";
}

/** Buckets that logs and records are written to, vaults, and log groups of what tenants share. */
function recordsOf({ shared, scopes }: DataModel): readonly Record[] {
  const buckets = new Set(
    scopes
      .flatMap(({ resources }) => resources)
      .flatMap(({ properties }) =>
        [
          textAt(properties, "LoggingConfiguration", "DestinationBucketName"),
          textAt(properties, "S3BucketName"),
        ].flatMap((name) => (name === undefined ? [] : shared.find(name))),
      ),
  );
  return shared.resources.flatMap((resource): readonly Record[] => {
    const { key, arn, type } = resource;
    if (arn === null) return [];
    if (buckets.has(resource)) return [{ key, arns: [arn, `${arn}/*`], service: "s3" }];
    if (type === "AWS::Backup::BackupVault") return [{ key, arns: [arn], service: "backup" }];
    return type === "AWS::Logs::LogGroup" ? [{ key, arns: [arn, `${arn}:*`], service: "logs" }] : [];
  });
}

/** What the roles of a tenant's tasks are allowed. */
function statementsOfTasks({ resources }: TierData): readonly PolicyStatement[] {
  const tasks = resources.filter(({ type }) => type === "AWS::ECS::TaskDefinition");
  const arns = tasks.flatMap(({ properties }) =>
    ["TaskRoleArn", "ExecutionRoleArn"].map((field) => textAt(properties, field)),
  );
  const roles = resources.filter(
    ({ arn, type }) => type === "AWS::IAM::Role" && arn !== null && arns.includes(arn),
  );
  const isOfTask = (resource: Resource): boolean =>
    roles.includes(resource) ||
    (/^AWS::IAM::(Managed|Role)?Policy$/u.test(resource.type) &&
      roles.some(({ physicalId }) =>
        [...textsAt(resource.properties, "Roles"), textAt(resource.properties, "RoleName")].includes(
          physicalId,
        ),
      ));
  return resources
    .filter(isOfTask)
    .flatMap((resource) => policiesOf(resource).statements)
    .filter(({ fields }) => fields["Effect"] === "Allow");
}

function judgeStatement(
  { resource, name, fields }: PolicyStatement,
  records: readonly Record[],
  { shipment }: DataModel,
): readonly Finding[] {
  const actions = listAt(fields["Action"]).filter((one) => typeof one === "string");
  const patterns = listAt(fields["Resource"]).filter((one) => typeof one === "string");
  const lengthMax = shipment.definition.tenantIdLengthMax;
  return records
    .filter(
      ({ service }) =>
        fields["NotAction"] !== undefined || actions.some((action) => reaches(action, service)),
    )
    .flatMap(({ key, arns }) =>
      patterns.flatMap((pattern) => {
        const meetings = arns.map((arn) =>
          canMeet(parsePattern(pattern, { wildcards: true }), parsePattern(arn, { wildcards: true }), {
            lengthMax,
          }),
        );
        const subject = `${resource.key} (statement ${name})`;
        if (meetings.some(({ kind }) => kind === "meet"))
          return [refuted(subject, `${actions.join(", ")} on ${pattern} reaches ${key}`)];
        const open = meetings.find(({ kind }) => kind === "unknown");
        return open?.kind === "unknown"
          ? [unknown(subject, `whether ${pattern} reaches ${key}: ${open.why}`)]
          : [];
      }),
    );
}

/** `s3:Get*` reaches S3, `*` everything. */
function reaches(action: string, service: string): boolean {
  const [prefix = ""] = action.toLowerCase().split(":");
  return new RegExp(`^${prefix.replaceAll("*", ".*").replaceAll("?", ".")}$`, "u").test(service);
}
