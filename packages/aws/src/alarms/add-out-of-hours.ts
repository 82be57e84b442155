import type { PlatformStack } from "../stack/platform-stack.ts";
import { alarmsBelow } from "./alarm.ts";
import { OutOfHours } from "./business-hours.ts";

/**
 * Alarms of the stack whose severity keeps to business hours wait for them.
 *
 * @param namePrefix unique in the region
 */
export function addOutOfHours(stack: PlatformStack, namePrefix: string): void {
  const { routes, businessHours } = stack.site.platform.observability.alerts;
  const waiting = alarmsBelow(stack).filter(({ severity }) => routes[severity]?.hours === "business");
  if (waiting.length === 0) return;
  new OutOfHours(stack, "OutOfHours", {
    namePrefix,
    hours: businessHours,
    alarmNames: waiting.map(({ alarmName }) => alarmName),
  });
}
