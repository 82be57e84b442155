import { type Finding, notApplicable, refuted } from "../../rule.ts";
import { type ConditionTerm, conditionTerms } from "../condition-terms.ts";
import { placeOf, type PolicyStatement } from "../policy-statements.ts";
import { postureRule } from "../posture-rule.ts";
import { isFields, listAt, textsAt } from "../read-value.ts";

/** Keys that tell who asks, or from where, so that an Allow for everybody is one for somebody. */
const narrowing = new Set(
  [
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceOwner",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "kms:CallerAccount",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
  ].map((key) => key.toLowerCase()),
);

const positive = new Set(["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"]);

export const noWildcardPrincipals = postureRule({
  name: "no-wildcard-principals",
  why: "A policy that allows everybody makes what it stands on public, whatever account asks.",
  fix: "Name the principal, or limit the statement by aws:PrincipalAccount, aws:PrincipalOrgID or aws:SourceArn.",
  things: "policies that allow everybody",
  find: ({ statements }) => statements.filter((statement) => allowsEverybody(statement)),
  judge: (statement) =>
    statement.resource.type === "AWS::EC2::VPCEndpoint"
      ? judgeEndpoint(statement)
      : judgeStatement(statement),
});

function allowsEverybody({ fields }: PolicyStatement): boolean {
  if (fields["Effect"] !== "Allow") return false;
  // Whoever is not named is allowed, which is nearly everybody.
  if (fields["NotPrincipal"] !== undefined) return true;
  const principal = fields["Principal"];
  if (principal === "*") return true;
  if (!isFields(principal)) return false;
  return ["AWS", "Federated", "Service"].some((kind) => textsAt(principal, kind).includes("*"));
}

function judgeStatement(statement: PolicyStatement): readonly Finding[] {
  if ((conditionTerms(statement) ?? []).some((term) => isNarrow(term))) return [];
  return [refuted(statement.resource.key, `${placeOf(statement)} allows everybody`)];
}

/** The policy of an endpoint gives nothing by itself; it says what may pass. All for everybody would be as if there were none. */
function judgeEndpoint(statement: PolicyStatement): readonly Finding[] {
  const resources = listAt(statement.fields["Resource"]);
  const isLimited = resources.length > 0 && !resources.includes("*");
  if (isLimited || (conditionTerms(statement) ?? []).some((term) => isNarrow(term)))
    return [
      notApplicable(
        statement.resource.key,
        `${placeOf(statement)} lets pass what other policies allow, and is limited itself`,
      ),
    ];
  return [refuted(statement.resource.key, `${placeOf(statement)} lets everybody reach everything`)];
}

function isNarrow({ operator, quantifier, ifExists, key, values }: ConditionTerm): boolean {
  const isWide = values.some(
    (value) => typeof value !== "string" || /^[*?]*$/.test(value) || isAnyAccount(value),
  );
  return (
    narrowing.has(key) && positive.has(operator) && !ifExists && quantifier !== "ForAllValues" && !isWide
  );
}

/** Whether an ARN is a pattern for every account: arn:aws:iam::*:role/app. */
function isAnyAccount(value: string): boolean {
  const [scheme, , , , account = ""] = value.split(":");
  return scheme !== undefined && /^(arn|[*?]+)/.test(scheme) && /[*?]/.test(account);
}
