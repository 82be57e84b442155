import { type Attributes, SpanKind } from "@opentelemetry/api";
import type { Clock } from "@tenantry/base";
import type { Compilable } from "kysely";
import type { Tenant } from "../tenants/tenant.ts";
import { isCompilable } from "../tenant-store/tenant-queries.ts";
import type { Execute, TenantStore } from "../tenant-store/tenant-store.ts";
import { type DatabaseMetrics, errorLabel } from "./database-metrics.ts";
import type { RequestTrace, SpanRecord } from "./request-trace.ts";
import type { Tracing } from "./tracing.ts";

type Verb = "read" | "transact";
type StoreFunction = (db: never, execute: Execute) => unknown;

/** How many queries of one call a span names. */
const queriesMax = 8;
/** From how long on a call is worth the text of its queries in a trace that may not be sent. */
const slowCallMs = 100;

/** The store with its calls counted, and each of them a span of the request that it serves. */
export function observeStore(
  store: TenantStore,
  { metrics, tracing, clock }: { metrics: DatabaseMetrics; tracing: Tracing | null; clock: Clock },
): TenantStore {
  const call = async (verb: Verb, tenant: Tenant, fn: StoreFunction, options: unknown): Promise<unknown> => {
    const startedMs = clock.monotonicMs();
    const trace = tracing?.current();
    const span = trace === undefined ? null : new CallSpan(trace, verb);
    let code: string | null = null;
    try {
      const observed = span === null ? fn : span.watch(fn);
      return await (store[verb] as (...args: unknown[]) => Promise<unknown>)(tenant, observed, options);
    } catch (error) {
      code = errorLabel(error);
      throw error;
    } finally {
      const durationMs = clock.monotonicMs() - startedMs;
      metrics.countCall(verb === "read" ? "read" : "write", durationMs, code);
      span?.end(durationMs, code);
    }
  };
  return {
    read: ((tenant, fn, options) => call("read", tenant, fn, options)) as TenantStore["read"],
    transact: ((tenant, fn, options) => call("transact", tenant, fn, options)) as TenantStore["transact"],
  };
}

/** One call of the store as a span. It holds texts with placeholders, never values. */
class CallSpan {
  readonly #trace: RequestTrace;
  readonly #attributes: Attributes = { "db.system.name": "postgresql" };
  readonly #record: SpanRecord;
  readonly #queries: Compilable<unknown>[] = [];
  #count = 0;

  constructor(trace: RequestTrace, verb: Verb) {
    this.#trace = trace;
    this.#record = trace.start(`database ${verb}`, SpanKind.CLIENT, this.#attributes);
  }

  watch(fn: StoreFunction): StoreFunction {
    return (db, execute) => {
      const watched: Execute = (query) => {
        this.#saw(query);
        return execute(query);
      };
      const result = fn(db, watched);
      if (isCompilable(result)) this.#saw(result);
      return result;
    };
  }

  end(durationMs: number, code: string | null): void {
    this.#attributes["db.operation.batch.size"] = this.#count;
    if (this.#trace.isSampled || code !== null || durationMs >= slowCallMs) {
      this.#attributes["db.query.text"] = this.#queries.map(textOf).join(";\n");
    }
    this.#trace.end(this.#record, code);
  }

  #saw(query: unknown): void {
    this.#count += 1;
    if (isCompilable(query) && this.#queries.length < queriesMax) this.#queries.push(query);
  }
}

function textOf(query: Compilable<unknown>): string {
  try {
    return query.compile().sql;
  } catch {
    // The store has refused it and said why.
    return "";
  }
}
