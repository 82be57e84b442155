// Written by tools/generate-client.ts: change the API, and run that.

import { type AuditEventsOperations, auditEventsRoutes } from "./audit-events.ts";
import { type DocumentationOperations, documentationRoutes } from "./documentation.ts";
import { type EventsOperations, eventsRoutes } from "./events.ts";
import { type HealthOperations, healthRoutes } from "./health.ts";
import { type OperationsOperations, operationsRoutes } from "./operations.ts";
import { type PlatformOperations, platformRoutes } from "./platform.ts";
import { type TenantsOperations, tenantsRoutes } from "./tenants.ts";
import { type WebhooksOperations, webhooksRoutes } from "./webhooks.ts";

export type * from "./schemas.ts";
export type * from "./audit-events.ts";
export type * from "./documentation.ts";
export type * from "./events.ts";
export type * from "./health.ts";
export type * from "./operations.ts";
export type * from "./platform.ts";
export type * from "./tenants.ts";
export type * from "./webhooks.ts";

export interface ControlV1Operations
  extends
    AuditEventsOperations,
    DocumentationOperations,
    EventsOperations,
    HealthOperations,
    OperationsOperations,
    PlatformOperations,
    TenantsOperations,
    WebhooksOperations {}

export const controlV1Routes = {
  ...auditEventsRoutes,
  ...documentationRoutes,
  ...eventsRoutes,
  ...healthRoutes,
  ...operationsRoutes,
  ...platformRoutes,
  ...tenantsRoutes,
  ...webhooksRoutes,
} as const;
