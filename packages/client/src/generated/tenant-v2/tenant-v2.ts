// Written by tools/generate-client.ts: change the API, and run that.

import { type ApiKeysOperations, apiKeysRoutes } from "./api-keys.ts";
import { type AuditEventsOperations, auditEventsRoutes } from "./audit-events.ts";
import { type DocumentationOperations, documentationRoutes } from "./documentation.ts";
import { type DocumentsOperations, documentsRoutes } from "./documents.ts";
import { type FilesOperations, filesRoutes } from "./files.ts";
import { type HealthOperations, healthRoutes } from "./health.ts";
import { type IdentityOperations, identityRoutes } from "./identity.ts";
import { type InvitationsOperations, invitationsRoutes } from "./invitations.ts";
import { type MembersOperations, membersRoutes } from "./members.ts";
import { type RolesOperations, rolesRoutes } from "./roles.ts";
import { type SignInsOperations, signInsRoutes } from "./sign-ins.ts";
import { type TenantOperations, tenantRoutes } from "./tenant.ts";
import { type UsageOperations, usageRoutes } from "./usage.ts";

export type * from "./schemas.ts";
export type * from "./api-keys.ts";
export type * from "./audit-events.ts";
export type * from "./documentation.ts";
export type * from "./documents.ts";
export type * from "./files.ts";
export type * from "./health.ts";
export type * from "./identity.ts";
export type * from "./invitations.ts";
export type * from "./members.ts";
export type * from "./roles.ts";
export type * from "./sign-ins.ts";
export type * from "./tenant.ts";
export type * from "./usage.ts";

export interface TenantV2Operations
  extends
    ApiKeysOperations,
    AuditEventsOperations,
    DocumentationOperations,
    DocumentsOperations,
    FilesOperations,
    HealthOperations,
    IdentityOperations,
    InvitationsOperations,
    MembersOperations,
    RolesOperations,
    SignInsOperations,
    TenantOperations,
    UsageOperations {}

export const tenantV2Routes = {
  ...apiKeysRoutes,
  ...auditEventsRoutes,
  ...documentationRoutes,
  ...documentsRoutes,
  ...filesRoutes,
  ...healthRoutes,
  ...identityRoutes,
  ...invitationsRoutes,
  ...membersRoutes,
  ...rolesRoutes,
  ...signInsRoutes,
  ...tenantRoutes,
  ...usageRoutes,
} as const;
