import { type Finding, notApplicable, refuted, unknown } from "../../rule.ts";
import type { ShippedStore } from "../read-recovery.ts";
import { recoveryRule } from "../recovery-rule.ts";

export const storesCopied = recoveryRule({
  id: "recoverability/stores-copied",
  why: "What is only in the primary region is gone with it, for every tenant whose data it was.",
  fix: "Replicate the store to the recovery region, or have its backups copied there.",
  judge: ({ stores, shipment }, { region }) =>
    stores.length === 0
      ? [notApplicable(shipment.environment, "no stores are shipped")]
      : stores.flatMap((store) => judgeStore(store, region)),
});

function judgeStore({ store, resource, name, copies }: ShippedStore, region: string): readonly Finding[] {
  if (copies.length > 0) return [];
  if (store.kind === "redis")
    return [
      notApplicable(
        resource.key,
        `the definition says that ${name} is for ${store.purposes.join(", ")}: what is lost is made again`,
      ),
    ];
  if (store.kind === "queue" || store.kind === "broker")
    return [unknown(resource.key, `whether what waits in ${name} is sent again after its region is gone`)];
  return [refuted(resource.key, `no copy of ${name} is in ${region}: neither a replica nor copied backups`)];
}
