/**
 * What happens to tenants, in the vocabulary of AWS SaaS Builder Toolkit (SBT,
 * https://github.com/awslabs/sbt-aws, `src/utils/event-manager.ts`), so that what listens to an SBT
 * control plane understands this one. Names and sources are SBT's to the letter. What SBT has no
 * word for is in {@link ownEventTypes}, in the same style and under a prefix of our own.
 */

/** Events of SBT that its control plane sends. */
const controlPlaneEventTypes = [
  "onboardingRequest",
  "offboardingRequest",
  "activateRequest",
  "deactivateRequest",
  "tenantUserCreated",
  "tenantUserDeleted",
  "billingSuccess",
  "billingFailure",
] as const;

/** Events of SBT that its application plane sends. */
const applicationPlaneEventTypes = [
  "onboardingSuccess",
  "onboardingFailure",
  "offboardingSuccess",
  "offboardingFailure",
  "provisionSuccess",
  "provisionFailure",
  "deprovisionSuccess",
  "deprovisionFailure",
  "activateSuccess",
  "activateFailure",
  "deactivateSuccess",
  "deactivateFailure",
  "ingestUsage",
] as const;

/** Not of SBT: a change of tier, an export, and the event that tries a webhook out. */
const ownControlPlaneEventTypes = ["tierChangeRequest", "exportRequest", "webhookTest"] as const;
const ownApplicationPlaneEventTypes = [
  "tierChangeSuccess",
  "tierChangeFailure",
  "exportSuccess",
  "exportFailure",
] as const;

export const ownEventTypes = [...ownControlPlaneEventTypes, ...ownApplicationPlaneEventTypes] as const;
export const eventTypes = [
  ...controlPlaneEventTypes,
  ...applicationPlaneEventTypes,
  ...ownEventTypes,
] as const;
export type EventType = (typeof eventTypes)[number];

/** Whom events say that they come from. */
export interface EventSources {
  readonly controlPlane: string;
  readonly applicationPlane: string;
}

/** SBT's own defaults. */
const defaultEventSources: EventSources = Object.freeze({
  controlPlane: "sbt.control.plane",
  applicationPlane: "sbt.application.plane",
});

const fromControlPlane: ReadonlySet<EventType> = new Set([
  ...controlPlaneEventTypes,
  ...ownControlPlaneEventTypes,
]);

export function sourceOf(type: EventType, sources: EventSources = defaultEventSources): string {
  return fromControlPlane.has(type) ? sources.controlPlane : sources.applicationPlane;
}

const own: ReadonlySet<EventType> = new Set(ownEventTypes);

/** The `detail-type` that the event has on SBT's event bus: `sbt_aws_onboardingRequest`. */
export function detailTypeOf(type: EventType): string {
  return own.has(type) ? `tenantry_${type}` : `sbt_aws_${type}`;
}

/** The events of an operation: when it is asked for, and when it ended well or not. */
export interface OperationEvents {
  readonly request: EventType;
  readonly success: EventType;
  readonly failure: EventType;
}

/**
 * The events of each kind of operation. A tenant that is onboarded or offboarded has two more, in
 * {@link resourceEvents}, for the step that makes or removes what the tenant has to itself; they
 * come before those that end the operation. A cancelled operation ends with its `failure`, whose
 * detail says so.
 */
export const operationEvents = Object.freeze({
  /** A tenant is set up. */
  onboard: { request: "onboardingRequest", success: "onboardingSuccess", failure: "onboardingFailure" },
  /** A tenant is shut out; its data stays. */
  suspend: { request: "deactivateRequest", success: "deactivateSuccess", failure: "deactivateFailure" },
  /** A suspended tenant is let in again. */
  resume: { request: "activateRequest", success: "activateSuccess", failure: "activateFailure" },
  /** A tenant changes its tier, and with it perhaps where its data is. SBT has no event for this. */
  move: { request: "tierChangeRequest", success: "tierChangeSuccess", failure: "tierChangeFailure" },
  /** A tenant's data is written into an archive. SBT has no event for this. */
  export: { request: "exportRequest", success: "exportSuccess", failure: "exportFailure" },
  /** A tenant goes for good. */
  offboard: { request: "offboardingRequest", success: "offboardingSuccess", failure: "offboardingFailure" },
} as const satisfies Readonly<Record<string, OperationEvents>>);

/** What the steps inside onboarding and offboarding say of the tenant's own schema or database. */
export const resourceEvents = Object.freeze({
  onboard: { success: "provisionSuccess", failure: "provisionFailure" },
  offboard: { success: "deprovisionSuccess", failure: "deprovisionFailure" },
} as const);
