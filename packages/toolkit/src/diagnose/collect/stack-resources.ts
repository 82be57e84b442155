import type { StackSnapshot } from "../stack-snapshot.ts";

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly tenant: string | null;
}

/** What the stacks of a region have made, of some types. */
export function resourcesOf(
  stacks: readonly StackSnapshot[],
  ...types: readonly string[]
): readonly StackResource[] {
  return stacks.flatMap(({ deployed, tenant }) =>
    deployed === null || deployed === "unread"
      ? []
      : deployed.resources.flatMap(({ physicalId, logicalId, type, status }) =>
          types.includes(type) && physicalId !== null && physicalId !== "" && status !== "DELETE_COMPLETE"
            ? [{ physicalId, logicalId, tenant }]
            : [],
        ),
  );
}
