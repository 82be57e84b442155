import type { Finding, Judgment } from "./finding.ts";
import { judgeAlarms } from "./judges/alarms.ts";
import { judgeCertificates } from "./judges/certificates.ts";
import { judgeDatabases } from "./judges/databases.ts";
import { judgeEntrances } from "./judges/entrances.ts";
import { judgePaths } from "./judges/paths.ts";
import { judgeReadings } from "./judges/readings.ts";
import { judgeRoles } from "./judges/roles.ts";
import { judgeServices } from "./judges/services.ts";
import { judgeStacks } from "./judges/stacks.ts";
import { judgeTargets } from "./judges/targets.ts";
import { judgeTaskDefinitions } from "./judges/task-definitions.ts";
import { mergeJudgments } from "./merge-findings.ts";
import type { Snapshot } from "./snapshot.ts";

type Judge = (snapshot: Snapshot) => readonly Judgment[];

/** Everything that can be found wrong. Causes before what can follow from them. */
const judges: readonly Judge[] = [
  judgeStacks,
  judgeTaskDefinitions,
  judgeRoles,
  judgePaths,
  judgeDatabases,
  judgeCertificates,
  judgeEntrances,
  judgeServices,
  judgeTargets,
  judgeAlarms,
  judgeReadings,
];

/** What is wrong with an environment, from what was seen of it: pure. */
export function diagnoseSnapshot(snapshot: Snapshot): readonly Finding[] {
  return mergeJudgments(judges.flatMap((judge) => judge(snapshot)));
}
