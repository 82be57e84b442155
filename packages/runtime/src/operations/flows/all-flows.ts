import type { Flow } from "../flow.ts";
import type { OperationKind } from "../operation.ts";
import { exportFlow } from "./export.ts";
import { move } from "./move.ts";
import { offboard } from "./offboard.ts";
import { onboard } from "./onboard.ts";
import { resume } from "./resume.ts";
import { suspend } from "./suspend.ts";

export const flows: Readonly<Record<OperationKind, Flow>> = Object.freeze({
  onboard,
  suspend,
  resume,
  move,
  export: exportFlow,
  offboard,
});
