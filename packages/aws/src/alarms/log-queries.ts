import { CfnQueryDefinition } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

export interface LogQueriesProps {
  /** Folder of the queries in the console, such as "shop/production". */
  readonly folder: string;
  /** Log groups that the queries read; none where each tenant has its own, and the one who asks chooses. */
  readonly logGroups: readonly string[];
}

/** What a query looks for, in Logs Insights' language, over the fields that the runtime writes as JSON. */
const queries: Readonly<Record<string, string>> = {
  "Errors of one tenant": [
    "fields @timestamp, tenant, route, status, problem, reason, error.message, requestId, traceId",
    'filter tenant = "{{tenant}}" and level = "error"',
    "sort @timestamp desc",
    "limit 200",
  ].join("\n| "),
  "Slow requests": [
    "fields @timestamp, tenant, method, route, status, durationMs, requestId, traceId",
    'filter kind = "access" and durationMs >= 1000',
    "sort durationMs desc",
    "limit 100",
  ].join("\n| "),
  "5xx by tenant and route": [
    'filter kind = "access" and status >= 500',
    "stats count(*) as failed by tenant, route, bin(5m)",
    "sort failed desc",
    "limit 200",
  ].join("\n| "),
  "Requests of one tenant": [
    'filter kind = "access" and tenant = "{{tenant}}"',
    "stats count(*) as requests, sum(status >= 500) as failed, pct(durationMs, 99) as p99Ms by bin(5m)",
    "sort bin(5m) desc",
  ].join("\n| "),
};

/** Saved queries of CloudWatch Logs Insights: the one place where logs of all services and tenants are read. They cost nothing until they run. */
export class LogQueries extends Construct {
  constructor(scope: Construct, id: string, props: LogQueriesProps) {
    super(scope, id);
    for (const [title, queryString] of Object.entries(queries)) {
      new CfnQueryDefinition(this, title, {
        name: `${props.folder}/${title}`,
        queryString,
        ...(props.logGroups.length === 0 ? {} : { logGroupNames: [...props.logGroups] }),
        ...(queryString.includes("{{tenant}}")
          ? { parameters: [{ name: "tenant", description: "The tenant's id.", defaultValue: "acme-corp" }] }
          : {}),
      });
    }
  }
}
