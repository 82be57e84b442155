import type { Site } from "../stack/site.ts";

/** What a stack is known by to those that come after it. */
export interface StackPlace {
  readonly id: string;
  readonly area: string;
  readonly role: Site["role"];
}

/** The areas whose values an area needs, in its own region. */
const needs: Readonly<Record<string, readonly string[]>> = {
  organization: [],
  foundation: [],
  data: ["foundation"],
  cell: ["foundation"],
  services: ["foundation", "data", "cell"],
  edge: ["foundation", "cell"],
  operations: ["foundation", "data", "cell", "services", "edge"],
  tenant: ["foundation", "data", "cell", "services"],
};

/** The areas of the primary region that an area of the recovery region copies or joins. */
const follows: Readonly<Record<string, readonly string[]>> = {
  // The hosted zone and the registry's images are the primary region's.
  foundation: ["foundation"],
  data: ["data"],
};

/** "cell-2" is a cell, "tenant-silo" a tenant's. */
function kindOf(area: string): string {
  return area.split("-", 1)[0] ?? area;
}

/** Ids of the stacks that must be there before a stack of this area and region begins. */
export function dependenciesOf(
  place: Pick<StackPlace, "area" | "role">,
  all: readonly StackPlace[],
): readonly string[] {
  const kind = kindOf(place.area);
  return all
    .filter(({ area, role }) => {
      const other = kindOf(area);
      if (role === place.role) return needs[kind]?.includes(other) === true;
      return place.role === "recovery" && follows[kind]?.includes(other) === true;
    })
    .map(({ id }) => id);
}
