// Goal: a cell more is one entry more in the manifest and nothing else: every cell is made of one template, has its own names and its own
// values, and waits for what it needs of itself only.
import { providedNames } from "@tenantry/aws";
import type { Platform } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import { beforeAll, describe, expect, test } from "vitest";
import { StackOrder } from "../../src/assembly/stack-order.ts";
import { synthesize } from "../../src/assembly/synthesize.ts";
import type { Template as WholeTemplate } from "../../src/assembly/template-limits.ts";
import type { CellStack } from "../../src/stack/cell-stack.ts";
import { primarySite } from "../../src/stack/site.ts";
import { cellStack } from "../../src/stacks/cell-stack.ts";
import { cellWatchStack } from "../../src/stacks/cell-watch-stack.ts";
import { inFolder } from "../compute/compute-templates.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { cellTemplate, cellWatchTemplate, stamped } from "../stamped.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";

const app = { image: "nginx:1.29", route: "/" };
const tiers = { silo: { services: { app: "silo" } } };
const tenantsOf = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tenant-${index}`, "silo"]));
/** A platform with so many cells, each with one tenant. */
const withCells = (count: number, settings: object = {}) =>
  platformWith({ services: { app }, tiers, cells: { capacity: 1 }, tenants: tenantsOf(count), ...settings });

interface Whole {
  readonly template: Template;
  readonly stack: CellStack;
}

function whole(platform: Platform, make: typeof cellStack): Whole {
  return inFolder((outdir) => {
    const cdk = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
    const stack = make(cdk, primarySite(platform));
    return { stack, template: cdk.synth().getStackArtifact(stack.artifactId).template as Template };
  });
}

describe("one template", () => {
  test.each([
    ["tenant-silos", "production"],
    ["tenant-silos", "development"],
    ["saas-management", "production"],
  ] as const)(
    "%s, %s: cell 1 has the names that it had, and cell 2 differs by its number only",
    (name, environment) => {
      const platform = documentPlatform(name, environment);
      const prefix = `saas-platform-${environment}`;
      const first = cellTemplate(platform);
      expect(namesIn(first)).toEqual(
        expect.arrayContaining([
          `AWS::ElasticLoadBalancingV2::LoadBalancer ${prefix}-cell-1`,
          `AWS::ECS::Cluster ${prefix}-cell-1`,
          `AWS::SSM::Parameter /saas-platform/${environment}/cells/1/listener-arn`,
        ]),
      );
      expect(namesIn(cellWatchTemplate(platform))).toEqual([
        `AWS::CloudWatch::Alarm ${prefix}-cell-1-errors`,
        `AWS::CloudWatch::Alarm ${prefix}-cell-1-latency`,
      ]);
      for (const make of [cellTemplate, cellWatchTemplate]) {
        const text = JSON.stringify(make(platform, 1).Resources);
        expect(text).toContain("cell-1");
        expect(text).not.toContain('{"Ref":"Cell"}');
        const renumbered = text.replaceAll("cell-1", "cell-2").replaceAll("/cells/1/", "/cells/2/");
        expect(JSON.stringify(make(platform, 2).Resources)).toBe(renumbered);
      }
    },
  );

  test("three cells have three entries of one template, and a fourth changes no template", () => {
    const three = synthesize(withCells(3));
    const entries = three.manifest.stacks.filter(({ template }) => template === "cell.template.json");
    expect(entries.map(({ id, area, stackName }) => [id, area, stackName])).toEqual(
      [1, 2, 3].map((cell) => [`cell-${cell}`, `cell-${cell}`, `test-platform-production-cell-${cell}`]),
    );
    expect(new Set(entries.map(({ templateSha256 }) => templateSha256)).size).toBe(1);
    expect(entries.map(({ parameters }) => parameters["Cell"])).toEqual(
      ["1", "2", "3"].map((value) => ({ kind: "literal", value })),
    );
    const four = synthesize(withCells(4));
    const templates = Object.keys(three.files).filter((path) => path.endsWith(".template.json"));
    expect(Object.keys(four.files).filter((path) => path.endsWith(".template.json"))).toEqual(templates);
    for (const path of templates) expect(four.files[path], path).toBe(three.files[path]);
    expect(four.manifest.stacks).toHaveLength(three.manifest.stacks.length + 2);
  });

  test("S5.17 more cells than a template has parameters", () => {
    const { manifest } = synthesize(withCells(250));
    expect(manifest.stacks.filter(({ template }) => template === "cell-watch.template.json")).toHaveLength(
      250,
    );
  });
});

describe("values", () => {
  const { manifest, files } = synthesize(withCells(3));
  const templateAt = (file: string) => JSON.parse(files[`cloudformation/${file}`] ?? "null") as WholeTemplate;

  test("S3.04 each cell hands over its values under its own path", () => {
    const provided = manifest.stacks
      .filter(({ area }) => /^cell-\d+$/.test(area))
      .map(({ template, parameters }) => providedNames(templateAt(template), parameters));
    for (const [index, names] of provided.entries()) {
      expect(names).toHaveLength(10);
      for (const name of names) expect(name).toContain(`/test-platform/production/cells/${index + 1}/`);
    }
    expect(new Set(provided.flat()).size).toBe(30);
  });

  test("what watches a cell waits for that cell and no other, and the tenants for all", () => {
    const dependsOn = (id: string) => manifest.stacks.find((stack) => stack.id === id)?.dependsOn;
    expect(dependsOn("cell-3")).toEqual(["foundation"]);
    expect(dependsOn("cell-watch-3")).toEqual(["cell-3"]);
    expect(dependsOn("edge")).toContain("cell-1");
    expect(dependsOn("edge")).not.toContain("cell-2");
    expect(manifest.tenantTemplates[0]?.dependsOn).toEqual(
      expect.arrayContaining(["cell-1", "cell-2", "cell-3", "foundation"]),
    );
  });

  test("without its literal values nobody waits for a stamped stack", () => {
    const stack = (id: string, value: string | null) => ({
      id,
      region: "us-east-1",
      sources: value === null ? {} : { Cell: { kind: "literal", value } as const },
      template: templateAt("cell.template.json"),
    });
    const reader = {
      id: "reader",
      region: "us-east-1",
      sources: {
        Listener: { kind: "literal", value: "/test-platform/production/cells/2/listener-arn" } as const,
      },
      template: { Resources: {}, Parameters: { Listener: { Type: "AWS::SSM::Parameter::Value<String>" } } },
    };
    const order = new StackOrder([stack("one", "1"), stack("two", "2"), reader]);
    expect(order.dependenciesOf(reader)).toEqual(["two"]);
    expect(new StackOrder([stack("one", "1"), stack("two", null), reader]).dependenciesOf(reader)).toEqual(
      [],
    );
  });
});

describe("names", () => {
  test.each([
    ["test-platform", {}],
    ["a-platform-with-the-longest-name", {}],
    ["internal-tools", {}],
    ["test-platform", { services: { app: { ...app, discovery: "cloud-map" } } }],
  ])("no two of 200 cells of %s share a name, and each is as long as AWS takes it (%o)", (name, settings) => {
    const platform = withCells(1, { name, ...settings });
    const names = [cellStack, cellWatchStack].flatMap((make) => {
      const { stack, template } = whole(platform, make);
      return Array.from({ length: 200 }, (_, index) =>
        namesIn(stamped(template, stack.sourcesOf(index + 1))),
      ).flat();
    });
    expect(names.length).toBeGreaterThanOrEqual(200 * 14);
    expect(names.filter((one, index) => names.indexOf(one) !== index)).toEqual([]);
    const loadBalancers = names.filter((one) => one.startsWith("AWS::ElasticLoadBalancingV2::LoadBalancer"));
    expect(loadBalancers).toHaveLength(name.startsWith("internal-") ? 0 : 200);
    for (const one of loadBalancers) expect(one.split(" ")[1]?.length).toBeLessThanOrEqual(32);
  });
});

describe("what watches a cell", () => {
  test("Shield stands before each cell that the internet reaches, and before no other", () => {
    const edge = { shield: "advanced" };
    const open = cellWatchTemplate(withCells(1, { edge }), 7);
    expect(Object.values(resourcesOf(open, "AWS::Shield::Protection"))).toMatchObject([
      { Properties: { Name: "test-platform-production-cell-7-LoadBalancer" } },
    ]);
    const internal = cellWatchTemplate(withCells(1, { edge, routing: { scheme: "internal" } }));
    expect(resourcesOf(internal, "AWS::Shield::Protection")).toEqual({});
  });

  test("alarms that may wait for business hours wait by a rule of the cell's own", () => {
    const alerts = {
      destinations: { mail: { kind: "email", address: "a@example.com" } },
      routes: { high: { to: ["mail"], hours: "business" } },
    };
    const template = cellWatchTemplate(withCells(1, { observability: { alerts } }), 5);
    const rules = Object.values(resourcesOf(template, "AWS::CloudWatch::AlarmMuteRule"));
    expect(rules.map(({ Properties }) => Properties?.["Name"])).toEqual([
      "test-platform-production-cell-5-nights",
      "test-platform-production-cell-5-days-off",
    ]);
    expect(rules[0]?.Properties?.["MuteTargets"]).toEqual({
      AlarmNames: ["test-platform-production-cell-5-latency"],
    });
  });
});

describe("templates", () => {
  let findings: readonly string[] = [];
  const alerts = (severity: string) => ({
    destinations: { mail: { kind: "email", address: "a@example.com" } },
    routes: { [severity]: { to: ["mail"], hours: "business" } },
  });
  const platforms: Readonly<Record<string, Platform>> = {
    "tenant-silos, production": documentPlatform("tenant-silos", "production"),
    "tenant-silos, development": documentPlatform("tenant-silos", "development"),
    "saas-management, production": documentPlatform("saas-management", "production"),
    "saas-management, staging": documentPlatform("saas-management", "staging"),
    "a topic that no alarm of a cell tells": withCells(1, { observability: { alerts: alerts("low") } }),
    "business hours, Shield, a web ACL": withCells(1, {
      observability: { alerts: alerts("critical") },
      edge: { shield: "advanced", waf: { attachTo: "load-balancer" } },
    }),
    "internal, AWS's keys, names in DNS": withCells(1, {
      name: "internal-tools",
      services: { app: { ...app, discovery: "cloud-map" } },
      routing: { scheme: "internal" },
      encryption: { keys: "aws-managed" },
      dataProtection: "disposable",
    }),
  };
  beforeAll(() => {
    findings = Object.entries(platforms).flatMap(([name, platform]) =>
      [cellStack, cellWatchStack].flatMap((make) => {
        const { stack, template } = whole(platform, make);
        return validateTemplate(template).map((finding) => `${name}, ${stack.area}: ${finding}`);
      }),
    );
  }, 60_000);

  test("AWS's validator finds nothing in any", () => {
    expect(findings).toEqual([]);
  });
});

const nameProperties = ["Name", "ClusterName", "AlarmName"] as const;

/** Type and name of every resource that has one. */
function namesIn({ Resources }: Template): readonly string[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) =>
    nameProperties
      .map((property) => Properties?.[property])
      .filter((name) => typeof name === "string")
      .map((name) => `${Type} ${name}`),
  );
}
