import type { Matrix } from "../../theme-result.ts";
import type { NamesModel, TierNames } from "./names-model.ts";
import { fullName, type GivenName, holdsTenant, shownName } from "./read-names.ts";

/** What of a tenant has which name, and whether another tenant may have it. */
export function namesMatrix(model: NamesModel): Matrix {
  return {
    title: "Names of tenants",
    columns: ["what", "tier", "name", "two tenants"],
    rows: model.tiers.flatMap((tier) => [
      ...tier.a.names.map((name, index) => [
        name.kind.what,
        tier.label,
        shownName(name.name),
        apart(name, tier.b.names[index], model),
      ]),
      ...generatedRows(tier),
    ]),
    legend: {
      apart: "never the same, whatever the two ids are",
      same: "the same for some two ids",
      open: "nobody can tell",
    },
  };
}

function apart(name: GivenName, rival: GivenName | undefined, { canMeet }: NamesModel): string {
  if (rival === undefined || !holdsTenant(fullName(name), "a")) return "same";
  const { kind } = canMeet(fullName(name), fullName(rival));
  return kind === "never" ? "apart" : kind === "meet" ? "same" : "open";
}

function generatedRows({ a, label }: TierNames): readonly (readonly string[])[] {
  const kinds = [...new Set(a.generated.map(({ what }) => what))];
  return kinds.map((what) => [what, label, "made up by AWS", "apart"]);
}
