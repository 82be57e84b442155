import type { ApiScope } from "../../http/api-scope.ts";
import type { ReadQueries } from "../../tenant-store/tenant-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { itemListRoute, readRowsByOffset } from "../item-list-route.ts";
import { invitationColumns, invitationSchema, invitationView } from "./invitation-schema.ts";

/** `GET /v1/invitations` and `GET /v2/invitations`. */
export function listInvitationsRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const { store, clock } = context;
  const openOf = (db: ReadQueries, tenant: Tenant) =>
    db
      .selectFrom("invitations")
      .select(invitationColumns)
      .where("tenant_id", "=", tenant.id)
      .where("expires_at", ">", new Date(clock.nowMs()))
      .orderBy("id");
  itemListRoute(scope, context, version, {
    path: "invitations",
    operationId: "listInvitations",
    summary: "List the open invitations",
    description: "Oldest first. What was accepted, withdrawn or has expired is not among them.",
    permission: "members:read",
    component: "Invitation",
    item: invitationSchema,
    keyOf: ({ id }) => id,
    async byOffset(tenant, page, _filter, options) {
      const { rows, total } = await readRowsByOffset(
        store,
        tenant,
        (db) => openOf(db, tenant),
        page,
        options,
      );
      return { items: rows.map(invitationView), total };
    },
    async after(tenant, { after, limit }, _filter, options) {
      const rows = await store.read(
        tenant,
        (db) => {
          const query = openOf(db, tenant).limit(limit);
          return after === null ? query : query.where("id", ">", after);
        },
        options,
      );
      return rows.map(invitationView);
    },
  });
}
