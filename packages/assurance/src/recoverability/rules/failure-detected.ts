import { refuted } from "../../rule.ts";
import { detectorsOf, reachesPeople } from "../detection.ts";
import { recoveryRule } from "../recovery-rule.ts";

export const failureDetected = recoveryRule({
  id: "recoverability/failure-detected",
  why: "A recovery begins when somebody knows; a region that is wholly gone sends no metrics, and an alarm that waits for bad ones stays green.",
  fix: "Check the region from outside, or let missing data count as bad; let an alarm reach people.",
  judge: (design) => {
    const { shipment, primary } = design;
    const detectors = detectorsOf(design);
    if (detectors.length === 0)
      return [refuted(shipment.environment, "nothing that is shipped watches the primary region")];
    const alarms = detectors.filter(({ tells }) => tells === "people");
    const isTold = alarms.some(({ resource }) => reachesPeople(resource, primary));
    const seesSilence = detectors.some(({ noticesSilence }) => noticesSilence);
    const names = detectors.map(({ resource }) => resource.key).join(", ");
    return [
      ...(isTold
        ? []
        : [refuted(shipment.environment, `no alarm of the primary region reaches a person: ${names}`)]),
      ...(seesSilence
        ? []
        : [refuted(shipment.environment, `a region from which no metrics come counts as well: ${names}`)]),
    ];
  },
});
