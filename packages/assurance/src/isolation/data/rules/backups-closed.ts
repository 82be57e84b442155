import type { Resource } from "../../../artifacts/shipment.ts";
import { policiesOf } from "../../../posture/policy-statements.ts";
import { isFields, listAt, textAt, textsAt } from "../../../posture/read-value.ts";
import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { platformRule } from "../data-rule.ts";
import type { Finder } from "../store-references.ts";

export const backupsClosed = platformRule({
  id: "data/backups-closed",
  why: "a backup holds what the store held, of every tenant in it, and lives longer",
  fix: "let nobody in by the vault's policy, deny deletion, and select what is backed up by its ARN",
  judge: ({ scopes, posture, shipment }) => {
    const found = scopes.flatMap((scope) =>
      scope.resources
        .filter(({ type }) => type.startsWith("AWS::Backup::"))
        .map((resource) => ({ resource, find: scope.find })),
    );
    if (found.length === 0)
      return [notApplicable(shipment.environment, "nothing is backed up by AWS Backup")];
    return found.flatMap(({ resource, find }) => {
      if (resource.type === "AWS::Backup::BackupVault") return judgeVault(resource, posture.isProtected);
      return resource.type === "AWS::Backup::BackupSelection" ? judgeSelection(resource, find) : [];
    });
  },
});

function judgeVault(vault: Resource, isProtected: boolean): readonly Finding[] {
  const { statements } = policiesOf(vault);
  const opened = statements
    .filter(({ fields }) => fields["Effect"] === "Allow")
    .map(({ name }) => refuted(vault.key, `the statement ${name} of its policy lets others at the backups`));
  const denies = statements.some(
    ({ fields }) =>
      fields["Effect"] === "Deny" &&
      (fields["Principal"] === "*" ||
        (isFields(fields["Principal"]) && textsAt(fields["Principal"], "AWS").includes("*"))) &&
      fields["Condition"] === undefined &&
      textsAt(fields["Action"]).some((action) => /^backup:(DeleteRecoveryPoint|Delete\*|\*)$/iu.test(action)),
  );
  return [
    ...opened,
    ...(denies || !isProtected
      ? []
      : [refuted(vault.key, "no statement of its policy denies everybody to delete backups")]),
  ];
}

function judgeSelection({ key, properties }: Resource, find: Finder): readonly Finding[] {
  const selection = properties["BackupSelection"];
  const arns = listAt(selection, "Resources").filter((one) => typeof one === "string");
  const role = textAt(selection, "IamRoleArn") ?? "";
  const foreign = arns.filter((arn) => find(arn).length === 0);
  return [
    ...(find(role).length > 0 ? [] : [refuted(key, `its role ${role} is none of the platform`)]),
    ...foreign.map((arn) => refuted(key, `it backs up ${arn}, which is no resource of the platform`)),
    ...(arns.length > 0
      ? []
      : [refuted(key, "it selects by tags alone, which every resource of the account may carry")]),
  ];
}
