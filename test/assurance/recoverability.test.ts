// Goal: what an environment promises for a lost region is held against what is shipped, and every broken variant is refuted by its rule.
import {
  checkRecoverability,
  type MeasuredFigure,
  readShipment,
  recoverabilityRules,
  type ShippedFiles,
  type Verdict,
} from "@tenantry/assurance";
import { synthesize } from "@tenantry/aws/synthesis";
import { bucket, definePlatform, openDeployment, postgres, resolve, service, tier } from "@tenantry/model";
import { describe, expect, test } from "vitest";
import { editJson, editTemplate, resourceOf } from "./mutants/edit.ts";
import { recoverabilityMutants } from "./mutants/recoverability-mutants.ts";
import { shippedEnvironments, shippedFiles } from "./shipped-platform.ts";

/** Where reference platforms promise more than their design reaches. It may only become less. */
const knownWrong: Readonly<Record<string, readonly string[]>> = {
  "tenant-silos production": [
    // The tenants' buckets are neither replicated nor in a backup.
    "refuted recoverability/stores-copied tenant/⟨tenant:a⟩/Data",
    // An hour between two backups and an hour until one begins are more than the hour that is promised.
    "refuted recoverability/rpo-reached data/MainCluster",
    // Nobody says how long a restore and the deployment of the other stacks take.
    "unknown recoverability/rto-reached production",
    "refuted recoverability/failure-detected production",
  ],
  "saas-management production": [
    // Nobody says how long the promotion of a replica takes.
    "unknown recoverability/rto-reached production",
  ],
  "starter production": [
    // The global cluster of a tenant of its own has no second region, and no bucket is replicated.
    "refuted recoverability/stores-copied tenant/⟨tenant:a⟩/MainCluster",
    "refuted recoverability/stores-copied data/Files",
    "refuted recoverability/stores-copied tenant/⟨tenant:a⟩/Files",
    "unknown recoverability/rto-reached production",
    // The definition has no destination of alerts.
    "refuted recoverability/failure-detected production",
    "refuted recoverability/failure-detected production",
  ],
};

const verdictsOf = (files: ShippedFiles, measured: readonly MeasuredFigure[] = []): readonly Verdict[] =>
  checkRecoverability(readShipment(files), measured).verdicts;
const failing = (verdicts: readonly Verdict[]) =>
  verdicts
    .filter(({ kind }) => kind === "refuted" || kind === "unknown")
    .map(({ kind, rule, subject }) => `${kind} ${rule} ${subject}`);

describe.each(shippedEnvironments)("%s", (platform, environment) => {
  test(`${environment}: what is refuted or unknown is what is known`, async () => {
    expect(failing(verdictsOf(await shippedFiles(platform, environment)))).toEqual(
      knownWrong[`${platform} ${environment}`] ?? [],
    );
  });
});

/** What is wrong without a mutant, once for each environment. */
const unbroken = new Map<string, ReadonlySet<string>>();
async function before(platform: string, environment: string): Promise<ReadonlySet<string>> {
  const key = `${platform} ${environment}`;
  const found = unbroken.get(key) ?? texts(verdictsOf(await shippedFiles(platform, environment)));
  unbroken.set(key, found);
  return found;
}
const texts = (verdicts: readonly Verdict[]): ReadonlySet<string> =>
  new Set(verdicts.map((verdict) => JSON.stringify(verdict)));

const cases = recoverabilityMutants.flatMap(({ platforms, ...mutant }) =>
  platforms.map(([platform, environment]) => ({ ...mutant, platform, environment })),
);

test.each(cases)("$platform $environment: $name", async ({ platform, environment, rule, mutate }) => {
  const files = await shippedFiles(platform, environment);
  const known = await before(platform, environment);
  const after = verdictsOf(mutate(files)).filter((verdict) => !known.has(JSON.stringify(verdict)));
  expect(after.filter(({ kind }) => kind === "refuted").map((verdict) => verdict.rule)).toContain(rule);
});

const warm = definePlatform({
  name: "warm",
  description: "Waits in a second region, tenants of their own included",
  domain: "example.com",
  services: {
    app: service({
      image: "{registry}/app:1.0.0",
      build: { context: "app" },
      route: "/",
      uses: ["main", "files"],
    }),
  },
  stores: {
    main: postgres({
      engine: "aurora",
      version: "16.6",
      instance: "r6g.large",
      instances: 2,
      database: "warm",
    }),
    files: bucket({ replication: { to: "recovery", deletions: false } }),
  },
  tiers: { pool: tier({}), silo: tier({ services: { app: "silo" }, stores: { main: "silo" } }) },
  tenants: { "acme-corp": "silo", "globex-inc": "pool" },
  routing: { tenantHosts: ["{tenant}.{domain}"] },
  observability: {
    alerts: {
      destinations: { ops: { kind: "email", address: "ops@example.com" } },
      routes: { critical: { to: ["ops"] } },
    },
  },
  environments: {
    production: {
      region: "us-east-1",
      recovery: { region: "us-west-2", strategy: "warm-standby", rtoMinutes: 60, rpoSeconds: 900 },
    },
  },
});
const filesOfWarm = (): ShippedFiles =>
  synthesize(resolve(warm, "production", { deployment: openDeployment })).files;

