import { assert } from "@tenantry/base";
import { type PolicyDocument, policyDocument, type Statement } from "../policy/policy-document.ts";

/** Characters of a managed policy, white space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const policySizeMax = 6144;

/**
 * The same permissions in as many documents as AWS's limit asks for. What is attached together counts together, so it does not
 * matter which statement stands in which.
 */
export function splitPolicy(policy: PolicyDocument): readonly PolicyDocument[] {
  const documents: Statement[][] = [];
  for (const statement of policy.Statement.flatMap(fitting)) {
    const room = documents.find(
      (statements) => policySize(policyDocument(...statements, statement)) <= policySizeMax,
    );
    if (room === undefined) documents.push([statement]);
    else room.push(statement);
  }
  return documents.map((statements) => policyDocument(...statements));
}

/** Size as AWS counts it. What only AWS knows, such as the account, is taken to have twelve characters. */
export function policySize(policy: PolicyDocument): number {
  return JSON.stringify(policy)
    .replaceAll(/\$\{Token\[[^\]]*\]\}/g, "012345678901")
    .replaceAll(/\s/g, "").length;
}

/** A statement that alone is too large, in two halves of its actions, and so on. */
function fitting(statement: Statement): readonly Statement[] {
  if (policySize(policyDocument(statement)) <= policySizeMax) return [statement];
  const { Action, Sid } = statement;
  assert(Array.isArray(Action) && Action.length > 1, `the statement ${Sid ?? ""} cannot be divided`);
  const middle = Math.ceil(Action.length / 2);
  return [Action.slice(0, middle), Action.slice(middle)].flatMap((part, index) =>
    fitting({ ...statement, ...(Sid === undefined ? {} : { Sid: `${Sid}${index + 1}` }), Action: part }),
  );
}
