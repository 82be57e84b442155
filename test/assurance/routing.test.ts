import { checkRouting, readShipment, routingRules, type Verdict } from "@tenantry/assurance";
import { describe, expect, it } from "vitest";
import { editTemplate } from "./mutants/edit.ts";
import { routingMutants } from "./mutants/routing-mutants.ts";
import { shippedEnvironments, shippedFiles } from "./shipped-platform.ts";

const told = (verdict: Verdict): string => JSON.stringify(verdict);

describe.each(shippedEnvironments)("the routing of %s in %s", (platform, environment) => {
  it("is proved", async () => {
    const { verdicts } = checkRouting(readShipment(await shippedFiles(platform, environment)));
    expect(verdicts.filter(({ kind }) => kind === "refuted" || kind === "unknown").map(told)).toEqual([]);
    expect(new Set(verdicts.map(({ rule }) => rule))).toEqual(new Set(routingRules.map(({ id }) => id)));
    expect(verdicts.filter(({ kind }) => kind === "proved").length).toBeGreaterThan(10);
  });
});

describe("a broken platform", () => {
  const cases = routingMutants.flatMap((mutant) =>
    mutant.platforms.map(([platform, environment]) => [mutant.name, platform, environment, mutant] as const),
  );

  it.each(cases)("is refuted: %s (%s in %s)", async (_, platform, environment, { mutate, rule }) => {
    const files = mutate(await shippedFiles(platform, environment));
    const { verdicts } = checkRouting(readShipment(files));
    const refuted = verdicts.filter((verdict) => verdict.kind === "refuted");
    expect(refuted.map((verdict) => verdict.rule)).toContain(rule);
  });

  it("is broken in ways of their own, and every rule refutes one", () => {
    const names = routingMutants.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const silent = new Set(["routing/shared-services-tell-tenants-apart", "routing/ways-are-known"]);
    const rules = routingRules.map(({ id }) => id).filter((id) => !silent.has(id));
    expect([...new Set(routingMutants.map(({ rule }) => rule))].toSorted()).toEqual(rules.toSorted());
  });
});

it.each([
  "AWS::ApiGatewayV2::DomainName",
  "AWS::Lambda::Url",
  "AWS::VpcLattice::Service",
  "AWS::ElasticLoadBalancing::LoadBalancer",
])("does not pass over a %s", async (Type) => {
  const files = editTemplate(
    await shippedFiles("tenant-silos", "production"),
    "tenant-silo",
    ({ Resources }) => {
      Resources["Way"] = { Type, Properties: {} };
    },
  );
  const { verdicts } = checkRouting(readShipment(files));
  expect(verdicts.filter(({ kind }) => kind === "unknown").map(({ rule }) => rule)).toContain(
    "routing/ways-are-known",
  );
});

it.each<readonly [string, (properties: Record<string, unknown>) => void]>([
  [
    "a host that nobody knows",
    (it) =>
      (it["Conditions"] = [
        { Field: "host-header", HostHeaderConfig: { Values: [{ "Fn::ImportValue": "x" }] } },
      ]),
  ],
  [
    "an expression",
    (it) => (it["Conditions"] = [{ Field: "host-header", HostHeaderConfig: { RegexValues: ["^a"] } }]),
  ],
  ["a priority that nobody knows", (it) => (it["Priority"] = { "Fn::ImportValue": "x" })],
  ["a transform", (it) => (it["Transforms"] = [{ Type: "host-header-rewrite" }])],
  [
    "a condition of tomorrow",
    (it) => (it["Conditions"] = [...(it["Conditions"] as unknown[]), { Field: "moon-phase" }]),
  ],
])("does not guess at %s of a rule", async (_, edit) => {
  const files = editTemplate(
    await shippedFiles("tenant-silos", "production"),
    "tenant-silo",
    ({ Resources }) => {
      edit(Resources["AppServiceTargetsRule"]?.Properties ?? {});
    },
  );
  const { verdicts } = checkRouting(readShipment(files));
  const unknown = verdicts.filter(({ kind }) => kind === "unknown").map(({ rule }) => rule);
  expect(unknown).toContain("routing/no-rule-takes-anothers-hosts");
  expect(unknown).toContain("routing/hosts-of-tenants-apart");
});

it("shows the way of every tenant's requests", async () => {
  const { matrices } = checkRouting(readShipment(await shippedFiles("starter", "production")));
  expect(matrices[0]?.rows.map((row) => row.join(" | "))).toEqual([
    "initech-llc | initech-llc.starter.example.com | tenant/initech-llc/AppServiceTargetsRule | tenant/initech-llc/AppServiceTargetsTargetGroup | tenant/initech-llc/AppService",
    "all of bridge, pool | starter.example.com *.starter.example.com | services/AppServiceTargetsRule | services/AppServiceTargetsTargetGroup | services/AppService",
  ]);
});
