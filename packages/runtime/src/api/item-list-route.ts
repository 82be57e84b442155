import { type SelectQueryBuilder, sql } from "kysely";
import { z } from "zod";
import { type ApiScope, takesNoBody } from "../http/api-scope.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import { offsetPageSchema, offsetQuery, offsetQueryDocument } from "../http/offset-page.ts";
import type { ProblemCode } from "../http/problems.ts";
import { tenantOf, tenantPrincipalOf } from "../http/request-context.ts";
import { requestSignal } from "../http/request-signal.ts";
import {
  apiSchemas,
  databaseProblems,
  pageCursor,
  pageLimit,
  pageLimitDocument,
  problemResponses,
} from "../http/schemas.ts";
import type { TenantPermission } from "../identity/permissions.ts";
import type { TenantPrincipal } from "../identity/principal.ts";
import type { ReadQueries, StoreOptions, TenantStore } from "../tenant-store/tenant-store.ts";
import type { TenantTables } from "../tenant-store/tenant-tables.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { ApiContext } from "./api-context.ts";
import { tenantProblems, tokenProblems } from "./api-schemas.ts";
import type { ApiVersion } from "./api-version.ts";

/** A list of a tenant's items, which version 1 shows in pages by offset and version 2 by cursor. */
export interface ItemList<View, Filter> {
  /** The path below the version, such as `members`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** Null where whoever is authenticated may ask. */
  readonly permission: TenantPermission | null;
  /** The name of the item's component; the pages are named after it. */
  readonly component: string;
  readonly item: z.ZodType<View>;
  /** What the query can narrow the list by, and how that reads in the document. */
  readonly filter?: {
    readonly shape: z.ZodRawShape;
    readonly documents: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  /** What a cursor holds: the place of an item in the order of the list. */
  readonly keyOf: (item: View) => string;
  readonly byOffset: (
    tenant: Tenant,
    page: { readonly offset: number; readonly limit: number },
    filter: Filter,
    options: StoreOptions,
    principal: TenantPrincipal,
  ) => Promise<{ readonly items: readonly View[]; readonly total: number }>;
  /** At most `limit` items that come after the key. */
  readonly after: (
    tenant: Tenant,
    page: { readonly after: string | null; readonly limit: number },
    filter: Filter,
    options: StoreOptions,
    principal: TenantPrincipal,
  ) => Promise<readonly View[]>;
}

/** `GET /v1/{path}` or `GET /v2/{path}`. */
export function itemListRoute<View, Filter>(
  scope: ApiScope,
  context: ApiContext,
  version: ApiVersion,
  list: ItemList<View, Filter>,
): void {
  if (version === "v1") offsetListRoute(scope, context, list);
  else cursorListRoute(scope, context, list);
}

function offsetListRoute<View, Filter>(
  scope: ApiScope,
  context: ApiContext,
  list: ItemList<View, Filter>,
): void {
  const page = offsetPageSchema(`${list.component}OffsetPage`, list.item, list.description);
  scope.route({
    method: "GET",
    url: `/v1/${list.path}`,
    schema: {
      ...aboutList(list),
      querystring: offsetQuery(context.limits).extend(list.filter?.shape ?? {}),
      "x-parameters": { ...offsetQueryDocument(context.limits), ...list.filter?.documents },
      response: {
        200: { description: "A page.", content: { "application/json": { schema: page } } },
        ...problemResponses(listProblems),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access(list.permission), takesNoBody],
    handler: async (request, reply) => {
      const { limit, offset, ...filter } = request.query as { limit: number; offset: number };
      const signal = requestSignal(reply);
      const { items, total } = await list.byOffset(
        tenantOf(request),
        { offset, limit },
        filter as Filter,
        {
          signal,
        },
        tenantPrincipalOf(request),
      );
      return reply.send({ items, offset, limit, total } as never);
    },
  });
}

function cursorListRoute<View, Filter>(
  scope: ApiScope,
  context: ApiContext,
  list: ItemList<View, Filter>,
): void {
  const { pageItemsDefault, pageItemsMax } = context.limits;
  const page = z
    .strictObject({ items: z.array(list.item), nextCursor: z.string().nullable() })
    .register(apiSchemas, { id: `${list.component}Page`, description: list.description });
  scope.route({
    method: "GET",
    url: `/v2/${list.path}`,
    schema: {
      ...aboutList(list),
      querystring: z
        .strictObject({ limit: pageLimit(pageItemsDefault, pageItemsMax), cursor: pageCursor })
        .extend(list.filter?.shape ?? {}),
      "x-parameters": {
        limit: pageLimitDocument(pageItemsDefault, pageItemsMax),
        cursor: { description: "Where the page begins: nextCursor of the page before." },
        ...list.filter?.documents,
      },
      response: {
        200: {
          description: "A page; nextCursor is null on the last one.",
          content: { "application/json": { schema: page } },
        },
        ...problemResponses([...listProblems, "INVALID_CURSOR"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access(list.permission), takesNoBody],
    handler: async (request, reply) => {
      const tenant = tenantOf(request);
      const { limit, cursor, ...filter } = request.query as { limit: number; cursor?: string };
      // A cursor belongs to the list that gave it out, with the filter that this list had.
      const name = `${list.path}/${tenant.id}/${JSON.stringify(filter)}`;
      const after = cursor === undefined ? null : decodeCursor(name, cursor);
      const signal = requestSignal(reply);
      // One more than asked for tells whether there is a next page.
      const page = { after, limit: limit + 1 };
      const found = await list.after(tenant, page, filter as Filter, { signal }, tenantPrincipalOf(request));
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      const nextCursor = last === undefined ? null : encodeCursor(name, list.keyOf(last));
      return reply.send({ items, nextCursor } as never);
    },
  });
}

const listProblems = [
  ...tenantProblems,
  ...tokenProblems,
  ...databaseProblems,
  "INVALID_PARAMETER",
] as const satisfies readonly ProblemCode[];

function aboutList<View, Filter>(list: ItemList<View, Filter>) {
  return {
    operationId: list.operationId,
    tags: [list.path],
    summary: list.summary,
    description: list.description,
    security: [{ token: [] }],
  };
}

/** A page of the rows that a query finds, and how many it finds on all pages. */
export function readRowsByOffset<Table extends keyof TenantTables, Row>(
  store: TenantStore,
  tenant: Tenant,
  rows: (db: ReadQueries) => SelectQueryBuilder<TenantTables, Table, Row>,
  page: { readonly offset: number; readonly limit: number },
  options: StoreOptions,
): Promise<{ readonly rows: readonly Row[]; readonly total: number }> {
  return store.read(
    tenant,
    async (db, execute) => {
      const found = (await execute(rows(db).offset(page.offset).limit(page.limit))) as Row[];
      // A page that is not full is the last one, and tells itself how many there are.
      const isLast = found.length < page.limit && (found.length > 0 || page.offset === 0);
      if (isLast) return { rows: found, total: page.offset + found.length };
      const count = sql<number>`count(*)::integer`.as("total");
      const [counted] = await execute(rows(db).clearSelect().clearOrderBy().select(count));
      return { rows: found, total: (counted as { total: number } | undefined)?.total ?? 0 };
    },
    options,
  );
}
