import { z } from "zod";
import { type ApiScope, takesNoBody } from "../http/api-scope.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import type { ProblemCode } from "../http/problems.ts";
import { apiSchemas, pageCursor, pageLimit, pageLimitDocument, problemResponses } from "../http/schemas.ts";
import type { ControlPermission } from "../identity/permissions.ts";
import { type ControlContext, controlProblems } from "./control-context.ts";

/** A list of the control plane, in pages by cursor. */
export interface ControlList<Row, View> {
  /** The path below the version, such as `webhooks/:id/deliveries`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly permission: ControlPermission;
  readonly params?: z.ZodObject;
  /** What the query can narrow the list by, and how that reads in the document. */
  readonly filter: {
    readonly shape: z.ZodRawShape;
    readonly documents: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  /** The name of the item's component; the page is named after it. */
  readonly component: string;
  readonly item: z.ZodType<View>;
  readonly problems?: readonly ProblemCode[];
  /** At most `limit` rows behind the one with this key. The filter holds parameters of path and query. */
  readonly read: (
    filter: never,
    page: { readonly after: string | null; readonly limit: number },
  ) => Promise<readonly Row[]>;
  /** What a cursor holds: the place of a row in the order of the list. */
  readonly keyOf: (row: Row) => string;
  readonly views: (rows: readonly Row[]) => readonly View[] | Promise<readonly View[]>;
}

/** `GET /control/v1/{path}`. */
export function controlListRoute<Row, View>(
  scope: ApiScope,
  context: ControlContext,
  list: ControlList<Row, View>,
): void {
  const { pageItemsDefault, pageItemsMax } = context.limits;
  const page = z
    .strictObject({ items: z.array(list.item), nextCursor: z.string().nullable() })
    .register(apiSchemas, { id: `${list.component}Page`, description: list.description });
  scope.route({
    method: "GET",
    url: `/control/v1/${list.path}`,
    schema: {
      operationId: list.operationId,
      tags: [list.tag],
      summary: list.summary,
      description: list.description,
      security: [{ token: [] }],
      ...(list.params === undefined ? {} : { params: list.params }),
      querystring: z
        .strictObject({ limit: pageLimit(pageItemsDefault, pageItemsMax), cursor: pageCursor })
        .extend(list.filter.shape),
      "x-parameters": {
        limit: pageLimitDocument(pageItemsDefault, pageItemsMax),
        cursor: { description: "Where the page begins: nextCursor of the page before." },
        ...list.filter.documents,
      },
      response: {
        200: {
          description: "A page; nextCursor is null on the last one.",
          content: { "application/json": { schema: page } },
        },
        ...problemResponses([
          ...controlProblems,
          "INVALID_PARAMETER",
          "INVALID_CURSOR",
          ...(list.problems ?? []),
        ]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access(list.permission), takesNoBody],
    handler: async (request, reply) => {
      const { limit, cursor, ...query } = request.query as { limit: number; cursor?: string };
      const filter = { ...(request.params as object), ...query };
      // A cursor belongs to the list that gave it out, with the filter that this list had.
      const name = `control/${list.path}/${JSON.stringify(filter)}`;
      const after = cursor === undefined ? null : decodeCursor(name, cursor);
      // One more than asked for tells whether there is a next page.
      const found = await list.read(filter as never, { after, limit: limit + 1 });
      const rows = found.slice(0, limit);
      const last = found.length > limit ? rows.at(-1) : undefined;
      const nextCursor = last === undefined ? null : encodeCursor(name, list.keyOf(last));
      return reply.send({ items: await list.views(rows), nextCursor } as never);
    },
  });
}
