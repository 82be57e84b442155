import {
  openTenantOperations,
  type TenantOperations,
  type TenantOperationsOptions,
  type TenantOperationsPorts,
} from "./tenant-operations.ts";

/** The operations on tenants, from when they are open. */
export interface LaterOperations extends AsyncDisposable {
  readonly current: () => TenantOperations | null;
  /** Begins to open them, and continues what an earlier run had begun. Returns at once. */
  open(): void;
}

interface LaterOperationsPorts extends TenantOperationsPorts {
  /** They cannot be opened; everything else goes on without them. */
  readonly onFailure: (error: unknown) => void;
}

/** They are opened once everything else is up, so that nobody waits for them. */
export function laterOperations(
  options: TenantOperationsOptions,
  ports: LaterOperationsPorts,
): LaterOperations {
  let current: TenantOperations | null = null;
  let opening: Promise<void> = Promise.resolve();
  const openNow = async () => {
    try {
      current = await openTenantOperations(options, ports);
    } catch (error) {
      ports.onFailure(error);
    }
  };
  return {
    current: () => current,
    open: () => {
      opening = openNow();
    },
    [Symbol.asyncDispose]: async () => {
      await opening;
      await current?.[Symbol.asyncDispose]();
    },
  };
}
