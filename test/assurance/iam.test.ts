import { describe, expect, it } from "vitest";
import { readShipment } from "../../packages/assurance/src/artifacts/read-shipment.ts";
import type { ShippedFiles } from "../../packages/assurance/src/artifacts/shipment.ts";
import { checkIam, iamRules } from "../../packages/assurance/src/isolation/iam/check-iam.ts";
import { editTemplate, resourceOf } from "./mutants/edit.ts";
import { iamMutants } from "./mutants/iam-mutants.ts";
import { shippedEnvironments, shippedFiles } from "./shipped-platform.ts";

/** What is refuted or unknown, by rule. */
function faults(files: ShippedFiles): ReadonlySet<string> {
  const { verdicts } = checkIam(readShipment(files));
  return new Set(
    verdicts.flatMap((verdict) => {
      if (verdict.kind === "refuted")
        return [`refuted ${verdict.rule} ${verdict.subject}: ${verdict.witness}`];
      return verdict.kind === "unknown"
        ? [`unknown ${verdict.rule} ${verdict.subject}: ${verdict.missing}`]
        : [];
    }),
  );
}

describe("the check of IAM", () => {
  it.each(shippedEnvironments)("finds nothing wrong with %s in %s", async (platform, environment) => {
    expect([...faults(await shippedFiles(platform, environment))]).toEqual([]);
  });

  it.each(shippedEnvironments)("gives a verdict for each rule on %s in %s", async (platform, environment) => {
    const { verdicts } = checkIam(readShipment(await shippedFiles(platform, environment)));
    expect([...new Set(verdicts.map(({ rule }) => rule))]).toEqual(iamRules.map(({ id }) => id));
  });

  it("proves, rather than finds nothing to look at, where tenants have roles", async () => {
    const { verdicts } = checkIam(readShipment(await shippedFiles("tenant-silos", "production")));
    const skipped = verdicts.filter(({ kind }) => kind === "not-applicable").map(({ rule }) => rule);
    expect(skipped).toEqual(["iam/shared-roles-by-design"]);
  });

  it("does not pass over what lets somebody in beside roles and policies", async () => {
    const files = await shippedFiles("tenant-silos", "production");
    const withUser = editTemplate(files, "tenant-silo", (template) => {
      template.Resources["User"] = { Type: "AWS::IAM::User", Properties: {} };
      const role = resourceOf(template, "AppServiceRolesTaskRole").Properties;
      role["ManagedPolicyArns"] = ["arn:aws:iam::aws:policy/AmazonS3FullAccess"];
    });
    const found = [...faults(withUser)].join("\n");
    expect(found).toContain("unknown iam/policies-parse tenant/acme-corp/User");
    expect(found).toContain("arn:aws:iam::aws:policy/AmazonS3FullAccess");
  });

  it("shows who reaches what", async () => {
    const { matrices } = checkIam(readShipment(await shippedFiles("starter", "production")));
    const cells = matrices[0]?.rows.map((row) => [row[0], row[matrices[0]?.columns.indexOf("secrets") ?? 0]]);
    expect(cells).toEqual([
      ["acme-corp", "shared"],
      ["globex-inc", "own"],
      ["initech-llc", "own"],
    ]);
  });
});

describe("what lets a tenant in to another's things", () => {
  it("is broken in many ways, each with a name of its own and a rule that there is", () => {
    expect(iamMutants.length).toBeGreaterThanOrEqual(40);
    expect(new Set(iamMutants.map(({ name }) => name)).size).toBe(iamMutants.length);
    const ids = iamRules.map(({ id }) => id);
    expect(iamMutants.filter(({ rule }) => !ids.includes(rule))).toEqual([]);
  });

  it("breaks every rule that can be broken", () => {
    const broken = new Set(iamMutants.map(({ rule }) => rule));
    const unbroken = iamRules.map(({ id }) => id).filter((id) => !broken.has(id));
    expect(unbroken).toEqual(["iam/shared-roles-by-design"]);
  });

  const unbroken = new Map<string, Promise<ReadonlySet<string>>>();
  const cases = iamMutants.flatMap((mutant) =>
    mutant.platforms.map((where) => [mutant.name, ...where, mutant] as const),
  );
  it.each(cases)("%s, seen in %s %s", async (_, platform, environment, { mutate, rule }) => {
    const where = `${platform} ${environment}`;
    const files = await shippedFiles(platform, environment);
    const before = unbroken.get(where) ?? Promise.resolve(faults(files));
    unbroken.set(where, before);
    const known = await before;
    const found = [...faults(mutate(files))].filter((fault) => !known.has(fault));
    expect(
      found.filter((fault) => fault.startsWith(`refuted ${rule} `)).length,
      found.join("\n"),
    ).toBeGreaterThan(0);
  });
});
