import { notApplicable, refuted } from "../../rule.ts";
import { recoveryRule } from "../recovery-rule.ts";
import { copiesDeletions } from "../store-copies.ts";

export const deletionsAsAsked = recoveryRule({
  id: "recoverability/deletions-as-asked",
  why: "A copy that follows deletions is no help against them; one that does not keeps what tenants wanted gone.",
  fix: "Set DeleteMarkerReplication as replication.deletions says.",
  judge: ({ stores, shipment }) => {
    const buckets = stores.filter(({ copies }) => copies.some(({ kind }) => kind === "s3-replication"));
    if (buckets.length === 0) return [notApplicable(shipment.environment, "no bucket is replicated")];
    return buckets.flatMap(({ resource, store }) => {
      const asked = store.kind === "bucket" ? (store.replication?.deletions ?? false) : false;
      const copied = copiesDeletions(resource);
      return copied === asked
        ? []
        : [
            refuted(
              resource.key,
              `deletions are ${copied === true ? "" : "not "}copied, and the definition says ${asked}`,
            ),
          ];
    });
  },
});
