import type { Matrix } from "../../theme-result.ts";
import type { Holder } from "./model/iam-model.ts";
import type { IamView } from "./survey.ts";

const namedMax = 12;

/** What roles of tenants reach of what others have, for people. */
export function reachMatrix(view: IamView): Matrix {
  const { model } = view;
  const byName = model.tenants.length > 0 && model.tenants.length <= namedMax;
  const holders = byName ? model.tenants : model.anyTenants.map(({ a }) => a);
  const everyone = [model.shared, ...model.tenants, ...model.anyTenants.map(({ a }) => a)];
  const kinds = [...new Set(everyone.flatMap(({ targets }) => targets.map(({ kind }) => kind)))].toSorted();
  return {
    title: "What the roles of tenants reach",
    columns: [byName ? "tenant" : "tier", "roles", ...kinds],
    rows: holders.map((holder) => [
      byName ? (holder.tenant ?? "") : (holder.tier ?? ""),
      String(holder.roles.length),
      ...kinds.map((kind) => cell(holder, kind, view, byName)),
    ]),
    legend: {
      "–": "none",
      own: "the tenant's own only",
      shared: "it has none of its own: the platform's service acts for it",
      OTHERS: "other tenants' as well",
    },
  };
}

function cell(holder: Holder, kind: string, { model, concrete, any }: IamView, byName: boolean): string {
  const hits = byName ? concrete.hits : any.hits;
  const reached = hits.some(({ reach }) => {
    const isTheirs = byName
      ? reach.role.tenant === holder.tenant
      : holder.roles.some(({ key }) => baseOf(key) === baseOf(reach.role.key));
    return isTheirs && reach.question.target.kind === kind;
  });
  if (reached) return "OTHERS";
  if (holder.targets.some((target) => target.kind === kind)) return "own";
  return model.shared.targets.some((target) => target.kind === kind) && holder.roles.length === 0
    ? "shared"
    : "–";
}

/** The logical id, whosever stack it is in. */
const baseOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1);
