import { ManualClock, stableJson } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import type { Shipment, ShippedFiles, ShippedStack } from "../src/artifacts/shipment.ts";
import type { Baseline } from "../src/baseline/baseline.ts";
import { type CheckOptions, checkShipment } from "../src/check-shipment.ts";
import type { ThemeCheck } from "../src/theme-checks.ts";
import type { CheckReport } from "../src/report/check-report.ts";
import type { Theme } from "../src/rule.ts";
import type { Matrix } from "../src/theme-result.ts";
import type { Verdict } from "../src/verdict.ts";

const stack = (id: string, template: string, tenant: string | null): ShippedStack => ({
  id,
  stackName: `shop-production-${id.replace("/", "-")}`,
  region: "eu-central-1",
  role: "primary",
  area: tenant === null ? id : "tenant",
  tenant,
  tier: tenant === null ? null : "silo",
  cell: null,
  template,
  parameters: {},
  resources: () => [],
});

/** A shipment of which nothing matters but its names. */
export function madeUpShipment(changes: Partial<Shipment> = {}): Shipment {
  return {
    platform: "shop",
    environment: "production",
    account: "123456789012",
    region: "eu-central-1",
    definition: {} as Platform,
    shared: [stack("data", "data.template.json", null)],
    tenants: new Map(
      ["acme-corp", "globex-inc"].map((id) => [
        id,
        {
          id,
          tier: "silo",
          cell: 1,
          slot: 1,
          stacks: [stack(`tenant/${id}`, "tenant-silo.template.json", id)],
        },
      ]),
    ),
    tiers: [
      {
        tier: "silo",
        role: "primary",
        region: "eu-central-1",
        template: "tenant-silo.template.json",
        parameters: {},
        anyTenant: (name) =>
          stack(`tenant/⟨tenant:${name}⟩`, "tenant-silo.template.json", `⟨tenant:${name}⟩`),
      },
    ],
    problems: [],
    ...changes,
  };
}

export const madeUpFiles: ShippedFiles = {
  "cloudformation/data.template.json": stableJson({ Resources: { Main: { Type: "AWS::RDS::DBCluster" } } }),
  "cloudformation/manifest.json": "{}",
  "cloudformation/tenant-silo.template.json": stableJson({
    Outputs: { TaskRole: { Value: "…" } },
    Resources: {
      Bucket: { Properties: { TaskRole: {} }, Type: "AWS::S3::Bucket" },
      TaskRole: { Properties: {}, Type: "AWS::IAM::Role" },
    },
  }),
  "placement.json": stableJson({ tenants: { "acme-corp": {}, "globex-inc": {} } }),
  "platform.json": "{}",
};

export const madeUpTheme = (
  theme: Theme,
  verdicts: readonly Verdict[],
  matrices: readonly Matrix[] = [],
): ThemeCheck => ({
  theme,
  load: async () => ({
    check: () => ({ theme, verdicts, matrices }),
    rules: verdicts.map(({ rule }) => ({ id: rule, why: `why ${rule} matters`, fix: "see the guide" })),
  }),
});

export const throwingTheme = (theme: Theme): ThemeCheck => ({
  theme,
  load: async () => ({
    check: () => {
      throw new Error("the checker fell over");
    },
    rules: [],
  }),
});

export const proved = (rule: string, subject: string): Verdict => ({ kind: "proved", rule, subject });
export const refuted = (rule: string, subject: string, witness: string): Verdict => ({
  kind: "refuted",
  rule,
  subject,
  witness,
  fix: "name the tenant's own bucket in the statement",
});

/** Every kind of verdict, and every state that a finding can be in. */
export const madeUpThemes: readonly ThemeCheck[] = [
  madeUpTheme(
    "iam",
    [
      proved("iam/trust-names-one-service", "any two tenants"),
      proved("iam/trust-names-one-service", "acme-corp and globex-inc"),
      refuted(
        "iam/roles-reach-own-tenant-only",
        "tenant/⟨tenant:a⟩/TaskRole",
        "acme-corp may s3:GetObject on globex-inc's bucket, by statement 2 of its policy Files",
      ),
    ],
    [
      {
        title: "Who may read whose bucket",
        columns: ["role of", "acme-corp", "globex-inc"],
        rows: [
          ["acme-corp", "✔", "✖"],
          ["globex-inc", "·", "✔"],
        ],
        legend: { "✔": "its own", "✖": "another tenant's", "·": "closed" },
      },
    ],
  ),
  madeUpTheme("network", [
    {
      kind: "unknown",
      rule: "network/tenants-do-not-meet",
      subject: "data/Main",
      missing: "the security group is imported from ⟨unknown:vpc-1⟩",
    },
  ]),
  madeUpTheme("routing", [
    {
      kind: "not-applicable",
      rule: "routing/hosts-apart",
      subject: "shop production",
      because: "no load balancer is shipped",
    },
  ]),
  throwingTheme("names"),
  madeUpTheme("data", [refuted("data/buckets-closed", "acme-corp", "the bucket is open to the account")]),
];

export const madeUpBaseline: Baseline = {
  version: 1,
  accepted: [
    {
      id: "data/buckets-closed@acme-corp",
      environment: "production",
      reason: "the move to the new bucket ends in January",
      until: "2027-01-31",
      seen: ["the bucket is open to the account"],
    },
    { id: "network/tenants-do-not-meet@data/Main", reason: "was mended by now", until: "2026-01-31" },
    { id: "iam/old@data/Main", reason: "long gone", until: "2027-01-31" },
    { id: "iam/other-place@data/Main", environment: "staging", reason: "not here", until: "2027-01-31" },
  ],
};

/** 2026-11-21, 12:00 UTC. */
export const madeUpNowMs = Date.UTC(2026, 10, 21, 12);

export function madeUpReport(
  shipment: Shipment = madeUpShipment({
    problems: [{ subject: "data.template.json/Main", missing: "Fn::Transform is not resolved" }],
  }),
  options: Partial<CheckOptions> = {},
): Promise<CheckReport> {
  return checkShipment(shipment, {
    files: madeUpFiles,
    digests: Object.keys(madeUpFiles).map((path) => ({ path, sha256: "0".repeat(64) })),
    clock: new ManualClock(madeUpNowMs),
    tool: "tenantry 0.1.0",
    baseline: { path: "tenantry.baseline.json", content: madeUpBaseline },
    themes: madeUpThemes,
    ...options,
  });
}
