import type { PlatformPorts } from "@tenantry/local";
import { listenerStatus } from "../control-plane/listener-status.ts";
import { toolkitEvent } from "../events.ts";
import type { ToolkitPorts } from "../ports.ts";

type LogEntry = Parameters<PlatformPorts["log"]>[0];

const lookEveryMs = 1_000;

/**
 * Tells once when a database of the user's has gone, and once when it answers again. The embedded
 * one is supervised and told of by its supervisor; of a server elsewhere only the requests tell
 * that fail for want of it.
 *
 *     answers ──a request fails──▶ gone ──the platform is ready──▶ answers
 */
export class DatabaseWatch implements AsyncDisposable {
  readonly #ports: Pick<ToolkitPorts, "clock" | "fetch" | "onEvent">;
  readonly #stopping = new AbortController();
  #controlUrl: string | undefined;
  #waiting: Promise<void> | undefined;

  constructor(ports: Pick<ToolkitPorts, "clock" | "fetch" | "onEvent">) {
    this.#ports = ports;
  }

  /** From here on the platform can be asked whether it is ready. */
  begin(controlUrl: string): void {
    this.#controlUrl = controlUrl;
  }

  readonly saw = (entry: LogEntry): void => {
    if (this.#controlUrl === undefined || this.#waiting !== undefined || this.#stopping.signal.aborted)
      return;
    if (entry.kind !== "access" || entry.problem !== "DATABASE_UNAVAILABLE") return;
    const warning = "the database does not answer; requests get status 503 until it does";
    this.#ports.onEvent(toolkitEvent("TOOLKIT_WARNING", { warning }));
    this.#waiting = this.#untilReady(this.#controlUrl).finally(() => (this.#waiting = undefined));
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error("the platform was stopped"));
    await this.#waiting;
  }

  async #untilReady(controlUrl: string): Promise<void> {
    const { clock, onEvent } = this.#ports;
    const { signal } = this.#stopping;
    do {
      await clock.sleep(lookEveryMs, signal).catch(() => undefined);
      if (signal.aborted) return;
    } while ((await listenerStatus(controlUrl, this.#ports)).health !== "ready");
    if (!signal.aborted) onEvent(toolkitEvent("TOOLKIT_PART_READY", { part: "the database" }));
  }
}
