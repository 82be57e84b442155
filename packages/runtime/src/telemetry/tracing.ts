import { AsyncLocalStorage } from "node:async_hooks";
import { createTraceState, type SpanContext, SpanKind, TraceFlags } from "@opentelemetry/api";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { Clock, Random } from "@tenantry/base";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ListenerName } from "../http/log-entry.ts";
import "../http/request-context.ts";
import type { RequestObserver } from "../http/request-observer.ts";
import { HeadSampling, isInShare, type SamplingConfig } from "./head-sampling.ts";
import { methodLabel } from "./request-metrics.ts";
import { failureOf, type RecordBudget, RequestTrace, type SpanRecord } from "./request-trace.ts";
import { SpanMaker } from "./span-maker.ts";
import { SpanQueue } from "./span-queue.ts";
import { parseTraceParent } from "./trace-parent.ts";

export interface TracingOptions {
  readonly platform: string;
  readonly environment: string;
  readonly sampling: Required<SamplingConfig>;
  /** Keeps errors and slow requests of those that the head did not sample. */
  readonly keepsErrors: boolean;
  readonly slowMs: number;
  /** Whether the traceparent of a request is believed. */
  readonly acceptsParent: boolean;
  readonly exporter: SpanExporter;
  readonly clock: Clock;
  readonly random: Random;
  readonly onSpans: (spans: number, outcome: SpanOutcome) => void;
  readonly onState: (state: "connected" | "away", reason: string | null) => void;
}

/** What became of spans that were not simply uninteresting. */
export type SpanOutcome = "sent" | "queue-full" | "export-failed" | "buffer-full";

const waitingMax = 2_048;
const undecidedMax = 10_000;

/** Traces requests: one span for each, with what it waited for inside. */
export class Tracing implements RequestObserver, AsyncDisposable {
  readonly #options: TracingOptions;
  readonly #heads: HeadSampling;
  readonly #budget: RecordBudget;
  readonly #maker: SpanMaker;
  readonly #queue: SpanQueue;
  /** The request that the running code works for. */
  readonly #current = new AsyncLocalStorage<RequestTrace>();

  constructor(options: TracingOptions) {
    const { clock, exporter, onSpans, onState } = options;
    this.#options = options;
    this.#heads = new HeadSampling(options.sampling, clock);
    this.#budget = { left: undecidedMax, onDropped: (spans) => onSpans(spans, "buffer-full") };
    this.#maker = new SpanMaker({ ...options, newSpanId: this.#newSpanId });
    this.#queue = new SpanQueue({
      exporter,
      clock,
      waitingMax,
      onSent: (spans) => onSpans(spans, "sent"),
      onDropped: onSpans,
      onState,
    });
  }

  /** How many spans are in memory. */
  get load(): { readonly undecided: number; readonly waiting: number } {
    return { undecided: undecidedMax - this.#budget.left, waiting: this.#queue.waiting };
  }

  /** The request that the running code works for; undefined outside of one. */
  current(): RequestTrace | undefined {
    return this.#current.getStore();
  }

  /** Goes on with the work for a request from where something else was worked on. */
  resume(trace: RequestTrace, fn: () => void): void {
    this.#current.run(trace, fn);
  }

  /** Runs something as an inner span of the current request, if there is one. */
  async within<T>(name: string, fn: () => T | Promise<T>): Promise<T> {
    const trace = this.current();
    if (trace === undefined) return fn();
    const record = trace.start(name, SpanKind.INTERNAL, {});
    try {
      const value = await fn();
      trace.end(record);
      return value;
    } catch (error) {
      trace.end(record, failureOf(error));
      throw error;
    }
  }

  attach(app: FastifyInstance, listener: ListenerName): void {
    app.addHook("onRequest", (request, _reply, done) => {
      request.trace = this.#begin(request);
      this.#current.run(request.trace, done);
    });
    // A body comes in by events of the connection, which know nothing of the request.
    app.addHook("preValidation", (request, _reply, done) => {
      if (request.trace === null) done();
      else this.#current.run(request.trace, done);
    });
    app.addHook("onSend", (request, _reply, payload, done) => {
      endUpstream(request);
      done(null, payload);
    });
    app.addHook("onResponse", (request, reply, done) => {
      endUpstream(request);
      this.#end(request, reply, listener);
      done();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue[Symbol.asyncDispose]();
    await this.#maker.shutdown();
  }

  readonly #newSpanId = (): string => Buffer.from(this.#options.random.bytes(8)).toString("hex");

  readonly #sendLate = (record: SpanRecord, trace: RequestTrace): void => {
    this.#queue.add(this.#maker.makeLate(trace, record));
  };

  #begin(request: FastifyRequest): RequestTrace {
    const ids = Buffer.from(this.#options.random.bytes(24)).toString("hex");
    const parent = this.#parentOf(request);
    const traceId = parent?.traceId ?? ids.slice(0, 32);
    const share = this.#heads.shareOf(request.routeOptions.url ?? "unmatched");
    const isSampled =
      parent === null ? isInShare(traceId, share) : (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
    return new RequestTrace({
      traceId,
      spanId: ids.slice(32),
      parent,
      isSampled,
      clock: this.#options.clock,
      budget: this.#budget,
      newSpanId: this.#newSpanId,
      onLate: this.#sendLate,
    });
  }

  #parentOf({ headers }: FastifyRequest): SpanContext | null {
    if (!this.#options.acceptsParent || headers["traceparent"] === undefined) return null;
    const parent = parseTraceParent(headers["traceparent"]);
    const { tracestate } = headers;
    if (parent === null || typeof tracestate !== "string") return parent;
    return { ...parent, traceState: createTraceState(tracestate) };
  }

  #end(request: FastifyRequest, reply: FastifyReply, listener: ListenerName): void {
    const { trace } = request;
    if (trace === null) return;
    const { clock, keepsErrors, slowMs } = this.#options;
    const endedMs = clock.monotonicMs();
    const isError = reply.statusCode >= 500;
    const isSlow = endedMs - request.startedMs > slowMs;
    const isKept = trace.isSampled || (keepsErrors && (isError || isSlow));
    const inner = trace.decide(isKept);
    if (!isKept) return;
    const root = { ...rootOf(request, reply, listener), startedMs: request.startedMs, endedMs };
    this.#queue.add(this.#maker.make(trace, root, inner));
  }
}

function rootOf(
  request: FastifyRequest,
  reply: FastifyReply,
  listener: ListenerName,
): Omit<SpanRecord, "startedMs" | "endedMs"> {
  const route = request.routeOptions.url ?? "unmatched";
  const method = methodLabel(request.method);
  const problem = request.problem?.code;
  return {
    name: `${method} ${route}`,
    kind: SpanKind.SERVER,
    attributes: {
      "http.request.method": method === "OTHER" ? "_OTHER" : method,
      "http.route": route,
      "http.response.status_code": reply.statusCode,
      "url.scheme": "http",
      "tenantry.listener": listener,
      "tenantry.request.id": request.id,
      ...(request.tenant === null ? {} : { "tenantry.tenant": request.tenant.id }),
      ...(problem === undefined ? {} : { "tenantry.problem": problem }),
    },
    failure: reply.statusCode >= 500 ? (problem ?? String(reply.statusCode)) : null,
    spanId: null,
  };
}

function endUpstream({ trace }: FastifyRequest): void {
  if (trace !== null && trace.upstream !== null) trace.end(trace.upstream);
}
