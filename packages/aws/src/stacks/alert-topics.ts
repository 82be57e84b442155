import { slackChannelsOf, toldSeverities } from "../alarms/notifications.ts";
import type { AlertTopics } from "../alarms/severity.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";

/** The topics that the operations stack of the region has made. */
export function alertTopicsOf(stack: PlatformStack): AlertTopics {
  const { alerts } = stack.site.platform.observability;
  const told = toldSeverities(alerts, slackChannelsOf(alerts, stack.site.platform.parameters));
  return Object.fromEntries(told.map((severity) => [severity, stack.need(`notifications/${severity}`)]));
}
