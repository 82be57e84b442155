import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { authorize, noPolicies } from "../evaluate/authorize.ts";
import { absent, anyValue, type ContextLookup, type ContextValue } from "../evaluate/context.ts";
import { distinct, type IamRule, listed } from "../iam-rule.ts";
import type { Holder, Role } from "../model/iam-model.ts";
import { type PrincipalPattern, type Statement, statementName } from "../policy/policy.ts";
import { tenantHolders } from "../survey.ts";
import { anyText } from "../worst-case/free-text.ts";
import { worstCaseMatching } from "../worst-case/worst-case-matching.ts";

/** Services that only take a role for what the same account started, and say nothing of their source. */
const withoutSource = new Set(["ec2.amazonaws.com", "pods.eks.amazonaws.com"]);
const foreignAccount = "000000000000";

export const rolesAssumedByServicesOnly: IamRule = {
  id: "iam/roles-assumed-by-services-only",
  why: "whoever takes a tenant's role is the tenant for AWS",
  fix: "let only the service that runs the tenant's tasks assume the role, with aws:SourceAccount or aws:SourceArn of this account",
  judge: ({ model }) => {
    const holders = tenantHolders(model);
    if (holders.every(({ roles }) => roles.length === 0))
      return [notApplicable("tenants", "no tenant has a role of its own")];
    return listed(
      distinct(holders.flatMap((holder) => holder.roles.flatMap((role) => judgeRole(role, holder)))),
    );
  },
};

function judgeRole(role: Role, holder: Holder): readonly Finding[] {
  const statements = role.trust?.policy.statements.filter(({ effect }) => effect === "Allow") ?? [];
  const runsTasks = holder.taskRoles.includes(role.arn);
  return statements.flatMap((statement) => {
    const report = (what: string) =>
      refuted(role.key, `${statementName(statement)} of its trust policy ${what}`);
    const wrong = (statement.principals?.principals ?? []).flatMap((principal) => {
      const admitted = admits(principal, role);
      return admitted === null ? [] : [report(admitted)];
    });
    if (statement.principals?.negated === true) wrong.push(report("admits everybody but some"));
    if (!actsAsItShould(statement))
      wrong.push(report(`lets more be done than sts:AssumeRole: ${statement.actions.patterns.join(", ")}`));
    if (runsTasks && servicesOf(statement).some((service) => service !== "ecs-tasks.amazonaws.com"))
      wrong.push(
        report(
          `admits another service than the one that runs its tasks: ${servicesOf(statement).join(", ")}`,
        ),
      );
    return [
      ...wrong,
      ...unconfined(role, statement).map((service) =>
        report(`lets ${service} take the role for another account`),
      ),
    ];
  });
}

function admits(principal: PrincipalPattern, { account }: Role): string | null {
  switch (principal.kind) {
    case "everyone":
      return "admits everybody";
    case "account":
      return principal.account === account
        ? "admits whatever the account's policies let"
        : `admits the account ${principal.account}`;
    case "arn":
      return `admits ${principal.arn}`;
    case "federated":
      return `admits ${principal.provider}`;
    case "unique-id":
      return `admits ${principal.id}`;
    case "service":
      return null;
  }
}

const servicesOf = ({ principals }: Statement): readonly string[] =>
  (principals?.principals ?? []).flatMap((principal) =>
    principal.kind === "service" ? [principal.service] : [],
  );

/** EKS brings tags of its own to the sessions of pods. */
function actsAsItShould(statement: Statement): boolean {
  const allowed = servicesOf(statement).includes("pods.eks.amazonaws.com")
    ? ["sts:assumerole", "sts:tagsession"]
    : ["sts:assumerole"];
  const { negated, patterns } = statement.actions;
  return !negated && patterns.every((action) => allowed.includes(action.toLowerCase()));
}

/** The services that take the role for something in another account, or without saying for what. */
function unconfined(role: Role, statement: Statement): readonly string[] {
  return servicesOf(statement).filter(
    (service) => !withoutSource.has(service) && foreignSources.some((source) => takes(role, service, source)),
  );
}

const foreignSources: readonly ReadonlyMap<string, ContextValue>[] = [
  new Map([
    ["aws:sourceaccount", { kind: "single", value: foreignAccount }],
    ["aws:sourcearn", { kind: "single", value: `arn:aws:ecs:us-east-1:${foreignAccount}:${anyText}` }],
  ]),
  new Map([
    ["aws:sourceaccount", absent],
    ["aws:sourcearn", absent],
  ]),
];

function takes(role: Role, service: string, source: ReadonlyMap<string, ContextValue>): boolean {
  const context: ContextLookup = (key) => source.get(key) ?? anyValue;
  const request = {
    principal: { kind: "service", service },
    action: "sts:AssumeRole",
    resource: role.arn,
    resourceAccount: role.account,
    context,
  } as const;
  return (
    authorize(request, { ...noPolicies, resource: role.trust }, { matching: worstCaseMatching }).outcome ===
    "allowed"
  );
}
