import { slackChannelsOf, toldSeverities } from "../alarms/notifications.ts";
import type { AlertTopics, Severity } from "../alarms/severity.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";

/** The topics that the operations stack of the region has made. The stack needs only those that it reads here: a parameter that nothing uses would be a mistake. */
export function alertTopicsOf(stack: PlatformStack): AlertTopics {
  const { alerts } = stack.site.platform.observability;
  const topics: { [Each in Severity]?: string } = {};
  for (const severity of toldSeverities(alerts, slackChannelsOf(alerts, stack.site.platform.parameters))) {
    Object.defineProperty(topics, severity, {
      enumerable: true,
      get: () => stack.need(`notifications/${severity}`),
    });
  }
  return topics;
}
