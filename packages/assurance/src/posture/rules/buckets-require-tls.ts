import type { Resource } from "../../artifacts/shipment.ts";
import { refuted } from "../../rule.ts";
import { conditionTerms } from "../condition-terms.ts";
import type { PolicyStatement } from "../policy-statements.ts";
import { postureRule } from "../posture-rule.ts";
import { isFields, isFlag, textAt, textsAt } from "../read-value.ts";

export const bucketsRequireTls = postureRule({
  name: "buckets-require-tls",
  why: "S3 answers on plain HTTP as well, where everybody on the way reads the objects and the signature.",
  fix: 'Deny s3:* on the bucket and its objects where "aws:SecureTransport" is "false".',
  things: "buckets",
  find: ({ ofType }) => ofType("AWS::S3::Bucket"),
  judge: (bucket, { statementsOf, ofType }) => {
    const policies = ofType("AWS::S3::BucketPolicy").filter(
      ({ properties }) => textAt(properties, "Bucket") === bucket.physicalId,
    );
    if (policies.length === 0) return [refuted(bucket.key, "no policy of the bucket denies plain HTTP")];
    const denies = policies
      .flatMap((policy) => statementsOf(policy))
      .some((statement) => deniesPlainHttp(statement, bucket));
    return denies
      ? []
      : [
          refuted(
            bucket.key,
            `${policies[0]?.key ?? ""} does not deny plain HTTP to everybody for all objects`,
          ),
        ];
  },
});

function deniesPlainHttp(statement: PolicyStatement, { physicalId }: Resource): boolean {
  const { fields } = statement;
  if (
    fields["Effect"] !== "Deny" ||
    !textsAt(fields["Action"]).some((action) => /^(\*|s3:\*)$/i.test(action))
  )
    return false;
  const principal = fields["Principal"];
  const isEverybody = principal === "*" || (isFields(principal) && textsAt(principal, "AWS").includes("*"));
  const resources = textsAt(fields["Resource"]);
  const holds = (suffix: string) =>
    resources.includes("*") || resources.some((arn) => arn.endsWith(`:::${physicalId}${suffix}`));
  const terms = conditionTerms(statement) ?? [];
  // A second line of the condition would make it hold for fewer requests.
  const isPlain = terms.every(
    ({ operator, quantifier, key, values }) =>
      operator === "Bool" &&
      quantifier === null &&
      key === "aws:securetransport" &&
      values.every((value) => isFlag(value, false)),
  );
  return isEverybody && holds("") && holds("/*") && isPlain && terms.length > 0;
}
