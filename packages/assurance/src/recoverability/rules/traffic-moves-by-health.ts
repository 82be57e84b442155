import { notApplicable, refuted } from "../../rule.ts";
import { userRecords } from "../moved-records.ts";
import { recoveryRule } from "../recovery-rule.ts";

export const trafficMovesByHealth = recoveryRule({
  id: "recoverability/traffic-moves-by-health",
  why: "Changing a record needs Route 53's control plane, which is in us-east-1 only and may be what is gone; answering by health does not.",
  fix: "Give the record a counterpart in the recovery region, and a health check (edge.dns.failover).",
  judge: (design, { strategy }) => {
    const records = userRecords(design);
    const { environment } = design.shipment;
    if (strategy === "backup-and-restore" || strategy === "pilot-light")
      return [
        notApplicable(
          environment,
          `with ${strategy} nothing waits that users could be sent to by their health`,
        ),
      ];
    if (records.length === 0) return [notApplicable(environment, "no record leads users to a region")];
    return records
      .filter(({ isMovedByHealth }) => !isMovedByHealth)
      .map(({ record, name, counterpart }) =>
        refuted(
          record.key,
          counterpart === null
            ? `${name} leads to ${record.stack.region} only`
            : `${name} has no health check: it leads to ${record.stack.region} until somebody changes it`,
        ),
      );
  },
});
