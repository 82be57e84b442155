import type { Resource } from "../artifacts/shipment.ts";
import { listAt, textAt } from "./read-value.ts";

/** A rule of a check that does not hold for a resource, and why that is meant. */
export interface Acknowledgement {
  /** Such as "AwsSolutions-EC23", or one finding of it: "AwsSolutions-IAM5[Resource::*]". */
  readonly rule: string;
  readonly reason: string;
}

/** Of a resource: cdk-nag's form, in the template's metadata. One without a reason counts for nothing. */
export function acknowledgementsOf({ metadata }: Pick<Resource, "metadata">): readonly Acknowledgement[] {
  return listAt(metadata, "cdk_nag", "rules_to_suppress").flatMap((entry) => {
    const rule = textAt(entry, "id");
    const reason = textAt(entry, "reason")?.trim();
    return rule === undefined || reason === undefined || reason === "" ? [] : [{ rule, reason }];
  });
}
