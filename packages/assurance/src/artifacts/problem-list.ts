import type { ShipmentProblem } from "./shipment.ts";

/** As many as a person reads; one mistake in a template stands in every tenant's stack. */
const problemsMax = 1000;

/** Collects what is wrong, each thing once. */
export interface ProblemList {
  readonly report: (subject: string, missing: string) => void;
  readonly list: () => readonly ShipmentProblem[];
}

export function problemList(): ProblemList {
  const known = new Map<string, ShipmentProblem>();
  let more = 0;
  return {
    report: (subject, missing) => {
      const key = `${subject}\n${missing}`;
      if (known.has(key)) return;
      if (known.size < problemsMax) known.set(key, { subject, missing });
      else more += 1;
    },
    list: () =>
      more === 0
        ? [...known.values()]
        : [
            ...known.values(),
            { subject: "the shipment", missing: `there is more that is wrong: ${more} times` },
          ],
  };
}
