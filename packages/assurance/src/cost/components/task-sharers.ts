import type { Properties } from "../../artifacts/shipment.ts";
import { everybody, type Sharers } from "../charge.ts";
import { objectsAt, textAt } from "../property.ts";
import type { Site } from "../site.ts";

/** Who shares the service of the definition whose container a task runs. */
export function sharersOfTask(task: Properties, { platform }: Site): Sharers {
  const name = objectsAt(task, "ContainerDefinitions")
    .map((container) => textAt(container, "Name"))
    .find((one) => one !== null && Object.hasOwn(platform.services, one));
  return name === undefined || name === null ? everybody : { kind: "service", name };
}
