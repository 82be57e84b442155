import { type Judgment, judgment } from "../finding.ts";
import type { Snapshot } from "../snapshot.ts";

/** Alarms that ring: of connections, storage, errors, whatever the platform watches. */
export function judgeAlarms({ regions }: Snapshot): readonly Judgment[] {
  return regions.flatMap(({ alarms, region }) =>
    alarms.map(({ name, tenant, logicalId, description, reason }) =>
      judgment({
        severity: "warning",
        code: "ALARM_RINGS",
        subject: { kind: "alarm", id: name, region, tenant },
        cause: tenant === null ? name : logicalId,
        what: `the alarm ${name} rings${description === null ? "" : `: ${description}`}`,
        because: [reason],
        fix: [
          `aws cloudwatch describe-alarm-history --region ${region} --alarm-name ${name} --max-records 5`,
        ],
      }),
    ),
  );
}
