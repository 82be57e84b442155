// Goal: AWS's validator and cdk-nag look at the templates as they are written, find what is broken, and take reasons that stand there.
import { evidenceReport, readShipment, type ShippedFiles } from "@tenantry/assurance";
import { checkedRules, checkPosture, type PostureResult } from "@tenantry/assurance/posture";
import { describe, expect, test } from "vitest";
import { editJson } from "./mutants/edit.ts";
import { foreignMutants } from "./mutants/posture-mutants.ts";
import { shippedEnvironments, shippedFiles } from "./shipped-platform.ts";

/** Starting the validator and loading the CDK's types of all services takes long on a busy machine. */
const timeoutMs = 120_000;

const known = new Map<string, Promise<PostureResult>>();
async function resultOf(platform: string, environment: string): Promise<PostureResult> {
  const key = `${platform} ${environment}`;
  const files = await shippedFiles(platform, environment);
  const found = known.get(key) ?? checkPosture(readShipment(files), files);
  known.set(key, found);
  return found;
}

/** Of foreign rules only, and of one template only, which is all that a mutant breaks. */
async function verdictsOf(files: ShippedFiles, template: string) {
  const path = `cloudformation/${template}.template.json`;
  const { verdicts } = await checkPosture(readShipment(files), { [path]: files[path] ?? "" });
  return verdicts.filter(({ rule }) => /^posture\/(aws-validator|cdk-nag-)/.test(rule));
}

describe.each(shippedEnvironments)("%s", (platform, environment) => {
  test(
    `${environment}: no foreign rule that is asked for finds anything that nobody answered for`,
    async () => {
      const { verdicts, foreign } = await resultOf(platform, environment);
      const failing = verdicts.filter(
        ({ rule, kind }) =>
          /^posture\/(aws-validator|cdk-nag-)/.test(rule) && (kind === "refuted" || kind === "unknown"),
      );
      expect(failing).toEqual([]);
      const words = new Set(checkedRules.map(({ id }) => id));
      expect([...new Set(verdicts.map(({ rule }) => rule))].filter((rule) => !words.has(rule))).toEqual([]);
      // Without resources that rules applied to, nothing would have been found either.
      expect(foreign.filter(({ looked }) => looked > 0).length).toBeGreaterThan(40);
      expect(foreign.flatMap(({ acknowledged }) => acknowledged).every(({ reason }) => reason !== "")).toBe(
        true,
      );
    },
    timeoutMs,
  );
});

test.each(foreignMutants)(
  "$name",
  async ({ platforms, template, rule, mutate }) => {
    const [platform, environment] = platforms[0] ?? ["", ""];
    const verdicts = await verdictsOf(mutate(await shippedFiles(platform, environment)), template);
    expect(verdicts.filter(({ kind }) => kind === "refuted").map((verdict) => verdict.rule)).toContain(rule);
  },
  timeoutMs,
);

test(
  "what a pack finds counts when the definition's compliance asks for its framework",
  async () => {
    const files = await shippedFiles("starter", "production");
    const asked = editJson<{ compliance: string[] }>(files, "platform.json", ({ compliance }) => {
      compliance.push("pci-dss");
    });
    const kinds = (verdicts: Awaited<ReturnType<typeof verdictsOf>>, rule: string) =>
      new Set(verdicts.filter((verdict) => verdict.rule === rule).map(({ kind }) => kind));
    const before = await verdictsOf(files, "foundation");
    const after = await verdictsOf(asked, "foundation");
    expect(kinds(before, "posture/cdk-nag-pci-dss")).toEqual(new Set(["not-applicable"]));
    expect(kinds(after, "posture/cdk-nag-pci-dss")).toContain("refuted");
    expect(kinds(after, "posture/cdk-nag-hipaa")).toEqual(new Set(["not-applicable"]));
  },
  timeoutMs,
);

