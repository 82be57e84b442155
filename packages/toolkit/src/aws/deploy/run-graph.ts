import { isCodedError } from "@tenantry/base";

/** A piece of work that waits for others. */
export interface GraphNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

export interface GraphResult<T> {
  readonly done: ReadonlyMap<string, T>;
  readonly failed: ReadonlyMap<string, unknown>;
  /** Ids of what was not begun, because what it needs failed or the work was stopped. */
  readonly notStarted: readonly string[];
}

/**
 * Does every piece of work after those that it depends on, and as many at the same time as allowed. A failure keeps
 * back only what depends on it; what runs is finished. A failure that nobody expects is thrown when all is quiet.
 */
export async function runGraph<N extends GraphNode, T>(
  nodes: readonly N[],
  work: (node: N) => Promise<T>,
  { concurrency, signal }: { readonly concurrency: number; readonly signal: AbortSignal },
): Promise<GraphResult<T>> {
  const done = new Map<string, T>();
  const failed = new Map<string, unknown>();
  const waiting = new Map(nodes.map((node) => [node.id, node]));
  const running = new Map<string, Promise<void>>();
  const isReady = ({ dependsOn }: N) => dependsOn.every((id) => done.has(id));
  for (;;) {
    for (const [id, node] of waiting) {
      if (signal.aborted || running.size >= concurrency) break;
      if (!isReady(node)) continue;
      waiting.delete(id);
      const run = async () => {
        try {
          done.set(id, await work(node));
        } catch (failure) {
          failed.set(id, failure);
        } finally {
          running.delete(id);
        }
      };
      running.set(id, run());
    }
    if (running.size === 0) {
      const bug = [...failed.values()].find((failure) => !isCodedError(failure) && failure !== signal.reason);
      if (bug !== undefined) throw bug;
      return { done, failed, notStarted: [...waiting.keys()] };
    }
    await Promise.race(running.values());
  }
}
