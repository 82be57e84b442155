import type { Clock } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import type {
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
  onSendHookHandler,
  preHandlerHookHandler,
} from "fastify";
import type { ApiLimits } from "../http/api-limits.ts";
import { ProblemError } from "../http/problems.ts";
import { tenantOf } from "../http/request-context.ts";
import { clientAddress } from "./client-address.ts";
import { type Admission, FairAdmission } from "./fair-admission.ts";
import { perMinute, type RateDecision } from "./gcra.ts";
import { MemoryRateBuckets } from "./memory-rate-buckets.ts";
import type { RateBuckets } from "./rate-buckets.ts";
import { rateLimitFields, type RatePolicy, ratePolicy, secondsUntilMore } from "./rate-limit-fields.ts";
import { TenantRateLimiter, tierLimits } from "./tenant-rate-limiter.ts";

export interface RequestLimitsOptions {
  readonly platform: Platform;
  readonly limits: ApiLimits;
  readonly clock: Clock;
  /** Where the tenants' rates are counted. */
  readonly buckets: RateBuckets;
  readonly trustedProxies: number;
}

/**
 * The hooks that hold requests to the limits, in the order in which a request meets them.
 *
 * `address` charges every request to the address it comes from; a request that turns out to be a
 * tenant's or an operator's is charged to them instead. `knownRefusal` refuses, once the host is
 * read, what would be refused anyway, before a signature is checked for it. `tenant` charges the
 * tenant once it is authenticated, and makes a request with a body wait for room in memory.
 * `handler` makes it wait for its turn with the database, and `handled` ends that turn as soon as
 * there is an answer to send. A service of the definition has
 * `service` in place of the last two: its bodies stream, and how much it does at once is its own.
 */
export interface RequestLimits {
  readonly address: onRequestHookHandler;
  readonly knownRefusal: onRequestHookHandler;
  readonly tenant: onRequestHookHandler;
  readonly handler: preHandlerHookHandler;
  readonly handled: onSendHookHandler;
  service(): onRequestHookHandler;
  readonly operator: onRequestHookHandler;
}

/** Every request of a tenant counts in the same bucket. */
const requests = "requests";

const addressesMax = 100_000;
const operatorsMax = 1_000;

export function createRequestLimits(options: RequestLimitsOptions): RequestLimits {
  const { clock, limits, trustedProxies } = options;
  const limitsOf = tierLimits(options.platform);
  const tenants = new TenantRateLimiter(options.buckets, limitsOf, clock);
  const addresses = new MemoryRateBuckets({ clock, bucketsMax: addressesMax });
  const operators = new MemoryRateBuckets({ clock, bucketsMax: operatorsMax });
  const addressPolicy = ratePolicy("address", perMinute(limits.addressRequestsPerMinute));
  const operatorPolicy = ratePolicy("operator", perMinute(limits.operatorRequestsPerMinute));
  const admission = (slotsMax: number) =>
    new FairAdmission({
      slotsMax,
      waitingMax: limits.waitingRequestsMax,
      waitMs: limits.waitingTimeoutMs,
      clock,
    });
  const handlers = admission(limits.requestsInFlightMax);
  const bodies = admission(limits.bodiesInFlightMax);

  const unchargeAddress = (request: FastifyRequest) =>
    addresses.refund(clientAddress(request.raw, trustedProxies), addressPolicy.rate, 1);

  const chargeTenant = (request: FastifyRequest, reply: FastifyReply, proceed: (error?: Error) => void) => {
    const tenant = tenantOf(request);
    const { policy } = limitsOf(tenant);
    whenKnown(tenants.take(tenant, requests, 1), proceed, (decision) => {
      applyDecision(reply, policy, decision);
    });
  };

  const enter = (
    slots: FairAdmission,
    request: FastifyRequest,
    reply: FastifyReply,
    proceed: (error?: Error) => void,
  ): (() => void) => {
    const tenant = tenantOf(request);
    const { concurrentRequestsMax } = limitsOf(tenant);
    const leave = slots.enter(tenant.id, concurrentRequestsMax, (admission) => proceed(refusalOf(admission)));
    // Comes when the answer is out, and also when the client has gone before.
    reply.raw.once("close", leave);
    return leave;
  };

  return {
    address(request, _reply, done) {
      const address = clientAddress(request.raw, trustedProxies);
      refuseUnlessAllowed(addressPolicy, addresses.take(address, addressPolicy.rate, 1));
      done();
    },
    knownRefusal(request, reply, done) {
      const tenant = tenantOf(request);
      const refusal = tenants.refusal(tenant, requests);
      if (refusal === null) return done();
      unchargeAddress(request);
      applyDecision(reply, limitsOf(tenant).policy, refusal);
    },
    tenant(request, reply, done) {
      unchargeAddress(request);
      chargeTenant(request, reply, (error) => {
        if (error !== undefined || !announcesBody(request)) done(error);
        else enter(bodies, request, reply, done);
      });
    },
    handler(request, reply, done) {
      if (request.principal?.kind === "tenant") request.endTurn = enter(handlers, request, reply, done);
      else done();
    },
    handled(request, _reply, payload, done) {
      request.endTurn?.();
      done(null, payload);
    },
    service() {
      const slots = admission(limits.serviceRequestsInFlightMax);
      return (request, reply, done) => {
        chargeTenant(request, reply, (error) => {
          if (error === undefined) enter(slots, request, reply, done);
          else done(error);
        });
      };
    },
    operator(request, reply, done) {
      unchargeAddress(request);
      const bucket = request.principal?.subject ?? "";
      applyDecision(reply, operatorPolicy, operators.take(bucket, operatorPolicy.rate, 1));
      done();
    },
  };
}

/** Goes on at once where the value is there: most hooks then cost no turn of the event loop. */
function whenKnown<T>(
  value: T | Promise<T>,
  proceed: (error?: Error) => void,
  use: (value: T) => void,
): void {
  const apply = (known: T) => {
    try {
      use(known);
    } catch (error) {
      proceed(error as Error);
      return;
    }
    proceed();
  };
  if (value instanceof Promise) value.then(apply, proceed);
  else apply(value);
}

/** Says in every response how much is left. @throws ProblemError RATE_LIMITED */
function applyDecision(reply: FastifyReply, policy: RatePolicy, decision: RateDecision): void {
  reply.headers(rateLimitFields(policy, decision));
  refuseUnlessAllowed(policy, decision);
}

/** @throws ProblemError RATE_LIMITED */
function refuseUnlessAllowed(policy: RatePolicy, decision: RateDecision): void {
  if (decision.allowed) return;
  const { limit, periodUs } = policy.rate;
  throw new ProblemError("RATE_LIMITED", {
    detail: `${whose[policy.name]} may send ${limit} requests in ${periodUs / 1_000_000} seconds`,
    headers: {
      ...rateLimitFields(policy, decision),
      "retry-after": String(secondsUntilMore(decision)),
    },
  });
}

const whose = { tenant: "the tenant", address: "this address", operator: "this operator" } as const;

function refusalOf(admission: Admission): ProblemError | undefined {
  if (admission === "admitted") return undefined;
  const code = admission === "queue-full" ? "CONCURRENCY_LIMITED" : "OVERLOADED";
  return new ProblemError(code, { headers: { "retry-after": "1" }, reason: admission });
}

function announcesBody({ headers }: FastifyRequest): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
