import type { ApiScope } from "../../http/api-scope.ts";
import type { TenantPrincipal } from "../../identity/principal.ts";
import type { ReadQueries } from "../../tenant-store/tenant-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { itemListRoute, readRowsByOffset } from "../item-list-route.ts";
import { signInColumns, signInSchema, signInView } from "./sign-in-schema.ts";

/** `GET /v1/sign-ins` and `GET /v2/sign-ins`: where the member who asks is signed in. */
export function listSignInsRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  const { store, clock } = context;
  const ownOf = (db: ReadQueries, tenant: Tenant, { member }: TenantPrincipal) =>
    db
      .selectFrom("sign_ins")
      .select(signInColumns)
      .where("tenant_id", "=", tenant.id)
      // Where no member stands behind the token there is nothing of one's own: no id is empty.
      .where("member_id", "=", member ?? "")
      .where("revoked_at", "is", null)
      .where("expires_at", ">", new Date(clock.nowMs()))
      .orderBy("id");
  itemListRoute(scope, context, version, {
    path: "sign-ins",
    operationId: "listSignIns",
    summary: "List one's own sign-ins",
    description:
      "Where the member who asks is signed in, oldest first. A token that came from no sign-in has none.",
    permission: null,
    component: "SignIn",
    item: signInSchema,
    keyOf: ({ id }) => id,
    async byOffset(tenant, page, _filter, options, principal) {
      const { rows, total } = await readRowsByOffset(
        store,
        tenant,
        (db) => ownOf(db, tenant, principal),
        page,
        options,
      );
      return { items: rows.map((row) => signInView(row, principal.signIn)), total };
    },
    async after(tenant, { after, limit }, _filter, options, principal) {
      const rows = await store.read(
        tenant,
        (db) => {
          const query = ownOf(db, tenant, principal).limit(limit);
          return after === null ? query : query.where("id", ">", after);
        },
        options,
      );
      return rows.map((row) => signInView(row, principal.signIn));
    },
  });
}
