import type { LocalEvent } from "@tenantry/local";
import type { ServiceView } from "./running-platforms.ts";

/** What is known of each service, from what the engine tells. */
export class ServiceBoard {
  readonly #services = new Map<string, ServiceView>();

  /** @param services names of the definition's services, in its order */
  constructor(services: readonly string[]) {
    for (const name of services)
      this.#services.set(name, { name, state: "starting", detail: "has not answered yet" });
  }

  views(): readonly ServiceView[] {
    return [...this.#services.values()];
  }

  /** @returns whether the event changed anything */
  apply(event: LocalEvent): boolean {
    const change = changeOf(event);
    if (change === undefined) return false;
    const { service, state, detail } = change;
    const before = this.#services.get(service);
    this.#services.set(service, { name: service, state, detail });
    return before?.state !== state || before.detail !== detail;
  }
}

type Change = Omit<ServiceView, "name"> & { readonly service: string };

function changeOf(event: LocalEvent): Change | undefined {
  switch (event.kind) {
    case "service-absent":
      return {
        service: event.service,
        state: "absent",
        detail: "exists as an image only, and does not run here",
      };
    case "service-ready":
      return { service: event.service, state: "ready", detail: `http://127.0.0.1:${event.port}` };
    case "service-unhealthy":
      return { service: event.service, state: "failing", detail: event.reason };
    case "service-exited":
      return { service: event.service, state: "starting", detail: `${howEnded(event)}; starts again` };
    case "service-crash-loop":
      return { service: event.service, state: "failing", detail: `has ended ${event.exits} times in a row` };
    default:
      return undefined;
  }
}

/** `ended with status 1`, `was ended by SIGKILL`. */
export function howEnded(end: { readonly exitCode: number | null; readonly signal: string | null }): string {
  return end.signal === null ? `ended with status ${end.exitCode}` : `was ended by ${end.signal}`;
}
