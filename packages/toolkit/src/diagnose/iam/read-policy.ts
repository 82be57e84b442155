import { z } from "zod";
import type { PolicyDocument, PolicyStatement } from "./role-snapshot.ts";

const oneOrMany = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const conditionValue = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))])
  .transform((value) => [value].flat().map(String));
const statement = z.looseObject({
  Effect: z.enum(["Allow", "Deny"]),
  Action: oneOrMany.optional(),
  NotAction: oneOrMany.optional(),
  Resource: oneOrMany.optional(),
  NotResource: oneOrMany.optional(),
  Principal: z.union([z.literal("*"), z.record(z.string(), oneOrMany)]).optional(),
  Condition: z.record(z.string(), z.record(z.string(), conditionValue)).optional(),
});
const document = z.looseObject({ Statement: z.union([statement, z.array(statement)]) });

/** A policy as IAM hands it over: JSON, percent-encoded. "unread" for what is no policy. */
export function readPolicy(text: string | undefined): PolicyDocument | "unread" {
  try {
    const plain = (text ?? "").startsWith("%") ? decodeURIComponent(text ?? "") : (text ?? "");
    const { Statement } = document.parse(JSON.parse(plain));
    return { statements: [Statement].flat().map(statementOf) };
  } catch {
    return "unread";
  }
}

function statementOf(given: z.infer<typeof statement>): PolicyStatement {
  const { Principal } = given;
  return {
    effect: given.Effect,
    actions: given.Action ?? null,
    notActions: given.NotAction ?? [],
    resources: given.Resource ?? null,
    notResources: given.NotResource ?? [],
    principals: Principal === undefined ? [] : Principal === "*" ? ["*"] : Object.values(Principal).flat(),
    conditions: given.Condition ?? {},
  };
}