describe("a platform that waits in a second region", () => {
  const files = filesOfWarm();

  test("keeps what it promises about data, of tenants with databases of their own as well", () => {
    const verdicts = verdictsOf(files);
    for (const rule of [
      "stores-copied",
      "rpo-reached",
      "standby-waits",
      "keys-there",
      "tenants-in-both-regions",
    ])
      expect(verdicts.filter((verdict) => verdict.rule === `recoverability/${rule}`)).toEqual([
        { kind: "proved", rule: `recoverability/${rule}`, subject: "production" },
      ]);
  });

  test("what moves the databases of tenants is missing, and is said", () => {
    expect(verdictsOf(files).filter(({ rule }) => rule === "recoverability/plan-complete")).toMatchObject([
      { kind: "refuted", subject: "tenant/⟨tenant:a⟩/MainCluster" },
    ]);
  });

  test("a tenant that is placed in one region only is refuted", () => {
    const moved = editJson<Record<string, never>>(files, "placement.json", (placement) => {
      const tenants = tenantsIn(placement);
      const stacks = tenants["acme-corp"]?.stacks ?? [];
      stacks.splice(
        stacks.findIndex(({ template }) => template.startsWith("recovery-")),
        1,
      );
    });
    expect(failing(verdictsOf(moved))).toContain("refuted recoverability/tenants-in-both-regions acme-corp");
  });

  test("a drill's figures count in place of what nobody says, and are named", () => {
    const drill = (seconds: number): readonly MeasuredFigure[] => [
      { figure: "record-change", seconds, source: "drill of 2026-08-01" },
      { figure: "deployment", seconds, source: "drill of 2026-08-01" },
      { figure: "rds-replica-promotion", seconds, source: "drill of 2026-08-01" },
    ];
    const rto = (measured: readonly MeasuredFigure[]) =>
      verdictsOf(files, measured).filter(({ rule }) => rule === "recoverability/rto-reached");
    expect(rto(drill(60)).map(({ kind }) => kind)).toEqual(["proved"]);
    expect(rto(drill(7200))).toMatchObject([
      { kind: "refuted", witness: expect.stringContaining("drill of 2026-08-01") },
    ]);
  });

  test("what is lost is bounded where Aurora itself bounds it", () => {
    const bounded = editTemplate(files, "data", (template) => {
      resourceOf(template, "MainParameters").Properties["Parameters"]["rds.global_db_rpo"] = "3600";
    });
    expect(failing(verdictsOf(bounded))).toContain("refuted recoverability/rpo-reached data/MainCluster");
  });
});

test("the sums are shown term by term, each with who says so", async () => {
  const { matrices } = checkRecoverability(readShipment(await shippedFiles("saas-management", "production")));
  expect(matrices.map(({ columns }) => columns)).toEqual([
    ["store", "copied by", "promised RPO", "reached RPO"],
    ["step", "seconds", "source"],
  ]);
  expect(matrices[0]?.rows.map(([store, , promised, reached]) => [store, promised, reached])).toEqual([
    ["main", "900 s", "30 s"],
    ["documents", "900 s", "1 s"],
    ["cache", "900 s", "nothing is there"],
    ["files", "900 s", "900 s"],
  ]);
  expect(matrices[1]?.rows.every(([, , source]) => source !== "")).toBe(true);
});

test("every rule has a mutant that it refutes", () => {
  const covered = new Set(recoverabilityMutants.map(({ rule }) => rule));
  const rules = recoverabilityRules.map(({ id }) => id);
  // The one of tenants in both regions needs a platform that has some there; it is above.
  expect(rules.filter((rule) => !covered.has(rule))).toEqual(["recoverability/tenants-in-both-regions"]);
});

interface PlacedTenants {
  readonly [tenant: string]: { readonly stacks: { readonly template: string }[] };
}

function tenantsIn(placement: Readonly<Record<string, unknown>>): PlacedTenants {
  return (placement["tenants"] ?? placement) as PlacedTenants;
}
