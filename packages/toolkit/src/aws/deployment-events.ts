/** What deployments tell while they work: rows of the package's table. */
export const deploymentEvents = {
  TOOLKIT_CLOUD_CALL_RETRIED: (one: {
    readonly operation: string;
    readonly region: string;
    readonly attempt: number;
    readonly pauseMs: number;
    readonly reason: string;
  }) => `${one.operation} in ${one.region} again in ${one.pauseMs} ms, after ${one.reason}`,
  TOOLKIT_LOCK_TAKEN_OVER: (one: { readonly region: string; readonly holder: string }) =>
    `took over the lock in ${one.region} that ${one.holder} left`,
  TOOLKIT_STACK_STARTED: (one: {
    readonly stack: string;
    readonly region: string;
    readonly tenant: string | null;
    readonly action: "create" | "update" | "delete" | "wait";
  }) => `${one.stack} in ${one.region}: ${one.action} …`,
  TOOLKIT_STACK_DONE: (one: {
    readonly stack: string;
    readonly region: string;
    readonly tenant: string | null;
    readonly outcome: "created" | "updated" | "unchanged" | "deleted";
    readonly durationMs: number;
  }) => `${one.stack} in ${one.region}: ${one.outcome} in ${one.durationMs} ms`,
  TOOLKIT_STACK_FAILED: (one: {
    readonly stack: string;
    readonly region: string;
    readonly tenant: string | null;
    readonly message: string;
    readonly errorCode: string;
    readonly durationMs: number;
  }) => `${one.stack} in ${one.region} failed after ${one.durationMs} ms: ${one.message}`,
  TOOLKIT_RESOURCE_CHANGED: (one: {
    readonly stack: string;
    readonly region: string;
    readonly tenant: string | null;
    readonly logicalId: string;
    readonly type: string;
    readonly state: "started" | "done" | "failed";
    /** CloudFormation's own word, such as UPDATE_IN_PROGRESS. */
    readonly status: string;
    /** Since the resource was started; null while it runs. */
    readonly durationMs: number | null;
    readonly reason: string | null;
  }) => `${one.stack}/${one.logicalId} ${one.status}${one.reason === null ? "" : `: ${one.reason}`}`,
  TOOLKIT_WAVE_STARTED: (one: { readonly wave: number; readonly waves: number; readonly tenants: number }) =>
    `wave ${one.wave} of ${one.waves}: ${one.tenants} tenants`,
} as const;
