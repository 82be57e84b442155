import type { PlatformRegion } from "@tenantry/model";
import { type Finding, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { numberAt, requireProperty } from "../read-value.ts";

export const logsRetained = postureRule({
  name: "logs-retained",
  why: "A log without a retention is kept and paid for ever, with whatever personal data is in it; one kept too short is gone when it is asked for.",
  fix: "Set RetentionInDays, to no fewer days than the definition says.",
  things: "log groups",
  find: ({ ofType }) => ofType("AWS::Logs::LogGroup"),
  judge: (group, { askedOf }) => {
    const missing = requireProperty(
      group,
      ["RetentionInDays"],
      (value) => value !== undefined && value !== null,
      "its entries are never deleted",
    );
    if (missing.length > 0) return missing;
    const days = numberAt(group.properties, "RetentionInDays");
    const asked = leastDays(askedOf(group.stack));
    const short: Finding[] =
      days !== undefined && asked !== null && days < asked
        ? [
            refuted(
              group.key,
              `RetentionInDays is ${days}, and the definition keeps no log below ${asked} days`,
            ),
          ]
        : [];
    return short;
  },
});

/** The shortest time that the definition keeps any log. */
function leastDays(region: PlatformRegion | null): number | null {
  if (region === null) return null;
  const days = [
    ...Object.values(region.services).map(({ logs }) => logs.retentionDays),
    ...Object.values(region.functions).map(({ logs }) => logs.retentionDays),
    ...(region.network.flowLogs === null ? [] : [region.network.flowLogs.retentionDays]),
  ];
  return days.length === 0 ? null : Math.min(...days);
}
