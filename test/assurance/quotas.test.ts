import { readShipment, type ShippedFiles, type Verdict } from "@tenantry/assurance";
import { checkQuotas } from "@tenantry/assurance/quotas";
import { assert } from "@tenantry/base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editJson, editTemplate, resourcesOfType } from "./mutants/edit.ts";
import { withTenants } from "./mutants/quotas-edits.ts";
import { quotasMutants } from "./mutants/quotas-mutants.ts";
import { silosWith } from "./quotas-platform.ts";
import { shippedEnvironments, shippedFiles } from "./shipped-platform.ts";

const check = (files: ShippedFiles, overrides: Readonly<Record<string, number>> = {}) =>
  checkQuotas(readShipment(files), { files, overrides });

const reportOf = async (platform: string, environment: string) =>
  check(await shippedFiles(platform, environment));

const refutedBy = (verdicts: readonly Verdict[]) => [
  ...new Set(verdicts.flatMap((verdict) => (verdict.kind === "refuted" ? [verdict.rule] : []))),
];

function capacity({ tiers }: ReturnType<typeof check>, tier: string) {
  const found = tiers.find((one) => one.tier === tier);
  assert(found !== undefined, `there is no tier ${tier}`);
  return found;
}

describe("an unbroken platform", () => {
  test.each(shippedEnvironments)("%s %s is within its quotas", async (platform, environment) => {
    const { verdicts, dataVersion } = await reportOf(platform, environment);
    expect(verdicts.filter(({ kind }) => kind === "refuted" || kind === "unknown")).toEqual([]);
    expect(verdicts.filter(({ kind }) => kind === "proved").length).toBeGreaterThan(40);
    expect(dataVersion).toMatch(/^\d{4}-\d{2}-\d{2}/);
  });
});

describe("how many tenants fit, by hand", () => {
  test("tenant-silos in production: certificates end a cell at 25, and connections the platform at 49", async () => {
    const silo = capacity(await reportOf("tenant-silos", "production"), "silo");
    // A tenant has one certificate on the listener, besides the default one of the cell: 25 / 1.
    expect(silo.cellLimits[0]).toMatchObject({
      quota: { id: "certificates-per-load-balancer", code: "L-9365A611" },
      value: 25,
      fixed: 0,
      perTenant: 1,
      tenants: 25,
    });
    expect(silo.inOneCell).toBe(25);
    // db.t3.medium has 4 GiB: floor(4 × 2^30 × 0.88 / 9,531,392) = 396, of which 3 are reserved; 8 tasks each: 393 / 8 = 49.1.
    // A subnet of /24 has 256 - 5 = 251 addresses; 5 interface endpoints, 2 databases and a rotation take 8; 8 tasks over 3
    // subnets: (251 - 8) / (8 / 3) = 91.1.
    // 8 roles without tenants (3 of the foundation, 1 in recovery, monitoring, rotation, backups, deployment), 2 each: 992 / 2 = 496.
    expect(
      silo.platformLimits.slice(0, 3).map(({ quota, fixed, tenants }) => [quota.id, fixed, tenants]),
    ).toEqual([
      ["postgres-connections", 0, 49],
      ["addresses-per-subnet", 8, 91],
      ["iam-roles", 8, 496],
    ]);
    expect(silo.inAllCells).toBe(49);
    expect(silo.sentence).toMatchInlineSnapshot(
      `"one cell holds 25 tenants of the tier silo; first limit: Certificates per Application Load Balancer (25, L-9365A611, adjustable); what lifts it: another cell, or an increase of L-9365A611 in Service Quotas; what binds next: max_connections of PostgreSQL of data/MainCluster (393) at 49"`,
    );
  });

  test("tenant-silos in development: without certificates the connections come first, target groups at 100", async () => {
    const silo = capacity(await reportOf("tenant-silos", "development"), "silo");
    expect(silo.inOneCell).toBe(49);
    expect(silo.cellLimits.map(({ quota, tenants }) => [quota.id, tenants])).toEqual([
      ["rules-per-load-balancer", 100],
      ["target-groups-per-load-balancer", 100],
      ["targets-per-load-balancer", 125],
      ["services-per-cluster", 5000],
    ]);
    // One database and no endpoints: (251 - 1) / (8 / 3) = 93.75.
    expect(silo.platformLimits[1]).toMatchObject({ quota: { id: "addresses-per-subnet" }, tenants: 93 });
  });

  test("starter: a tenant with two database instances of its own ends at 19, one with a schema at 1,949 stacks", async () => {
    const report = await reportOf("starter", "production");
    // 40 instances, two of them shared: 38 / 2 = 19.
    expect(capacity(report, "silo")).toMatchObject({ inOneCell: 19, inAllCells: 19 });
    expect(capacity(report, "silo").platformLimits[0]?.quota.id).toBe("db-instances");
    // 2,000 stacks; each cell has two, and holds 90 tenants of one stack each: n + 2 × ceil(n / 90) + 7 = 2,000 at n = 1,949.
    expect(capacity(report, "bridge").inAllCells).toBe(1949);
    expect(capacity(report, "pool")).toMatchObject({ hasStack: false, inOneCell: null, inAllCells: null });
    expect(capacity(report, "pool").sentence).toContain("makes nothing in AWS");
    // Today 2 + 2 of 40 instances; of three tenants one has two: 36 / (2 / 3) = 54.
    expect(report.mix).toEqual({
      tenants: { pool: 1, bridge: 1, silo: 1 },
      further: 54,
      quota: "db-instances",
    });
  });

  test("a platform without tiers says what is fullest", async () => {
    const { summary, tiers, mix } = await reportOf("saas-management", "production");
    expect({ tiers, mix }).toEqual({ tiers: [], mix: null });
    expect(summary).toEqual([expect.stringContaining("the platform has no tiers; the fullest quota is")]);
  });
});

