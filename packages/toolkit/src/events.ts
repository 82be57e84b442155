import { deploymentEvents } from "./aws/deployment-events.ts";
import { checkEvents } from "./check/check-events.ts";
import { imageEvents } from "./images/image-events.ts";

/** The parts of a start, in the order in which they happen. */
export type Phase = "definition" | "postgresql" | "database" | "tenants" | "services" | "gateway";

/**
 * Everything that the actions tell while they work. One table: the code is the key, and the
 * function is what a log says of the event.
 */
const table = {
  TOOLKIT_PHASE_STARTED: ({ phase }: { readonly phase: Phase }) => `${phase} …`,
  TOOLKIT_PHASE_DONE: ({ phase, durationMs }: { readonly phase: Phase; readonly durationMs: number }) =>
    `${phase} ready in ${durationMs} ms`,
  TOOLKIT_FILE_WRITTEN: ({ path }: { readonly path: string }) => `wrote ${path}`,
  TOOLKIT_NOTICE: ({ notice }: { readonly notice: string }) => notice,
  TOOLKIT_WARNING: ({ warning }: { readonly warning: string }) => warning,
  TOOLKIT_PART_READY: ({ part }: { readonly part: string }) => `${part} is ready`,
  TOOLKIT_SERVICE_LOG: ({ service, line }: { readonly service: string; readonly line: string }) =>
    `${service}: ${line}`,
  TOOLKIT_OPERATION_STEP: ({ step, state }: { readonly step: string; readonly state: string }) =>
    `${step}: ${state}`,
  TOOLKIT_STOPPING: ({ waitingFor }: { readonly waitingFor: string }) => `stopping, waits for ${waitingFor}`,
  TOOLKIT_STOPPED: ({ durationMs }: { readonly durationMs: number }) => `stopped in ${durationMs} ms`,
  ...checkEvents,
  ...deploymentEvents,
  ...imageEvents,
} as const;

type Table = typeof table;
export type EventCode = keyof Table;

/** One event: its code, its text, and what the text says as values. */
export type ToolkitEvent = {
  readonly [Code in EventCode]: Parameters<Table[Code]>[0] & {
    readonly code: Code;
    readonly message: string;
  };
}[EventCode];

export const eventCodes: readonly EventCode[] = Object.freeze(Object.keys(table).sort() as EventCode[]);

/** Makes the event of a code. */
export function toolkitEvent<Code extends EventCode>(
  code: Code,
  params: Parameters<Table[Code]>[0],
): Extract<ToolkitEvent, { readonly code: Code }> {
  const message = (table[code] as (params: Parameters<Table[Code]>[0]) => string)(params);
  return { ...params, code, message } as unknown as Extract<ToolkitEvent, { readonly code: Code }>;
}
