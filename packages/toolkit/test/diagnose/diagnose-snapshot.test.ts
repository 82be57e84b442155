import { describe, expect, test } from "vitest";
import { diagnoseSnapshot } from "../../src/diagnose/diagnose-snapshot.ts";
import { arnsOf, healthySnapshot, image, nowMs, role } from "./healthy-snapshot.ts";
import { networkBreakages } from "./network-breakages.ts";
import { serviceBreakages } from "./service-breakages.ts";
import { acme, endpoint, partsOf, stop } from "./snapshot-parts.ts";

describe("diagnosing what was read", () => {
  test("finds nothing where nothing is wrong, endpoints of the VPC included", () => {
    expect(diagnoseSnapshot(healthySnapshot())).toEqual([]);
    const withEndpoint = healthySnapshot();
    endpoint(partsOf(withEndpoint).network, ["sg-endpoint"]);
    expect(diagnoseSnapshot(withEndpoint)).toEqual([]);
  });

  test.for([...serviceBreakages, ...networkBreakages])("names exactly %s", ([, breakIt, code, what]) => {
    const snapshot = healthySnapshot();
    breakIt(partsOf(snapshot), snapshot);
    const findings = diagnoseSnapshot(snapshot);
    expect(findings.map((one) => one.code)).toEqual([code]);
    expect(findings[0]?.what).toMatch(what);
    expect(findings[0]?.fix).not.toEqual([]);
  });

  test("tells consequences with their cause: a missing image stops tasks, and so the service is short of them", () => {
    const snapshot = healthySnapshot();
    const parts = partsOf(snapshot);
    Object.assign(parts.only.images, { [image]: { kind: "missing" } });
    stop(parts, { reason: "CannotPullContainerError: shop/app:1.2.0: not found" });
    Object.assign(parts.service.deployments[0] ?? {}, { rollout: "FAILED", reason: "tasks failed to start" });
    const findings = diagnoseSnapshot(snapshot);
    expect(findings.map(({ code }) => code)).toEqual(["IMAGE_MISSING"]);
    expect(findings[0]?.symptoms).toEqual([
      "0 of 2 tasks of acme-corp_app run, 0 are starting",
      "the last deployment of acme-corp_app failed: tasks failed to start",
      "tasks of acme-corp_app cannot pull their image: the image or its tag does not exist",
    ]);
  });

  test("a cause explains nothing that it does not concern", () => {
    const snapshot = healthySnapshot();
    const { only } = partsOf(snapshot);
    Object.assign(only.secrets, { [acme.secret]: { kind: "missing" } });
    Object.assign(only.services[1] ?? {}, { running: 0 });
    expect(diagnoseSnapshot(snapshot).map(({ code }) => code)).toEqual([
      "SECRET_MISSING",
      "SERVICE_SHORT_OF_TASKS",
    ]);
  });

  test("what many tenants suffer from alike is one finding, shared or each their own", () => {
    const snapshot = healthySnapshot();
    const { only, network } = partsOf(snapshot);
    for (const tenant of ["acme-corp", "globex-inc"] as const) {
      Object.assign(only.logGroups, { [arnsOf(tenant).log]: { kind: "missing" } });
    }
    Object.assign(network.securityGroups["sg-balancer"] ?? {}, { egress: [] });
    const findings = diagnoseSnapshot(snapshot);
    expect(findings.map(({ code, affected }) => [code, affected.map(({ tenant }) => tenant)])).toEqual([
      ["LOG_GROUP_MISSING", ["acme-corp", "globex-inc"]],
      ["SECURITY_GROUP_EGRESS_MISSING", ["acme-corp", "globex-inc"]],
    ]);
  });

  test("what could not be read is not taken for missing", () => {
    const snapshot = healthySnapshot();
    const { only } = partsOf(snapshot);
    const unread = <T extends object>(lookup: T) =>
      Object.assign(lookup, Object.fromEntries(Object.keys(lookup).map((id) => [id, { kind: "unread" }])));
    for (const lookup of [
      only.taskDefinitions,
      only.targetGroups,
      only.certificates,
      only.secrets,
      only.images,
      only.logGroups,
      only.databases,
      snapshot.roles,
    ])
      unread(lookup);
    Object.assign(only, { network: null });
    for (const stack of only.stacks) Object.assign(stack, { deployed: "unread" });
    expect(diagnoseSnapshot(snapshot)).toEqual([]);
  });

  test("puts the worst first", () => {
    const snapshot = healthySnapshot();
    const parts = partsOf(snapshot);
    Object.assign(parts.foundation, { templateSha256: "old" });
    Object.assign(parts.certificate, { expiresAtMs: nowMs + 86_400_000 });
    Object.assign(snapshot.roles, { [acme.task]: { kind: "missing" } });
    expect(diagnoseSnapshot(snapshot).map(({ severity }) => severity)).toEqual(["error", "warning", "note"]);
  });

  test("a role with an unread policy is not said to lack anything", () => {
    const snapshot = healthySnapshot();
    const unread = {
      ...role(acme.execution, []),
      policies: [{ name: "managed", document: "unread" as const }],
    };
    Object.assign(snapshot.roles, { [acme.execution]: { kind: "found", value: unread } });
    expect(diagnoseSnapshot(snapshot).map(({ code }) => code)).toEqual(["ROLE_UNCLEAR"]);
  });
});
