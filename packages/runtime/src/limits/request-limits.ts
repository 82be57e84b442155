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
import { whenKnown } from "../http/when-known.ts";
import { clientAddress } from "./client-address.ts";
import { type Admission, FairAdmission } from "./fair-admission.ts";
import { perMinute, type RateDecision } from "./gcra.ts";
import { MemoryRateBuckets } from "./memory-rate-buckets.ts";
import type { RateBuckets } from "./rate-buckets.ts";
import { RefusalBrake } from "./refusal-brake.ts";
import {
  type RateCharge,
  rateLimitFields,
  rateLimitFieldsOf,
  type RatePolicy,
  ratePolicy,
  secondsUntilMore,
} from "./rate-limit-fields.ts";
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
 * `public` has its place for a request that needs no token, such as a sign-in: those of a tenant
 * count by themselves, at the tenant's rate, so that whoever may not come in keeps nobody out, and
 * their addresses stay charged.
 * `handler` makes it wait for its turn with the database, and `handled` ends that turn as soon as
 * there is an answer to send. A service of the definition has
 * `service` in place of the last two: its bodies stream, and how much it does at once is its own.
 * Who asks it without a credential is charged by address and in a share of the tenant's that is for
 * all of those, so that strangers use up nothing of what the tenant's own have.
 */
export interface RequestLimits {
  readonly address: onRequestHookHandler;
  readonly knownRefusal: onRequestHookHandler;
  readonly tenant: onRequestHookHandler;
  readonly public: onRequestHookHandler;
  /** In place of `tenant` where a file streams: it holds no body in memory, and may take long. */
  readonly stream: onRequestHookHandler;
  readonly handler: preHandlerHookHandler;
  readonly handled: onSendHookHandler;
  service(): onRequestHookHandler;
  readonly operator: onRequestHookHandler;
  /** How many requests hold their turn, and how many wait for it, by what for. */
  load?(): readonly {
    readonly kind: "handlers" | "bodies" | "services";
    readonly inFlight: number;
    readonly waiting: number;
  }[];
}

