import { assert, type Clock, type Random } from "@tenantry/base";
import type { DatabaseAccess } from "../database/database-access.ts";
import { rolePassword } from "../database/database-secrets.ts";
import { TenantChanges } from "../tenants/tenant-changes.ts";
import { operationsChannel } from "./operation-records.ts";

/** Should a notification have been missed, whoever waits looks for themselves this often. */
const lookMs = 2_000;

/** Tells those who follow operations that there is something new to read. */
export class OperationWatch implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #waiters = new Map<string, Set<() => void>>();
  #changes: TenantChanges | null = null;

  private constructor(clock: Clock) {
    this.#clock = clock;
  }

  static async open(access: DatabaseAccess, ports: { readonly clock: Clock; readonly random: Random }) {
    const { server, names, secrets } = access;
    const watch = new OperationWatch(ports.clock);
    watch.#changes = await TenantChanges.open({
      server,
      credentials: { user: names.control, password: rolePassword(secrets, names.control) },
      database: names.database,
      channel: operationsChannel,
      ...ports,
      onChange: (id) => watch.#wake(id),
      onListening: () => watch.#wakeAll(),
    });
    return watch;
  }

  /**
   * Resolves when the operation may have changed since the call, or a little later without a
   * reason; rejects when the signal is aborted. Call it before reading what there is.
   */
  next(id: string, signal?: AbortSignal): Promise<void> {
    const over = new AbortController();
    const waiters = this.#waiters.get(id) ?? new Set();
    this.#waiters.set(id, waiters);
    const wake = () => over.abort();
    waiters.add(wake);
    const all = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
    return this.#clock
      .sleep(lookMs, all)
      .catch(() => undefined)
      .then(() => {
        waiters.delete(wake);
        if (waiters.size === 0 && this.#waiters.get(id) === waiters) this.#waiters.delete(id);
        if (!over.signal.aborted) signal?.throwIfAborted();
      });
  }

  #wake(id: string): void {
    for (const wake of this.#waiters.get(id) ?? []) wake();
  }

  #wakeAll(): void {
    for (const id of this.#waiters.keys()) this.#wake(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    assert(this.#changes !== null, "a watch is opened before it is closed");
    await this.#changes[Symbol.asyncDispose]();
    this.#wakeAll();
  }
}
