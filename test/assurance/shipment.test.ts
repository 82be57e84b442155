import { readShipment } from "@tenantry/assurance";
import { describe, expect, it } from "vitest";
import { type EditableTemplate, editTemplate, resourcesOfType } from "./mutants/edit.ts";
import { shippedEnvironments, shippedFiles } from "./shipped-platform.ts";

/** Resources that stand under a condition which does not hold: an organization is made only where there is none. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  "saas-management": ["AWS::Organizations::Organization"],
};

describe.each(shippedEnvironments)("what is shipped of %s in %s", (platform, environment) => {
  it("is read without a problem, and nothing in it is unknown", async () => {
    const shipment = readShipment(await shippedFiles(platform, environment));
    expect(shipment.problems).toEqual([]);
    const stacks = [
      ...shipment.shared,
      ...[...shipment.tenants.values()].flatMap((tenant) => tenant.stacks),
      ...shipment.tiers.map((tier) => tier.anyTenant("a")),
    ];
    for (const stack of stacks) {
      const text = JSON.stringify([stack.parameters, stack.resources().map(({ stack: _, ...rest }) => rest)]);
      expect(text).not.toContain("⟨unknown:");
      expect(text).not.toMatch(/"(Ref|Fn::\w+)":/);
    }
  });

  it("has every resource", async () => {
    const files = await shippedFiles(platform, environment);
    const { shared, tiers } = readShipment(files);
    for (const stack of [...shared, ...tiers.map((tier) => tier.anyTenant("a"))]) {
      const text = files[`cloudformation/${stack.template}`] ?? "{}";
      const written = Object.entries((JSON.parse(text) as EditableTemplate).Resources)
        .filter(([, { Type }]) => leftOut[platform]?.includes(Type) !== true)
        .map(([id]) => `${stack.id}/${id}`);
      expect(stack.resources().map(({ key }) => key)).toEqual(written);
      expect(written.length).toBeGreaterThan(0);
    }
  });

  it("shows a tenant's stack as any tenant's with the tenant's id in it", async () => {
    const { tiers, tenants } = readShipment(await shippedFiles(platform, environment));
    for (const { id, tier, slot, stacks } of tenants.values()) {
      for (const stack of stacks) {
        const any = tiers.find((one) => one.tier === tier && one.role === stack.role)?.anyTenant("a");
        const written = (one: typeof stack | undefined) =>
          JSON.stringify(one?.resources().map(({ stack: _, ...rest }) => rest))
            .replaceAll(/⟨priority:a:(\d+):(\d+)⟩/gu, (_, index: string, count: string) =>
              String((slot - 1) * Number(count) + Number(index) + 1),
            )
            .replaceAll("⟨tenant:a⟩", id)
            .replaceAll("tenant/tenant:a", `tenant/${id}`)
            .replaceAll("⟨username:a⟩", id.replaceAll("-", "_"))
            .replaceAll("⟨cost-center:a⟩", id);
        expect(written(any)).toBe(written(stack));
      }
    }
  });
});

it("misses a value that a stack no longer provides", async () => {
  const files = editTemplate(await shippedFiles("starter", "production"), "foundation", (template) => {
    const first = resourcesOfType(template, "AWS::SSM::Parameter").find(([, { Properties }]) =>
      JSON.stringify(Properties["Name"]).includes("network/vpc-id"),
    );
    delete template.Resources[first?.[0] ?? ""];
  });
  const { problems } = readShipment(files);
  expect(problems.map(({ missing }) => missing).join("\n")).toMatch(/nothing puts .*network\/vpc-id/);
});
