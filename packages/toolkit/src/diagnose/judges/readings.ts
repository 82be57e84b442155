import { type Judgment, judgment } from "../finding.ts";
import type { Snapshot } from "../snapshot.ts";

/** What could not be read: then nobody can say that the environment is healthy. */
export function judgeReadings({ unread }: Snapshot): readonly Judgment[] {
  return unread.map(({ action, region, isDenied, detail }) =>
    judgment({
      severity: "warning",
      code: isDenied ? "READING_DENIED" : "READING_FAILED",
      subject: { kind: "reading", id: action, region, tenant: null },
      cause: action,
      what: `${action} ${isDenied ? "is denied" : "failed"}, so this diagnosis is incomplete`,
      because: [detail],
      fix: isDenied
        ? [`allow ${action} to whoever diagnoses; AWS's policy ReadOnlyAccess has all that is needed`]
        : ["run the diagnosis again"],
    }),
  );
}
