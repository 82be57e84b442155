import { type Finding, notApplicable, refuted, unknown } from "../../rule.ts";
import type { ShippedStore } from "../read-recovery.ts";
import { recoveryRule } from "../recovery-rule.ts";
import type { StoreCopy } from "../store-copies.ts";
import { formatSum, sumOf } from "../term.ts";

export const rpoReached = recoveryRule({
  id: "recoverability/rpo-reached",
  why: "A copy that is older than promised loses writes that tenants were told are safe.",
  fix: "Replicate the store continuously or back it up more often, or promise a longer rpoSeconds.",
  judge: ({ stores, shipment }) => {
    const copied = stores.filter(({ copies }) => copies.length > 0);
    return copied.length === 0
      ? [notApplicable(shipment.environment, "no store has a copy in the recovery region")]
      : copied.flatMap((store) => judgeStore(store));
  },
});

/** By the copy that is nearest. */
function judgeStore({ resource, name, copies, rpoSeconds }: ShippedStore): readonly Finding[] {
  const outcomes = copies.map((copy) => outcomeOf(copy, name, rpoSeconds));
  if (outcomes.some(({ kind }) => kind === "reached")) return [];
  const open = outcomes.filter(({ kind }) => kind === "unsaid");
  const texts = (open.length > 0 ? open : outcomes).map(({ text }) => text).join("; or ");
  return [open.length > 0 ? unknown(resource.key, texts) : refuted(resource.key, texts)];
}

function outcomeOf(
  { how, behind }: StoreCopy,
  name: string,
  rpoSeconds: number,
): { readonly kind: "reached" | "missed" | "unsaid"; readonly text: string } {
  const { seconds, unsaid } = sumOf(behind);
  const kind = seconds > rpoSeconds ? "missed" : unsaid.length > 0 ? "unsaid" : "reached";
  const missing = unsaid.map(({ what }) => what).join(", ");
  const text = `${name} by ${how}: ${formatSum(behind)}, and ${rpoSeconds} s are promised`;
  return { kind, text: kind === "unsaid" ? `${text}; nobody says how long it is ${missing}` : text };
}
