import type { ApiScope } from "../http/api-scope.ts";
import { listControlAuditEventsRoute } from "./audit-events/list-control-audit-events.ts";
import { listCellsRoute } from "./cells/list-cells.ts";
import type { ControlContext } from "./control-context.ts";
import { listEventsRoute } from "./events/list-events.ts";
import { listTiersRoute } from "./tiers/list-tiers.ts";
import { listUsageRoute } from "./usage/list-usage.ts";
import { webhookRoutes } from "./webhooks/webhook-routes.ts";

/** What the control plane says of the platform as a whole, and whom it tells. */
export function platformRoutes(scope: ApiScope, context: ControlContext): void {
  listTiersRoute(scope, context);
  listCellsRoute(scope, context);
  listUsageRoute(scope, context);
  listEventsRoute(scope, context);
  listControlAuditEventsRoute(scope, context);
  webhookRoutes(scope, context);
}
