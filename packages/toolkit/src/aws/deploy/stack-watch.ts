import type { Clock } from "@tenantry/base";
import type { DeployedStack, StackService } from "../cloud/cloud.ts";
import { isBusy } from "../plan/deployed-stacks.ts";

interface Watched {
  readonly resolve: (stack: DeployedStack) => void;
  readonly reject: (failure: unknown) => void;
  readonly onTick: (() => Promise<void>) | null;
}

/** From how many stacks on one listing of the region costs less than asking for each. */
const listedFrom = 5;

/**
 * Waits for stacks of one region until CloudFormation has finished with them. All who wait share the calls: many
 * stacks are asked for in one listing, so that a wave of tenants does not use up the account's rate.
 */
export class StackWatch {
  readonly #stacks: StackService;
  readonly #clock: Clock;
  readonly #pollMs: number;
  readonly #watched = new Map<string, Watched>();
  #isRunning = false;

  constructor(stacks: StackService, clock: Clock, pollMs: number) {
    this.#stacks = stacks;
    this.#clock = clock;
    this.#pollMs = pollMs;
  }

  /**
   * Resolves with the stack when nothing is in progress in it any more.
   *
   * @param onTick called before each look
   */
  async settled(stackId: string, onTick: (() => Promise<void>) | null): Promise<DeployedStack> {
    return new Promise((resolve, reject) => {
      this.#watched.set(stackId, { resolve, reject, onTick });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    try {
      while (this.#watched.size > 0) {
        await this.#clock.sleep(this.#pollMs);
        await this.#look();
      }
    } catch (failure) {
      for (const { reject } of this.#watched.values()) reject(failure);
      this.#watched.clear();
    } finally {
      this.#isRunning = false;
    }
  }

  async #look(): Promise<void> {
    const ids = [...this.#watched.keys()];
    await Promise.all(ids.map((id) => this.#watched.get(id)?.onTick?.()));
    const listed =
      ids.length < listedFrom
        ? new Map<string, DeployedStack>()
        : new Map((await this.#stacks.list()).map((stack) => [stack.id, stack]));
    await Promise.all(
      ids.map(async (id) => {
        // A deleted stack is in no listing, and answers to its id.
        const stack = listed.get(id) ?? (await this.#stacks.describe(id));
        if (stack === null || isBusy(stack.status)) return;
        this.#watched.get(id)?.resolve(stack);
        this.#watched.delete(id);
      }),
    );
  }
}
