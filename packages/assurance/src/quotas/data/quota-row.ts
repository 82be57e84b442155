import type { Quota } from "../quota.ts";

interface Source {
  readonly source: string;
  readonly asOf: string;
  readonly confidence: Quota["confidence"];
}

/** One quota of a page: what is not as usual comes last. */
type QuotaRow = readonly [
  id: string,
  name: string,
  code: string | null,
  value: number | null,
  per: string,
  unit: string,
  more?: Partial<Pick<Quota, "service" | "max" | "adjustable" | "atScale" | "startingPoint">>,
];

/** The quotas that one page tells. Those with a code can be raised, unless a row says otherwise. */
export function quotasOf(service: string, source: Source, rows: readonly QuotaRow[]): readonly Quota[] {
  return rows.map(([id, name, code, value, per, unit, more = {}]) => ({
    id,
    service,
    name,
    code,
    value,
    max: null,
    adjustable: code !== null,
    per,
    unit,
    ...source,
    startingPoint: null,
    atScale: false,
    ...more,
  }));
}