/** Every request of a tenant counts in the same bucket. */
const requests = "requests";
/** But for those that need no token. */
const publicRequests = "public";
/** And those of a service that came without a credential. */
const anonymousRequests = "anonymous";
/** The line of a platform without tenants. */
const site = "";

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
  const admission = (slotsMax: number, contended: { readonly contendedSlotsMax?: number } = {}) =>
    new FairAdmission({
      slotsMax,
      ...contended,
      waitingMax: limits.waitingRequestsMax,
      waitMs: limits.waitingTimeoutMs,
      clock,
    });
  const handlers = admission(limits.requestsInFlightMax, {
    contendedSlotsMax: limits.contendedRequestsInFlightMax,
  });
  const brake = new RefusalBrake({
    clock,
    promptMax: limits.promptRefusalsPerSecondMax,
    heldMax: limits.heldRefusalsMax,
    holdMs: limits.heldRefusalMs,
  });
  const bodies = admission(limits.bodiesInFlightMax);
  const streams = admission(limits.streamsInFlightMax);
  const services: FairAdmission[] = [];

  const unchargeAddress = (request: FastifyRequest) =>
    addresses.refund(clientAddress(request.raw, trustedProxies), addressPolicy.rate, 1);

  const chargeTenant = (
    request: FastifyRequest,
    reply: FastifyReply,
    proceed: (error?: Error) => void,
    bucket = requests,
  ) => {
    const tenant = tenantOf(request);
    const { policy, keyPolicy } = limitsOf(tenant);
    const { principal } = request;
    if (keyPolicy !== null && principal?.kind === "tenant" && principal.via === "api-key") {
      whenKnown(tenants.takeWithKey(tenant, bucket, principal.credential, 1), proceed, (charges) => {
        applyCharges(reply, charges);
      });
      return;
    }
    whenKnown(tenants.take(tenant, bucket, 1), proceed, (decision) => {
      applyDecision(reply, policy, decision);
    });
  };

  const enter = (
    slots: FairAdmission,
    request: FastifyRequest,
    reply: FastifyReply,
    proceed: (error?: Error) => void,
    line = tenantOf(request).id as string,
  ): (() => void) => {
    const ownMax = request.tenant === null ? null : limitsOf(request.tenant).concurrentRequestsMax;
    const leave = slots.enter(line, ownMax, (admission) => proceed(refusalOf(admission)));
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
      const { policy } = limitsOf(tenant);
      const braking = brake.brakingOf(tenant.id);
      const problem = rateLimited(policy, refusal, {
        ...rateLimitFields(policy, refusal),
        ...(braking === "closing" ? { connection: "close" } : {}),
      });
      if (braking === "held")
        reply.raw.once(
          "close",
          brake.hold(() => done(problem)),
        );
      else done(problem);
    },
    tenant(request, reply, done) {
      unchargeAddress(request);
      chargeTenant(request, reply, (error) => {
        if (error !== undefined || !announcesBody(request)) done(error);
        else enter(bodies, request, reply, done);
      });
    },
    stream(request, reply, done) {
      unchargeAddress(request);
      chargeTenant(request, reply, (error) => {
        if (error === undefined) enter(streams, request, reply, done);
        else done(error);
      });
    },
    public(request, reply, done) {
      const tenant = tenantOf(request);
      const { policy } = limitsOf(tenant);
      const decision = tenants.refusal(tenant, publicRequests) ?? tenants.take(tenant, publicRequests, 1);
      const proceed = (error?: Error) => {
        if (error !== undefined || !announcesBody(request)) done(error);
        else enter(bodies, request, reply, done);
      };
      whenKnown(decision, proceed, (known) => applyDecision(reply, policy, known));
    },
    handler(request, reply, done) {
      const takesTurn =
        request.principal?.kind === "tenant" || request.routeOptions.config.takesTurn === true;
      if (takesTurn) request.endTurn = enter(handlers, request, reply, done);
      else done();
    },
    handled(request, _reply, payload, done) {
      request.endTurn?.();
      done(null, payload);
    },
    service() {
      const slots = admission(limits.serviceRequestsInFlightMax);
      services.push(slots);
      return (request, reply, done) => {
        const { tenant, principal } = request;
        const ownLine = tenant?.id ?? site;
        const line = principal === null ? `${ownLine}/${anonymousRequests}` : ownLine;
        const admit = (error?: Error) => {
          if (error === undefined) request.endTurn = enter(slots, request, reply, done, line);
          else done(error);
        };
        if (tenant === null) return admit();
        if (principal !== null) unchargeAddress(request);
        chargeTenant(request, reply, admit, principal === null ? anonymousRequests : requests);
      };
    },
    operator(request, reply, done) {
      unchargeAddress(request);
      const bucket = request.principal?.subject ?? "";
      applyDecision(reply, operatorPolicy, operators.take(bucket, operatorPolicy.rate, 1));
      done();
    },
    load: () => [
      { kind: "handlers", ...handlers.load },
      { kind: "bodies", ...bodies.load },
      {
        kind: "services",
        inFlight: services.reduce((sum, { load }) => sum + load.inFlight, 0),
        waiting: services.reduce((sum, { load }) => sum + load.waiting, 0),
      },
    ],
  };
}

/** Says in every response how much is left. @throws ProblemError RATE_LIMITED */
function applyDecision(reply: FastifyReply, policy: RatePolicy, decision: RateDecision): void {
  const fields = rateLimitFields(policy, decision);
  reply.headers(fields);
  if (!decision.allowed) throw rateLimited(policy, decision, fields);
}

/** The same where several policies hold a request; the one that refuses it says when to come again. */
function applyCharges(reply: FastifyReply, charges: readonly RateCharge[]): void {
  const fields = rateLimitFieldsOf(charges);
  reply.headers(fields);
  const refusing = charges.find(({ decision }) => !decision.allowed);
  if (refusing !== undefined) throw rateLimited(refusing.policy, refusing.decision, fields);
}

/** @throws ProblemError RATE_LIMITED */
function refuseUnlessAllowed(policy: RatePolicy, decision: RateDecision): void {
  if (!decision.allowed) throw rateLimited(policy, decision, rateLimitFields(policy, decision));
}

function rateLimited(
  policy: RatePolicy,
  decision: RateDecision,
  fields: Readonly<Record<string, string>>,
): ProblemError {
  const { limit, periodUs } = policy.rate;
  return new ProblemError("RATE_LIMITED", {
    detail: `${whose[policy.name]} may send ${limit} requests in ${periodUs / 1_000_000} seconds`,
    headers: { ...fields, "retry-after": String(secondsUntilMore(decision)) },
  });
}

const whose = {
  tenant: "the tenant",
  "api-key": "this API key",
  address: "this address",
  operator: "this operator",
} as const;

function refusalOf(admission: Admission): ProblemError | undefined {
  if (admission === "admitted") return undefined;
  const code = admission === "queue-full" ? "CONCURRENCY_LIMITED" : "OVERLOADED";
  return new ProblemError(code, { headers: { "retry-after": "1" }, reason: admission });
}

function announcesBody({ headers }: FastifyRequest): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
