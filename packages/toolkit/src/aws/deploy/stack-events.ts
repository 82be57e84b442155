import type { CodedError } from "@tenantry/base";
import { errors } from "../../errors.ts";
import { type ToolkitEvent, toolkitEvent } from "../../events.ts";
import type { DeployedStack, StackEvent, StackService } from "../cloud/cloud.ts";

export interface StackPlace {
  readonly stackName: string;
  readonly region: string;
  readonly tenant: string | null;
}

/** Follows what CloudFormation does in one stack, in its newest operation, and tells it. */
export class StackEvents {
  readonly #stacks: StackService;
  readonly #place: StackPlace;
  readonly #onEvent: (event: ToolkitEvent) => void;
  readonly #seen = new Set<string>();
  readonly #startedMs = new Map<string, number>();
  /** In the order in which they happened. */
  readonly #failures: StackEvent[] = [];

  constructor(stacks: StackService, place: StackPlace, onEvent: (event: ToolkitEvent) => void) {
    this.#stacks = stacks;
    this.#place = place;
    this.#onEvent = onEvent;
  }

  /** Everything up to now counts as told. Called before an operation is begun. */
  async skip(stackId: string): Promise<void> {
    const [newest] = await this.#stacks.events(stackId, (event) => this.#seen.has(event.id));
    if (newest !== undefined) this.#seen.add(newest.id);
  }

  /** Reads what is new, and tells it. */
  async advance(stackId: string): Promise<void> {
    let isBegin = false;
    const news = await this.#stacks.events(stackId, (event) => {
      if (isBegin || this.#seen.has(event.id)) return true;
      isBegin = isOperationBegin(event, stackId);
      return false;
    });
    for (const event of news.toReversed()) {
      this.#seen.add(event.id);
      if (event.physicalId !== stackId) this.#tell(event);
      else if (event.status.endsWith("_FAILED")) this.#failures.push(event);
    }
  }

  /** Why the stack ended as it did: the resource that failed first is the cause, the others were cancelled. */
  failure(stack: DeployedStack): CodedError {
    const { stackName, region } = this.#place;
    const cause =
      this.#failures.find(({ reason, physicalId }) => !isCancellation(reason) && physicalId !== stack.id) ??
      this.#failures.find(({ reason }) => !isCancellation(reason));
    const isOfStack = cause === undefined || cause.physicalId === stack.id;
    return errors.TOOLKIT_STACK_FAILED({
      stack: stackName,
      region,
      resource: isOfStack ? null : cause.logicalId,
      type: isOfStack ? null : cause.type,
      reason: cause?.reason ?? stack.statusReason ?? "CloudFormation gives no reason",
      status: stack.status,
    });
  }

  #tell(event: StackEvent): void {
    const { logicalId, type, status, reason, atMs } = event;
    const { stackName: stack, region, tenant } = this.#place;
    const state = stateOf(status);
    if (state === null) return;
    if (state === "started") {
      // CloudFormation tells the beginning twice: when it asks, and when the resource exists.
      if (this.#startedMs.has(logicalId)) return;
      this.#startedMs.set(logicalId, atMs);
    }
    if (state === "failed") this.#failures.push(event);
    const startedMs = this.#startedMs.get(logicalId);
    const durationMs = state === "started" || startedMs === undefined ? null : Math.max(0, atMs - startedMs);
    if (state !== "started") this.#startedMs.delete(logicalId);
    const told = { stack, region, tenant, logicalId, type, state, status, durationMs, reason } as const;
    this.#onEvent(toolkitEvent("TOOLKIT_RESOURCE_CHANGED", told));
  }
}

function stateOf(status: string): "started" | "done" | "failed" | null {
  if (status.endsWith("_IN_PROGRESS")) return "started";
  if (status.endsWith("_COMPLETE") || status === "DELETE_SKIPPED") return "done";
  return status.endsWith("_FAILED") ? "failed" : null;
}

function isOperationBegin({ physicalId, status }: StackEvent, stackId: string): boolean {
  return (
    physicalId === stackId &&
    ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "REVIEW_IN_PROGRESS"].includes(status)
  );
}

function isCancellation(reason: string | null): boolean {
  return reason !== null && /^Resource (creation|update|deletion) cancelled/.test(reason);
}
