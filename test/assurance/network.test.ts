import { checkNetwork, type Data, networkRules, readShipment, type Shipment } from "@tenantry/assurance";
import { seededRandom } from "@tenantry/base";
import { describe, expect, test } from "vitest";
import { check, failing, refutedBy, withTenants } from "./network-checks.ts";
import { otherShape, otherShapes } from "./network-platforms.ts";
import { shippedEnvironments, shippedFiles } from "./shipped-platform.ts";

describe("an unbroken platform", () => {
  test.each(shippedEnvironments)("%s %s is proved", async (platform, environment) => {
    const { verdicts } = check(await shippedFiles(platform, environment));
    expect(failing(verdicts)).toEqual([]);
    expect(new Set(verdicts.map(({ rule }) => rule)).size).toBe(networkRules.length);
  });

  test.each(otherShapes)("%s, of another shape, is proved", (name) => {
    expect(failing(check(otherShape(name)).verdicts)).toEqual([]);
  });

  test("tables say who opens connections to whom", async () => {
    const texts: string[] = [];
    for (const [platform, environment] of shippedEnvironments) {
      const { matrices } = check(await shippedFiles(platform, environment));
      texts.push(`# ${platform} ${environment}`, ...matrices.map(tableText));
    }
    await expect(`${texts.join("\n\n")}\n`).toMatchFileSnapshot("./network-matrices.golden.txt");
  });

  test("more than a dozen tenants are told by their tier", async () => {
    const { matrices } = check(withTenants(await shippedFiles("starter", "production"), 40));
    expect(tableText(matrices[0] ?? { title: "", columns: [], rows: [], legend: {} })).toMatchInlineSnapshot(`
      "Who opens connections to whom (primary region)
      from                        load balancers   store main  service app  silo tenant A: service app  silo tenant A: store main  silo tenant B: service app  silo tenant B: store main
      the internet                tcp 443, tcp 80  –           –            –                           –                          –                           –
      load balancers              –                –           tcp 8080     tcp 8080                    –                          tcp 8080                    –
      rotation                    –                tcp 5432    –            –                           –                          –                           –
      service app                 –                tcp 5432    –            –                           –                          –                           –
      silo tenant A: service app  –                –           –            –                           tcp 5432                   –                           –
      silo tenant A: rotation     –                –           –            –                           tcp 5432                   –                           –
      silo tenant B: service app  –                –           –            –                           –                          –                           tcp 5432
      silo tenant B: rotation     –                –           –            –                           –                          –                           tcp 5432"
    `);
  });
});

function tableText({ title, columns, rows }: ReturnType<typeof check>["matrices"][number]): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [title, ...lines].join("\n");
}

test("whatever stands in a property, the check ends and does not throw", { timeout: 120_000 }, async () => {
  const files = await shippedFiles("starter", "production");
  const shipment = readShipment(files);
  const random = seededRandom(7);
  const garbage: readonly Data[] = [
    null,
    "",
    "x",
    -1,
    1e30,
    true,
    [],
    {},
    [[]],
    [{}],
    ["⟨unknown:by chance⟩"],
    "⟨unknown:by chance⟩",
    "10.0.0.0/33",
    { a: { b: [] } },
  ];
  const isOfNetwork = /::(?:EC2|ECS|RDS|ElasticLoadBalancingV2|SecretsManager)::/;
  const broken = (share: number): Shipment => ({
    ...shipment,
    shared: shipment.shared.map((stack) => ({
      ...stack,
      resources: () =>
        stack.resources().map((resource) =>
          isOfNetwork.test(resource.type)
            ? {
                ...resource,
                properties: Object.fromEntries(
                  Object.entries(resource.properties).map(([name, value]) => [
                    name,
                    random.unit() < share ? (garbage[random.below(garbage.length)] ?? null) : value,
                  ]),
                ),
              }
            : resource,
        ),
    })),
  });
  for (const share of [0.02, 0.1, 0.5, 1]) {
    for (let time = 0; time < 10; time += 1) {
      const { verdicts } = checkNetwork(broken(share));
      expect(failing(verdicts)).not.toEqual([]);
    }
  }
});

describe("a thousand tenants", () => {
  test(
    "are held apart in all 999,000 ordered pairs, and one rule too many is found from everybody",
    { timeout: 120_000 },
    async () => {
      const files = withTenants(await shippedFiles("tenant-silos", "production"), 1000);
      expect(failing(check(files).verdicts)).toEqual([]);
      const shipment = readShipment(files);
      const [, victim] = [...shipment.tenants.values()];
      const opened: Shipment = {
        ...shipment,
        tenants: new Map(
          [...shipment.tenants].map(([id, tenant]) => [
            id,
            tenant === victim ? withOpenGroup(tenant) : tenant,
          ]),
        ),
      };
      const [first, ...others] = refutedBy(checkNetwork(opened).verdicts, "network/tenants-apart");
      expect(others).toEqual([]);
      // 999 others, and any two tenants.
      expect(first).toMatchObject({
        subject: "tenant/tenant-00001/AppService",
        witness: expect.stringContaining("1000 more pairs like this one") as unknown,
      });
    },
  );

  function withOpenGroup(tenant: NonNullable<ReturnType<Shipment["tenants"]["get"]>>) {
    return {
      ...tenant,
      stacks: tenant.stacks.map((stack) => ({
        ...stack,
        resources: () =>
          stack.resources().map((resource) =>
            resource.logicalId === "AppServiceSecurityGroup"
              ? {
                  ...resource,
                  properties: {
                    ...resource.properties,
                    SecurityGroupIngress: [{ IpProtocol: "-1", CidrIp: "10.0.0.0/8" }],
                  },
                }
              : resource,
          ),
      })),
    };
  }
});
