import type { StackTarget } from "../assembly/stack-targets.ts";
import type { CloudRegion } from "../cloud/cloud.ts";
import type { TemplateChange } from "./deployment-plan.ts";

/** Values that a name can be made of: those of parameters, and what every stack knows. */
export type NameValues = Readonly<Record<string, string | null>>;

/**
 * The names of buckets that a stack would make and that are there already, in this account or in anybody's: buckets have one
 * namespace for all accounts of AWS, and a stack that cannot have its name fails when others are deployed before it.
 *
 * A name of which a part is not known yet is not asked for.
 */
export async function takenBuckets(
  { template }: StackTarget,
  { resources }: TemplateChange,
  values: NameValues,
  { buckets }: Pick<CloudRegion, "buckets">,
): Promise<readonly string[]> {
  const names = resources
    .filter(({ type, impact }) => type === "AWS::S3::Bucket" && impact === "create")
    .map(({ logicalId }) => textOf(template.content.Resources[logicalId]?.Properties?.["BucketName"], values))
    .filter((name) => name !== null);
  const taken = await Promise.all(names.map((name) => buckets.isTaken(name)));
  return names.filter((_, index) => taken[index]);
}

function textOf(value: unknown, values: NameValues): string | null {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return null;
  const { Ref: reference, "Fn::Join": join } = value as { Ref?: unknown; "Fn::Join"?: unknown };
  if (typeof reference === "string") return values[reference] ?? null;
  if (!Array.isArray(join) || !Array.isArray(join[1])) return null;
  const parts = join[1].map((part) => textOf(part, values));
  return parts.includes(null) ? null : parts.join(String(join[0]));
}
