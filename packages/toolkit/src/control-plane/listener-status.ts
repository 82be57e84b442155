import type { ToolkitPorts } from "../ports.ts";

export interface ListenerStatus {
  readonly url: string;
  readonly health: "ready" | "not ready" | "does not answer";
}

/** Long enough for a database that is slow, short enough for a person who waits. */
const healthTimeoutMs = 3_000;

/** Asks a listener of the platform how it is. */
export async function listenerStatus(
  url: string,
  { fetch }: Pick<ToolkitPorts, "fetch">,
): Promise<ListenerStatus> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(healthTimeoutMs) });
    await response.body?.cancel();
    return { url, health: response.ok ? "ready" : "not ready" };
  } catch {
    return { url, health: "does not answer" };
  }
}
