import type { LocalEvent } from "@tenantry/local";
import { toolkitEvent, type ToolkitEvent } from "../events.ts";
import { howEnded } from "./service-board.ts";

/** What the engine tells, in words for the person who started it; undefined for what they need not know. */
export function translateEvent(event: LocalEvent): ToolkitEvent | undefined {
  switch (event.kind) {
    case "phase":
      if (event.status === "started") return toolkitEvent("TOOLKIT_PHASE_STARTED", { phase: event.name });
      if (event.status === "done") {
        return toolkitEvent("TOOLKIT_PHASE_DONE", {
          phase: event.name,
          durationMs: Math.round(event.durationMs),
        });
      }
      return undefined;
    case "stopping":
      return toolkitEvent("TOOLKIT_STOPPING", { waitingFor: waitingFor[event.name] });
    case "postgres-ready":
      return toolkitEvent("TOOLKIT_PART_READY", { part: "PostgreSQL" });
    case "service-ready":
      return toolkitEvent("TOOLKIT_PART_READY", { part: event.service });
    case "service-output":
      return toolkitEvent("TOOLKIT_SERVICE_LOG", { service: event.service, line: event.line });
    default: {
      const warning = warningOf(event);
      if (warning !== undefined) return toolkitEvent("TOOLKIT_WARNING", { warning });
      const notice = noticeOf(event);
      return notice === undefined ? undefined : toolkitEvent("TOOLKIT_NOTICE", { notice });
    }
  }
}

const waitingFor = {
  gateway: "requests in flight",
  operations: "operations on tenants",
  services: "services",
  database: "database connections",
  postgresql: "PostgreSQL",
} as const;

/** What somebody should look at. */
function warningOf(event: LocalEvent): string | undefined {
  switch (event.kind) {
    case "stop-overdue":
      return `${waitingFor[event.name]} took longer than ${event.limitMs / 1_000} s and were left behind`;
    case "postgres-exited":
      return `PostgreSQL ${howEnded(event)}`;
    case "postgres-restarting":
      return `PostgreSQL starts again in ${event.delayMs} ms (attempt ${event.attempt})`;
    case "postgres-failed":
      return event.error.message;
    case "service-unhealthy":
      return `${event.service} does not answer its health check: ${event.reason}`;
    case "service-exited":
      return `${event.service} ${howEnded(event)}${event.reason === null ? "" : ` because ${event.reason}`}; starts again in ${event.restartInMs} ms`;
    case "service-crash-loop":
      return `${event.service} has ended ${event.exits} times in a row: ${event.lastLines.at(-1) ?? "it said nothing"}`;
    case "operation-step-failed":
      return `the step ${event.step} of operation ${event.operation} failed: ${event.error instanceof Error ? event.error.message : String(event.error)}`;
    case "operations-failed":
      return `operations on tenants did not open: ${event.error instanceof Error ? event.error.message : String(event.error)}`;
    case "tenant-left-alone":
      return event.status === "active" && event.tier !== event.declaredTier
        ? `${event.tenant} is on the tier ${event.tier}, the definition says ${event.declaredTier}; \`tenantry tenant move ${event.tenant} --tier ${event.declaredTier}\` moves it`
        : undefined;
    default:
      return undefined;
  }
}

/** What is good to know. */
function noticeOf(event: LocalEvent): string | undefined {
  switch (event.kind) {
    case "postgres-created":
      return "a new PostgreSQL was set up";
    case "postgres-data-elsewhere":
      return `PostgreSQL runs as ${event.user}, and its data are in ${event.dir}`;
    case "postgres-left-over-stopped":
      return `stopped the PostgreSQL that an earlier run left behind (process ${event.pid})`;
    case "service-left-over-stopped":
      return `stopped ${event.service}, which an earlier run left behind`;
    case "stale-lock-removed":
      return "an earlier run did not end well; nothing is lost";
    case "postgres-recovering":
      return `PostgreSQL recovers (${Math.round(event.elapsedMs / 1_000)} s)`;
    case "tenant-left-alone":
      if (event.status === "active") return undefined;
      return event.status === "offboarded"
        ? `${event.tenant} was removed, and stays so; \`tenantry tenant add ${event.tenant}\` would make a new one`
        : event.status === "provisioning"
          ? `${event.tenant} is being set up; what was begun goes on`
          : `${event.tenant} is ${event.status}, and stays so`;
    case "service-absent":
      return `${event.service} exists as an image only, and does not run here`;
    default:
      return undefined;
  }
}
