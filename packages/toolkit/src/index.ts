export { down, type DownRequest, type DownResult } from "./actions/down.ts";
export { init, type InitRequest, type InitResult } from "./actions/init.ts";
export {
  type BusyStatus,
  type RunningStatus,
  status,
  type StatusRequest,
  type StatusResult,
  type StoppedStatus,
} from "./actions/status.ts";
export { addTenant, type TenantAddRequest, type TenantAddResult } from "./actions/tenant-add.ts";
export { listSigningKeys, rotateSigningKeys, type SigningKeyView } from "./actions/signing-keys.ts";
export { listTenants, type TenantListRequest, type TenantListResult } from "./actions/tenant-list.ts";
export { showTenant, type TenantShowRequest, type TenantShowResult } from "./actions/tenant-show.ts";
export { type ApiKeyView, createApiKey, listApiKeys, revokeApiKey } from "./actions/api-keys.ts";
export { type AuditEventView, listAuditEvents } from "./actions/audit-events.ts";
export {
  changeMember,
  type InvitationView,
  inviteMember,
  listMembers,
  type MemberView,
  removeMember,
} from "./actions/members.ts";
export { type LogLine, type LogsRequest, readLogs } from "./actions/logs.ts";
export { cancelOperation, listOperations, showOperation } from "./actions/operations.ts";
export { exportTenant, type TenantExportRequest, type TenantExportResult } from "./actions/tenant-export.ts";
export {
  moveTenant,
  parseGraceDays,
  removeTenant,
  resumeTenant,
  suspendTenant,
  type TenantLifecycleResult,
} from "./actions/tenant-lifecycle.ts";
export type { OperationStepView, OperationView } from "./operations/operation-view.ts";
export { issueControlToken, issueTenantToken, type TokenRequest, type TokenResult } from "./actions/token.ts";
export { type RunningUp, up, type UpRequest, type UpResult } from "./actions/up.ts";
export type { TenantView } from "./control-plane/control-plane.ts";
export type { ListenerStatus } from "./control-plane/listener-status.ts";
export { displayPath } from "./definition/find-definition.ts";
export { resolvePlatform, type ResolvedPlatform } from "./definition/resolve-platform.ts";
export { errors } from "./errors.ts";
export { type EventCode, eventCodes, type Phase, type ToolkitEvent } from "./events.ts";
export {
  dataFolderOf,
  locateDefinition,
  logFileOf,
  selectionFrom,
} from "./local-platform/locate-platform.ts";
export type { ServiceView } from "./local-platform/running-platforms.ts";
export { type TenantRole, tenantRoles } from "./local-platform/sign-token.ts";
export { nearestNames } from "./nearest-names.ts";
export type { ToolkitPorts } from "./ports.ts";
