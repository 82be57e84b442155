// Goal: what is synthesized from the reference platforms is valid, the same on any day, tagged, inside AWS's rules, and one more
// tenant changes nothing for the others.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providedNames } from "@tenantry/aws";
import { buildApp, synthesize, type Synthesized } from "@tenantry/aws/synthesis";
import {
  type Definition,
  emptyLock,
  type PlacementLock,
  openDeployment,
  parseDefinition,
  parseLock,
  place,
  type Platform,
  resolve,
  type TenantId,
} from "@tenantry/model";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { validateTemplate } from "../packages/aws/test/validate-template.ts";
import { outlineOf } from "./outline.ts";
import saasManagement from "./saas-management/tenantry.config.ts";
import starter from "./starter/tenantry.config.ts";
import tenantSilos from "./tenant-silos/tenantry.config.ts";

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
}

const lockOf = (folder: string) =>
  parseLock(readFileSync(new URL(`${folder}/tenantry.lock.json`, import.meta.url), "utf8"));
const silosLock = lockOf("tenant-silos");
const starterLock = lockOf("starter");
const platformOf = (definition: Definition, environment: string): Platform =>
  resolve(definition, environment, {
    lock: definition === starter ? starterLock : silosLock,
    deployment: openDeployment,
  });
const templatesOf = ({ files }: Synthesized): readonly (readonly [string, Template])[] =>
  Object.entries(files)
    .filter(([path]) => path.endsWith(".template.json"))
    .map(([path, text]) => [path, JSON.parse(text) as Template]);

const templateAt = ({ files }: Synthesized, file: string) =>
  JSON.parse(files[`cloudformation/${file}`] ?? "null") as Template;

const environments: readonly (readonly [string, Definition, string])[] = [
  ["tenant-silos", tenantSilos, "development"],
  ["tenant-silos", tenantSilos, "production"],
  ["saas-management", saasManagement, "production"],
  ["saas-management", saasManagement, "staging"],
  ["starter", starter, "production"],
];

describe.each(environments)("%s", (folder, definition, environment) => {
  const platform = platformOf(definition, environment);
  const made = synthesize(platform);

  test(`${environment}: every template is valid in AWS's own validator, where a warning is an error`, () => {
    const findings = templatesOf(made).flatMap(([path, template]) =>
      validateTemplate(template).map((finding) => `${path}: ${finding}`),
    );
    expect(findings).toEqual([]);
  });

  test(`${environment}: what comes out is what was looked at last`, async () => {
    await expect(outlineOf(made)).toMatchFileSnapshot(`${folder}/expected/synthesis.${environment}.txt`);
  });

  test(`${environment}: the same platform gives the same bytes`, () => {
    expect(synthesize(platformOf(definition, environment)).files).toEqual(made.files);
  });

  test(`${environment}: no finding of cdk-nag's AwsSolutions is left without a reason`, () => {
    const scratch = mkdtempSync(join(tmpdir(), "tenantry-nag-"));
    try {
      const { app } = buildApp(platform, scratch);
      const { violations } = new AwsSolutionsChecks(app).validateScope(app);
      const findings = violations.map(({ ruleName, ...rest }) => `${ruleName} ${JSON.stringify(rest)}`);
      expect(findings).toEqual([]);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });

  test(`${environment}: every value that a stack needs is handed over by a stack that it waits for`, () => {
    const { manifest, placements } = made;
    const providedBy = new Map<string, Set<string>>();
    for (const { id, region, template, parameters } of manifest.stacks) {
      for (const name of providedNames(templateAt(made, template), parameters)) {
        const place = `${region} ${name}`;
        providedBy.set(place, (providedBy.get(place) ?? new Set()).add(id));
      }
    }
    const missing = [...manifest.stacks, ...manifest.tenantTemplates].flatMap(
      ({ region, template, dependsOn, parameters }) => {
        const sameRegion = Object.entries(templateAt(made, template).Parameters ?? {})
          .filter(([, { Type }]) => Type.startsWith("AWS::SSM::"))
          .map(([id, { Default }]) => {
            const source = parameters[id];
            return source?.kind === "literal" ? source.value : Default;
          })
          .filter((name) => name !== undefined)
          .map((name) => `${region} ${name}`);
        const otherRegions = Object.values(parameters).flatMap((source) =>
          source.kind === "stack-value" ? [`${source.region} ${source.name}`] : [],
        );
        return [...sameRegion, ...otherRegions]
          .filter((place) => ![...(providedBy.get(place) ?? [])].some((id) => dependsOn.includes(id)))
          .map((place) => `${template}: ${place}`);
      },
    );
    const cellValues = Object.values(placements.tenants).flatMap(({ stacks }) =>
      stacks.flatMap(({ region, parameters }) =>
        Object.values(parameters)
          .filter((value) => value.startsWith("/"))
          .map((path) => `${region} ${path}`),
      ),
    );
    expect([...missing, ...cellValues.filter((place) => !providedBy.has(place))]).toEqual([]);
  });

  test(`${environment}: S5.14 every resource that can carry tags has those of the platform`, () => {
    const expected = Object.keys(platform.tags).sort();
    const missing = templatesOf(made).flatMap(([path, { Resources }]) =>
      Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
        const keys = tagKeys(Properties);
        const lacks = keys === null ? [] : expected.filter((key) => !keys.includes(key));
        return lacks.length === 0 ? [] : [`${path} ${id} (${Type}) lacks ${lacks.join(", ")}`];
      }),
    );
    expect(missing).toEqual([]);
  });
});

test("S5.17 one more than a thousand tenants is one stack more, and nobody else's bytes change", () => {
  const environment = "production";
  // The last of them opened a cell, so that the next finds room in one.
  const ids = Array.from({ length: 1_001 }, (_, index) => `tenant-${index}` as TenantId);
  const synthesizeFor = (tenants: readonly TenantId[], lock: PlacementLock) => {
    const definition = parseDefinition({
      ...tenantSilos,
      tenants: Object.fromEntries(tenants.map((id) => [id, "silo"])),
    });
    return synthesize(resolve(definition, environment, { lock, deployment: openDeployment }));
  };
  const { capacity } = platformOf(tenantSilos, environment).cells;
  const lock = place(emptyLock, environment, ids, { capacity });
  const all = [...ids, "aaa-first" as TenantId];
  const before = synthesizeFor(ids, lock);
  const after = synthesizeFor(all, place(lock, environment, all, { capacity }));

  const { "aaa-first": added, ...others } = after.placements.tenants;
  expect(added?.stacks.map(({ stackName }) => stackName)).toEqual([
    "saas-platform-production-tenant-aaa-first",
  ]);
  expect(others).toEqual(before.placements.tenants);
  const written = Object.keys(before.files).filter((path) => path.startsWith("cloudformation/"));
  expect(written.filter((path) => after.files[path] !== before.files[path])).toEqual([]);
});

/** The keys of a resource's tags, as a list or a map; null where it has no property of that name. */
function tagKeys(properties: Resource["Properties"]): readonly string[] | null {
  const tags = properties?.["Tags"] ?? properties?.["HostedZoneTags"] ?? properties?.["BackupVaultTags"];
  if (Array.isArray(tags)) return tags.map((tag: { Key: string }) => tag.Key);
  return typeof tags === "object" && tags !== null ? Object.keys(tags) : null;
}
