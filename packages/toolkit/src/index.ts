export {
  acceptFinding,
  type AcceptRequest,
  type AcceptResult,
  artifactsFolder,
  check,
  type CheckRequest,
  writeReportFile,
} from "./actions/check.ts";
export { cost, type CostRequest, type CostResult } from "./actions/cost.ts";
export { down, type DownRequest, type DownResult } from "./actions/down.ts";
export {
  buildImages,
  type BuiltImage,
  type ImagesBuildResult,
  type ImagesPorts,
  type ImagesRequest,
} from "./actions/images-build.ts";
export {
  type ImagesPushPorts,
  type ImagesPushResult,
  type PushedImage,
  pushImages,
} from "./actions/images-push.ts";
export { connectRegistries, type Registries } from "./images/connect-registries.ts";
export { type EngineName, engineNames } from "./images/image-engine.ts";
export { type RunProgram, systemPrograms } from "./images/run-program.ts";
export { init, type InitRequest, type InitResult } from "./actions/init.ts";
export {
  type BusyStatus,
  type RunningStatus,
  status,
  type StatusRequest,
  type StatusResult,
  type StoppedStatus,
} from "./actions/status.ts";
export { synth, type SynthRequest, type SynthResult } from "./actions/synth.ts";
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
export {
  type CheckedDeployRequest,
  deploy,
  deployChecked,
  type DeployRequest,
  type DeployResult,
} from "./actions/deploy.ts";
export {
  checkDeployment,
  type CheckOverride,
  type DeploymentCheck,
  type DeploymentCheckRequest,
  type OverriddenRule,
} from "./check/check-deployment.ts";
export { destroy, type DestroyRequest, type DestroyResult } from "./actions/destroy.ts";
export { plan, type PlanRequest } from "./actions/plan.ts";
export type { Cloud, CloudRegion } from "./aws/cloud/cloud.ts";
export { type CloudConnection, connectCloud } from "./aws/cloud/connect-cloud.ts";
export type { StackResult } from "./aws/deploy/deploy-assembly.ts";
export type { DeploymentPorts } from "./aws/deploy/deployment-context.ts";
export type { DeploymentSettings } from "./aws/deploy/deployment-session.ts";
export type { DeploymentOutputs } from "./aws/deploy/outputs.ts";
export type { WaveSize } from "./aws/deploy/waves.ts";
export type { KeptResource } from "./aws/destroy/delete-stack.ts";
export type {
  DeploymentPlan,
  PlanObstacle,
  ResourceChange,
  SecurityChange,
  StackAction,
  StackPlan,
  StatefulLoss,
  TemplateChange,
} from "./aws/plan/deployment-plan.ts";
export { broadens } from "./aws/plan/diff-templates.ts";
export { readPlan, writePlan } from "./aws/plan/plan-file.ts";
export {
  type DeployedTenantStack,
  deployTenant,
  listTenantStacks,
  removeTenantStacks,
  type RemoveTenantStacksRequest,
} from "./aws/tenant-stacks.ts";
export {
  type AddTenantOnAwsRequest,
  type AddTenantOnAwsResult,
  addTenantOnAws,
} from "./tenants-on-aws/add-tenant.ts";
export type { Synthesize } from "./tenants-on-aws/assemble.ts";
export { listTenantsOnAws, showTenantOnAws } from "./tenants-on-aws/list-tenants.ts";
export {
  type MoveTenantOnAwsRequest,
  type MoveTenantOnAwsResult,
  moveTenantOnAws,
  planTenantMoveOnAws,
} from "./tenants-on-aws/move-tenant.ts";
export type {
  EnvironmentRequest,
  TenantChangeRequest,
  TenantsOnAwsPorts,
} from "./tenants-on-aws/open-environment.ts";
export { type RemoveTenantOnAwsResult, removeTenantOnAws } from "./tenants-on-aws/remove-tenant.ts";
export type { TenantOnAws, TenantStackView } from "./tenants-on-aws/tenant-view.ts";
export {
  diagnose,
  type DiagnosePorts,
  type DiagnoseRequest,
  type DiagnoseResult,
} from "./actions/diagnose.ts";
export { connectInspector } from "./diagnose/connect-inspector.ts";
export type { Finding, Severity, Subject, SubjectKind } from "./diagnose/finding.ts";
export type { Inspector } from "./diagnose/inspector.ts";
