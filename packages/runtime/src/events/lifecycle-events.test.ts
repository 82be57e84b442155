import { expect, test } from "vitest";
import {
  detailTypeOf,
  eventTypes,
  operationEvents,
  ownEventTypes,
  resourceEvents,
  sourceOf,
} from "./lifecycle-events.ts";

test("the events are SBT's, with SBT's sources and detail types, and ours are marked", () => {
  const lines = eventTypes.map((type) => `${type} ${sourceOf(type)} ${detailTypeOf(type)}`);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "onboardingRequest sbt.control.plane sbt_aws_onboardingRequest
    offboardingRequest sbt.control.plane sbt_aws_offboardingRequest
    activateRequest sbt.control.plane sbt_aws_activateRequest
    deactivateRequest sbt.control.plane sbt_aws_deactivateRequest
    tenantUserCreated sbt.control.plane sbt_aws_tenantUserCreated
    tenantUserDeleted sbt.control.plane sbt_aws_tenantUserDeleted
    billingSuccess sbt.control.plane sbt_aws_billingSuccess
    billingFailure sbt.control.plane sbt_aws_billingFailure
    onboardingSuccess sbt.application.plane sbt_aws_onboardingSuccess
    onboardingFailure sbt.application.plane sbt_aws_onboardingFailure
    offboardingSuccess sbt.application.plane sbt_aws_offboardingSuccess
    offboardingFailure sbt.application.plane sbt_aws_offboardingFailure
    provisionSuccess sbt.application.plane sbt_aws_provisionSuccess
    provisionFailure sbt.application.plane sbt_aws_provisionFailure
    deprovisionSuccess sbt.application.plane sbt_aws_deprovisionSuccess
    deprovisionFailure sbt.application.plane sbt_aws_deprovisionFailure
    activateSuccess sbt.application.plane sbt_aws_activateSuccess
    activateFailure sbt.application.plane sbt_aws_activateFailure
    deactivateSuccess sbt.application.plane sbt_aws_deactivateSuccess
    deactivateFailure sbt.application.plane sbt_aws_deactivateFailure
    ingestUsage sbt.application.plane sbt_aws_ingestUsage
    tierChangeRequest sbt.control.plane tenantry_tierChangeRequest
    exportRequest sbt.control.plane tenantry_exportRequest
    webhookTest sbt.control.plane tenantry_webhookTest
    tierChangeSuccess sbt.application.plane tenantry_tierChangeSuccess
    tierChangeFailure sbt.application.plane tenantry_tierChangeFailure
    exportSuccess sbt.application.plane tenantry_exportSuccess
    exportFailure sbt.application.plane tenantry_exportFailure"
  `);
});

test("every event is there once, and those of operations are among them", () => {
  expect(new Set(eventTypes).size).toBe(eventTypes.length);
  const used = [...Object.values(operationEvents), ...Object.values(resourceEvents)].flatMap((events) =>
    Object.values(events),
  );
  expect(used.filter((type) => !eventTypes.includes(type))).toEqual([]);
  // An operation has one event of a type, so no two phases may share one.
  expect(new Set(used).size).toBe(used.length);
});

test("only operations that SBT does not know have events of our own", () => {
  const own = new Set<string>(ownEventTypes);
  const ownOperations = Object.entries(operationEvents)
    .filter(([, events]) => own.has(events.request))
    .map(([kind]) => kind);
  expect(ownOperations).toEqual(["move", "export"]);
});

test("the sources can be others", () => {
  const sources = { controlPlane: "a", applicationPlane: "b" };
  expect([sourceOf("onboardingRequest", sources), sourceOf("onboardingSuccess", sources)]).toEqual([
    "a",
    "b",
  ]);
});
