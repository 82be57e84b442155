/** What is counted for a tenant, per day. */
export const usageCounters = [
  "requests",
  "refusedRequests",
  "errors",
  "bytesIn",
  "bytesOut",
  "serviceRequests",
] as const;
/** What a tenant has stored, measured now and then; a day has the last value that was measured on it. */
export const usageStocks = ["documents", "fileBytes"] as const;

export type UsageCounter = (typeof usageCounters)[number];
export type UsageStock = (typeof usageStocks)[number];
export type UsageMetric = UsageCounter | UsageStock;

export type UsageCounts = Readonly<Record<UsageCounter, number>>;
/** What a tenant used in a day or a longer time; of what it has stored, what it had at the end of it. */
export type UsageAmounts = Readonly<Record<UsageMetric, number>>;

/** The metrics as rows of the database call them. */
export const metricNames: Readonly<Record<UsageMetric, string>> = {
  requests: "requests",
  refusedRequests: "refused-requests",
  errors: "errors",
  bytesIn: "bytes-in",
  bytesOut: "bytes-out",
  serviceRequests: "service-requests",
  documents: "documents",
  fileBytes: "file-bytes",
};
