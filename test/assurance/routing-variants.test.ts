import { checkRouting, readShipment, type ShippedFiles } from "@tenantry/assurance";
import { synthesize } from "@tenantry/aws/synthesis";
import { openDeployment, resolve } from "@tenantry/model";
import { describe, expect, it } from "vitest";
import { editJson, type EditableResource } from "./mutants/edit.ts";

type Editable = EditableResource["Properties"][string];

/** What `synth` writes for a reference platform with something changed in its definition. */
async function variant(platform: string, edit: (definition: Editable) => void): Promise<ShippedFiles> {
  const { default: definition } = (await import(
    new URL(`../../platforms/${platform}/tenantry.config.ts`, import.meta.url).href
  )) as { readonly default: Editable };
  const changed = structuredClone(definition) as Editable;
  edit(changed);
  return synthesize(resolve(changed, "production", { deployment: openDeployment })).files;
}

const findingsOf = (files: ShippedFiles) => {
  const shipment = readShipment(files);
  expect(shipment.problems).toEqual([]);
  return checkRouting(shipment).verdicts.filter(({ kind }) => kind === "refuted" || kind === "unknown");
};

const twoCells = () =>
  variant("tenant-silos", ({ environments }) => {
    for (const environment of Object.values<Editable>(environments)) environment.cells = { capacity: 2 };
  });
const withFront = () =>
  variant("starter", ({ services, tiers }) => {
    services.api = { ...services.app, route: "/api", build: undefined, image: "example/api:1.0.0" };
    for (const tier of Object.values<Editable>(tiers)) tier.services = { ...tier.services, api: "pool" };
  });

describe("a platform", () => {
  it("is proved with tenants in two cells", async () => {
    const files = await twoCells();
    expect(files["placement.json"]).toContain('"cell": 2');
    expect(findingsOf(files)).toEqual([]);
  });

  it("is proved with tenants in two regions", async () => {
    const files = await variant("starter", (definition) => {
      definition.name = "st";
      definition.environments.production.recovery.strategy = "warm-standby";
    });
    expect(files["placement.json"]).toContain("us-west-2");
    expect(findingsOf(files)).toEqual([]);
  });

  it("is proved with a shared service on a deeper path, before the tenants", async () => {
    expect(findingsOf(await withFront())).toEqual([]);
  });

  it("is proved behind CloudFront, with a domain of a tenant's own", async () => {
    const files = await variant("tenant-silos", (definition) => {
      definition.edge = { cloudFront: { customDomains: true } };
      definition.environments.production.edge = { waf: null };
      definition.routing = { ...definition.routing, tenantHosts: ["{tenant}.{domain}"] };
      definition.tenants["acme-corp"] = { tier: "silo", domains: ["shop.acme.org"] };
    });
    expect(files["placement.json"]).toContain("shop.acme.org");
    expect(findingsOf(files)).toEqual([]);
  });
});

describe("a tenant of the second cell", () => {
  it("may not have its rule and its record in the first", async () => {
    const files = editJson<Editable>(await twoCells(), "placement.json", ({ tenants }) => {
      const tenant = Object.values<Editable>(tenants).find(({ cell }) => cell === 2);
      const { parameters } = tenant.stacks[0];
      for (const name of Object.keys(parameters))
        parameters[name] = parameters[name].replace("/cells/2/", "/cells/1/");
    });
    const rules = new Set(findingsOf(files).map(({ rule }) => rule));
    expect(rules).toContain("routing/rules-on-own-cell");
    expect(rules).toContain("routing/records-lead-to-own-cell");
    expect(rules).toContain("routing/placement-follows-the-template");
  });
});

describe("a shared service before the tenants", () => {
  it("may not take a path that is the tenants' own", async () => {
    const files = editJson<Editable>(
      await withFront(),
      "cloudformation/services.template.json",
      ({ Resources }) => {
        const rule = Object.values<Editable>(Resources).find(
          ({ Type, Properties }) =>
            Type.endsWith("::ListenerRule") && JSON.stringify(Properties).includes('"/api"'),
        );
        const paths = rule.Properties.Conditions.find((one: Editable) => one.Field === "path-pattern");
        paths.PathPatternConfig.Values = ["/*"];
      },
    );
    expect(findingsOf(files).map(({ rule }) => rule)).toContain("routing/no-rule-takes-anothers-hosts");
  });
});
