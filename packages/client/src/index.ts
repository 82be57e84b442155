export type { Answer, CallOptions, ClientOptions } from "./call.ts";
export {
  type ControlClient,
  createControlClient,
  createTenantClient,
  createTenantClientV1,
  type TenantClient,
  type TenantClientV1,
} from "./clients.ts";
export { itemsOf } from "./items-of.ts";
export { ProblemError, UnexpectedAnswerError } from "./problem-error.ts";
export type { Content } from "./route.ts";
export type { ServerSentEvent } from "./server-sent-events.ts";
// The data of each API, by the names of its document.
export type * as ControlV1 from "./generated/control-v1/control-v1.ts";
export type * as TenantV1 from "./generated/tenant-v1/tenant-v1.ts";
export type * as TenantV2 from "./generated/tenant-v2/tenant-v2.ts";