test(
  "in a disposable environment what AwsSolutions finds is a note",
  async () => {
    const files = await shippedFiles("tenant-silos", "development");
    const broken = editJson<{
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    }>(files, "cloudformation/tenant-silo.template.json", ({ Resources }) => {
      for (const { Type, Properties } of Object.values(Resources))
        if (Type === "AWS::S3::Bucket") delete Properties["LoggingConfiguration"];
    });
    const found = (await verdictsOf(broken, "tenant-silo")).filter(
      ({ subject }) => subject === "AwsSolutions-S1",
    );
    expect(found).toMatchObject([{ kind: "not-applicable", because: expect.stringContaining("disposable") }]);
  },
  timeoutMs,
);

test.each([
  ["cut off", (text: string) => text.slice(0, text.length / 2)],
  ["a list", () => "[]"],
  ["of resources that are none", () => '{"Resources": {"A": 1, "B": {"Type": 7}}}'],
  [
    "of references in a circle to nothing",
    () =>
      '{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::GetAtt": ["Z", "Arn"]}}}}}',
  ],
  ["too large", (text: string) => text + " ".repeat(1_100_000)],
])(
  "a template that is %s passes no pack",
  async (_, edit) => {
    const files = await shippedFiles("starter", "production");
    const path = "cloudformation/edge.template.json";
    const verdicts = await verdictsOf({ ...files, [path]: edit(files[path] ?? "") }, "edge");
    const packs = verdicts.filter(({ rule }) => rule === "posture/cdk-nag-aws-solutions");
    expect(packs.some(({ kind }) => kind === "unknown" || kind === "refuted")).toBe(true);
  },
  timeoutMs,
);

describe("evidence", () => {
  test(
    "names for each control the rules that serve it, what they said and of what",
    async () => {
      const files = await shippedFiles("tenant-silos", "production");
      const shipment = readShipment(files);
      const result = await resultOf("tenant-silos", "production");
      const { frameworks } = evidenceReport(shipment, [result], result.foreign);
      expect(frameworks.map(({ id }) => id)).toEqual([
        "soc-2",
        "gdpr",
        "ccpa",
        "pci-dss",
        "hipaa",
        "nist-800-53",
        "iso-27001",
      ]);
      const controlOf = (id: string, control: string, edition: string | null = null) =>
        frameworks
          .find((framework) => framework.id === id)
          ?.controls.find((one) => one.control === control && one.edition === edition);
      expect(controlOf("soc-2", "CC6.7")).toMatchObject({ outcome: "holds" });
      expect(controlOf("soc-2", "CC6.7")?.rules.map(({ rule }) => rule)).toEqual([
        "posture/buckets-require-tls",
        "posture/databases-require-tls",
        "posture/listeners-use-tls",
        "posture/tls-modern",
      ]);
      // Recovery was not checked here, which is not the same as that it holds.
      expect(controlOf("gdpr", "Art. 32(1)(c)")?.rules.map(({ rule }) => rule)).toEqual([
        "posture/stores-backed-up",
      ]);
      expect(controlOf("soc-2", "A1.3")).toMatchObject({ outcome: "not looked at", rules: [] });
      expect(
        controlOf("nist-800-53", "SC-28(1)", "NIST SP 800-53, revision 5")?.rules.length,
      ).toBeGreaterThan(3);
    },
    timeoutMs,
  );

  test(
    "says a control is broken as soon as one of its rules is",
    async () => {
      const files = await shippedFiles("starter", "production");
      const shipment = readShipment(files);
      const { verdicts, ...rest } = await resultOf("starter", "production");
      const refuted = {
        kind: "refuted",
        rule: "posture/images-pinned",
        subject: "services/AppServiceTask",
        witness: "the container app runs app:latest, which moves",
        fix: "Name a version.",
      } as const;
      const result = {
        ...rest,
        verdicts: [...verdicts.filter(({ rule }) => rule !== refuted.rule), refuted],
      };
      const { frameworks } = evidenceReport(shipment, [result]);
      const control = frameworks[0]?.controls.find((one) => one.control === "CC6.8");
      expect(control).toMatchObject({ outcome: "broken" });
      expect(control?.rules.find(({ rule }) => rule === "posture/images-pinned")?.findings[0]).toContain(
        ":latest",
      );
    },
    timeoutMs,
  );
});