describe("the number that fits", () => {
  test("fits when it is synthesized, and one more does not", async () => {
    const atLimit = { "L-9365A611": 25 };
    const full = check(
      await silosWith({ tenants: 25, cells: { capacity: 26, quotas: { "L-9365A611": 26 } } }),
      atLimit,
    );
    const rule = "quotas/certificates-per-load-balancer";
    const usesOf = ({ uses }: typeof full) =>
      uses.filter(({ quota }) => `quotas/${quota.id}` === rule).map(({ used, headroom }) => [used, headroom]);
    expect(usesOf(full)).toEqual([[25, 0]]);
    const over = check(
      await silosWith({ tenants: 26, cells: { capacity: 26, quotas: { "L-9365A611": 26 } } }),
      atLimit,
    );
    expect(usesOf(over)).toEqual([[26, 0]]);
    const witness = over.verdicts.find((verdict) => verdict.kind === "refuted" && verdict.rule === rule);
    expect(witness).toMatchObject({
      subject: "cell-1/LoadBalancer",
      witness:
        'cell-1/LoadBalancer uses 26 certificates (26 by today\'s tenants), and "Certificates per Application Load Balancer" (L-9365A611) is 25',
    });
  });

  test("a second cell takes what the first does not", async () => {
    const report = check(await silosWith({ tenants: 26, cells: { capacity: 25 } }));
    expect(refutedBy(report.verdicts)).toEqual([]);
    expect(
      report.uses
        .filter(({ quota }) => quota.id === "certificates-per-load-balancer")
        .map(({ subject, used }) => [subject, used]),
    ).toEqual([
      ["cell-1/LoadBalancer", 25],
      ["cell-2/LoadBalancer", 1],
    ]);
  });

  test.each([
    ["tenant-silos", "production"],
    ["tenant-silos", "development"],
    ["starter", "production"],
  ])("%s %s: every limit below 130 tenants is met exactly", async (platform, environment) => {
    const files = await shippedFiles(platform, environment);
    const { cellLimits, platformLimits } = capacity(check(files), "silo");
    const limits = [...cellLimits, ...platformLimits].filter(({ tenants }) => tenants > 0 && tenants < 130);
    expect(limits.length).toBeGreaterThan(3);
    for (const { quota, tenants } of limits) {
      const rule = `quotas/${quota.id}`;
      const isOver = (count: number) => {
        const used = check(withTenants(files, count)).verdicts.filter(
          (verdict) => verdict.kind === "refuted" && verdict.rule === rule,
        );
        return used.some(
          (verdict) => verdict.kind === "refuted" && verdict.witness.includes("today's tenants"),
        );
      };
      expect([quota.id, isOver(tenants), isOver(tenants + 1)]).toEqual([quota.id, false, true]);
    }
  });

  test("one more tenant never leaves more room", async () => {
    const files = await shippedFiles("tenant-silos", "production");
    const room = (tenants: number) =>
      new Map(
        check(withTenants(files, tenants)).uses.map(({ quota, subject, headroom }) => [
          `${quota.id} ${subject}`,
          headroom ?? 0,
        ]),
      );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 5 }), (tenants, more) => {
        const [before, after] = [room(tenants), room(tenants + more)];
        for (const [what, left] of after) {
          // What one tenant has for itself is not used up by others.
          if (what.includes(" tenant/")) continue;
          expect([what, left <= (before.get(what) ?? Number.POSITIVE_INFINITY)]).toEqual([what, true]);
        }
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  test("what is counted is what the templates say, counted with a finger", async () => {
    const types = {
      "iam-roles": "AWS::IAM::Role",
      buckets: "AWS::S3::Bucket",
      distributions: "AWS::CloudFront::Distribution",
      "health-checks": "AWS::Route53::HealthCheck",
    };
    for (const [platform, environment] of shippedEnvironments) {
      const files = await shippedFiles(platform, environment);
      const { uses } = check(files);
      for (const [id, type] of Object.entries(types)) {
        const counted = uses.filter(({ quota }) => quota.id === id).reduce((sum, { used }) => sum + used, 0);
        // The function that rotates a secret has a role that no template shows.
        const hidden = id === "iam-roles" ? byFinger(files, '"HostedRotationLambda"') : 0;
        expect([platform, id, counted]).toEqual([platform, id, byFinger(files, `"Type":"${type}"`) + hidden]);
      }
    }
  });
});

/** How often a text stands in what would be deployed, by searching the templates of each stack. */
function byFinger(files: ShippedFiles, text: string): number {
  const content = (path: string) => JSON.parse(files[path] ?? "{}");
  const { stacks, administration } = content("cloudformation/manifest.json");
  const placed = Object.values<{ stacks: { template: string }[] }>(content("placement.json").tenants);
  const all = [...stacks, ...administration, ...placed.flatMap((tenant) => tenant.stacks)];
  return all.reduce((sum: number, { template }: { template: string }) => {
    const body = JSON.stringify(content(`cloudformation/${template}`));
    return sum + body.split(text).length - 1;
  }, 0);
}

describe("what an account really has", () => {
  test("counts instead of the default, wherever it is said", async () => {
    const files = await shippedFiles("tenant-silos", "production");
    expect(capacity(check(files, { "L-9365A611": 80 }), "silo").cellLimits[0]?.tenants).toBe(80);
    const declared = editJson<{ cells: { quotas: Record<string, number> } }>(
      files,
      "platform.json",
      ({ cells }) => (cells.quotas["L-9365A611"] = 60),
    );
    expect(capacity(check(declared), "silo").cellLimits[0]?.tenants).toBe(60);
    expect(capacity(check(declared, { "L-9365A611": 80 }), "silo").cellLimits[0]?.tenants).toBe(80);
  });

  test.each([0, -1, Number.NaN])(
    "a quota of %s is no limit that anybody could have, and ends nothing",
    async (value) => {
      const report = check(await shippedFiles("tenant-silos", "production"), { "L-3032A538": value });
      const vcpus = report.verdicts.find(({ rule }) => rule === "quotas/fargate-vcpus");
      expect(vcpus).toMatchObject({
        kind: "not-applicable",
        because: expect.stringContaining("which cannot be"),
      });
    },
  );

  test("the vCPUs of an account are judged once they are known", async () => {
    const files = await shippedFiles("tenant-silos", "production");
    const of = (overrides: Readonly<Record<string, number>>) =>
      check(files, overrides).verdicts.find(({ rule }) => rule === "quotas/fargate-vcpus")?.kind;
    // Three tenants with up to 8 tasks of one vCPU.
    expect([of({}), of({ "L-3032A538": 24 }), of({ "L-3032A538": 23 })]).toEqual([
      "not-applicable",
      "proved",
      "refuted",
    ]);
  });

  test("tenants that no placement names are counted in their cells", async () => {
    const files = await shippedFiles("tenant-silos", "production");
    const further = Array.from({ length: 23 }, () => ({ tier: "silo", cell: 1 }));
    const of = (count: number) =>
      refutedBy(checkQuotas(readShipment(files), { further: further.slice(0, count) }).verdicts);
    expect(of(22)).toEqual([]);
    expect(of(23)).toEqual(["quotas/certificates-per-load-balancer"]);
  });
});

describe("what cannot be counted", () => {
  test("is unknown, and does not pass", async () => {
    const files = editJson<{ Resources: Record<string, { Properties: Record<string, unknown> }> }>(
      await shippedFiles("tenant-silos", "production"),
      "cloudformation/tenant-silo.template.json",
      ({ Resources }) => {
        const rule = Object.values(Resources).find(({ Properties }) => "Priority" in Properties);
        assert(rule !== undefined, "there is no rule");
        rule.Properties["ListenerArn"] = { "Fn::ImportValue": "somebody-elses-listener" };
      },
    );
    const unknown = check(files).verdicts.filter(({ kind }) => kind === "unknown");
    expect(unknown.map(({ rule }) => rule)).toContain("quotas/rules-per-load-balancer");
  });
});

describe("files that anybody edited", () => {
  interface Loose {
    cells: { capacity: unknown; quotas?: unknown };
  }
  const edited = async (edit: (definition: Loose) => void) =>
    check(editJson<Loose>(await shippedFiles("tenant-silos", "production"), "platform.json", edit));

  test("may say any number, and the check ends", async () => {
    const report = await edited(({ cells }) => (cells.capacity = 2 ** 50));
    expect(refutedBy(report.verdicts)).toContain("quotas/certificates-per-load-balancer");
    expect(capacity(report, "silo").inOneCell).toBe(25);
  });

  test("may say quotas that are no numbers, which end nothing", async () => {
    const report = await edited(({ cells }) => (cells.quotas = { "L-9365A611": "many", "L-FE177D64": null }));
    const roles = report.verdicts.find(({ rule }) => rule === "quotas/iam-roles");
    expect(roles).toMatchObject({ kind: "not-applicable", because: expect.stringContaining("cannot be") });
    expect(refutedBy((await edited(({ cells }) => delete cells.quotas)).verdicts)).toEqual([]);
  });

  test("may not make room with less than nothing", async () => {
    const files = editTemplate(
      await shippedFiles("tenant-silos", "production"),
      "tenant-silo",
      (template) => {
        for (const [, target] of resourcesOfType(template, "AWS::ApplicationAutoScaling::ScalableTarget"))
          target.Properties["MaxCapacity"] = -1000;
      },
    );
    const { uses } = check(files);
    expect(uses.filter(({ used }) => used < 0)).toEqual([]);
  });
});

describe("a broken platform is refuted", () => {
  const cases = quotasMutants.flatMap((mutant) =>
    mutant.platforms.map(([platform, environment]) => ({ ...mutant, platform, environment })),
  );

  test.each(cases)("$platform $environment: $name", async ({ platform, environment, mutate, rule }) => {
    const files = mutate(await shippedFiles(platform, environment));
    expect(refutedBy(checkQuotas(readShipment(files)).verdicts)).toContain(rule);
  });
});
