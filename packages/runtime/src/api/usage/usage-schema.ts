import { z } from "zod";
import { apiSchemas } from "../../http/schemas.ts";
import { usageCounters, usageStocks } from "../../usage/usage-metrics.ts";

const daySchema = z.iso.date("must be a day such as 2026-01-31");

export const usageQuery = z.strictObject({ from: daySchema.optional(), to: daySchema.optional() });

const amount = z.int().min(0);
const amounts = Object.fromEntries(
  [...usageCounters, ...usageStocks].map((metric) => [metric, amount]),
) as Record<(typeof usageCounters)[number] | (typeof usageStocks)[number], typeof amount>;

const exampleAmounts = {
  requests: 1_204,
  refusedRequests: 3,
  errors: 0,
  bytesIn: 482_113,
  bytesOut: 9_120_554,
  serviceRequests: 310,
  documents: 5_210,
  fileBytes: 73_400_320,
};

const usageAmountsSchema = z.strictObject(amounts).register(apiSchemas, {
  id: "UsageAmounts",
  description:
    "Requests that were answered, of them those that failed for reasons of ours and those to services; requests that the limits refused; bytes on the wire; and what was stored at the end, measured now and then.",
  examples: [exampleAmounts],
});

const usageDaySchema = z.strictObject({ day: daySchema, ...amounts }).register(apiSchemas, {
  id: "UsageDay",
  description: "What was used on a day in UTC.",
  examples: [{ day: "2026-01-31", ...exampleAmounts }],
});

export const usageReportSchema = z
  .strictObject({
    from: daySchema,
    to: daySchema,
    days: z.array(usageDaySchema),
    totals: usageAmountsSchema,
  })
  .register(apiSchemas, {
    id: "UsageReport",
    description:
      "What the tenant used, for each day that has begun, and in total; of what is stored, the total is the last value.",
  });
