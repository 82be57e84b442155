import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { tenantOf } from "../../http/request-context.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { databaseProblems, problemResponses } from "../../http/schemas.ts";
import { readTenantUsage } from "../../usage/read-usage.ts";
import { dayAfter, daysBetween, usageDay } from "../../usage/usage-day.ts";
import type { UsagePeriod } from "../../usage/usage-report.ts";
import type { ApiContext } from "../api-context.ts";
import { tenantProblems, tokenProblems } from "../api-schemas.ts";
import type { ApiVersion } from "../api-version.ts";
import { usageQuery, usageReportSchema } from "./usage-schema.ts";

const daysDefault = 30;
const daysMax = 366;

/** `GET /v1/usage` and `GET /v2/usage`. */
export function usageRoute(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  scope.route({
    method: "GET",
    url: `/${version}/usage`,
    schema: {
      operationId: "getUsage",
      tags: ["usage"],
      summary: "What the tenant used, day by day",
      security: [{ token: [] }],
      querystring: usageQuery,
      "x-parameters": {
        from: {
          type: "string",
          format: "date",
          description: `The first day, in UTC; ${daysDefault - 1} days before the last unless said.`,
        },
        to: { type: "string", format: "date", description: "The last day, in UTC; today unless said." },
      },
      response: {
        200: {
          description: "The usage; of today, what was used so far.",
          content: { "application/json": { schema: usageReportSchema } },
        },
        ...problemResponses([...tenantProblems, ...tokenProblems, ...databaseProblems, "INVALID_PARAMETER"]),
      },
    },
    handlerTimeout: context.limits.handlingTimeoutMs,
    onRequest: [...context.access("usage:read"), takesNoBody],
    handler: async (request, reply) => {
      const { store, usage: meter } = context;
      const today = usageDay(context.clock.nowMs());
      const { from, to } = periodOf(request.query, today);
      const begun = { from, to: to < today ? to : today };
      const signal = requestSignal(reply);
      const report = await readTenantUsage(store, tenantOf(request), begun, { signal, meter });
      return reply.send({ from, to, days: [...report.days], totals: report.totals });
    },
  });
}

/** @throws ProblemError INVALID_PARAMETER */
export function periodOf(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  today: string,
): UsagePeriod {
  const { to = query.from !== undefined && query.from > today ? query.from : today } = query;
  const { from = dayAfter(to, 1 - daysDefault) } = query;
  const days = daysBetween(from, to);
  if (days >= 1 && days <= daysMax) return { from, to };
  const message =
    days < 1
      ? `must not be after the last day, ${to}`
      : `must be at most ${daysMax} days up to the last one, ${to}`;
  throw new ProblemError("INVALID_PARAMETER", { errors: [{ pointer: "/query/from", message }] });
}
