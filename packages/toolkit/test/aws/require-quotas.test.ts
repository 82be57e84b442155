import type { ShippedFiles } from "@tenantry/assurance";
import { quotaOf } from "@tenantry/assurance/quotas";
import { isCodedError } from "@tenantry/base";
import { beforeAll, describe, expect, it } from "vitest";
import type { Cloud } from "../../src/aws/cloud/cloud.ts";
import { furtherTenants } from "../../src/aws/quotas/further-tenants.ts";
import { readQuotas } from "../../src/aws/quotas/read-quotas.ts";
import { requireQuotas } from "../../src/aws/quotas/require-quotas.ts";
import { errors } from "../../src/errors.ts";
import type { ToolkitEvent } from "../../src/events.ts";
import { memoryCloud } from "./memory-cloud.ts";
import { shopFiles } from "./shop-files.ts";

const certificates = "L-9365A611";

/** An account that has what it is said to have, and tells what it was asked. */
function accountWith(quotas: Readonly<Record<string, number>>, denied = false) {
  const asked: string[] = [];
  const cloud: Cloud = {
    ...memoryCloud({}),
    region: (name) => ({
      ...memoryCloud({}).region(name),
      quotas: {
        value: async (_service, code) => {
          asked.push(`${name} ${code}`);
          if (denied)
            throw errors.TOOLKIT_AWS_DENIED({
              operation: "GetServiceQuota",
              region: name,
              detail: "not you",
            });
          return quotas[code] ?? null;
        },
      },
    }),
  };
  return { cloud, asked };
}

async function outcome(
  shipped: ShippedFiles,
  cloud: Cloud,
  further: Parameters<typeof requireQuotas>[1] = [],
) {
  const events: ToolkitEvent[] = [];
  const failure = await requireQuotas(shipped, further, {
    cloud,
    onEvent: (event) => events.push(event),
  }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const warnings = events.flatMap((event) => (event.code === "TOOLKIT_WARNING" ? [event.warning] : []));
  if (failure !== null && !isCodedError(failure)) throw failure;
  return { failure, warnings };
}

describe("before anything is deployed", () => {
  let shipped: ShippedFiles;
  beforeAll(() => {
    shipped = shopFiles();
  });

  it("what the account has room for goes ahead, after its quotas were read", async () => {
    const { cloud, asked } = accountWith({ [certificates]: 3 });
    expect(await outcome(shipped, cloud)).toEqual({ failure: null, warnings: [] });
    expect(asked).toContain(`us-east-1 ${certificates}`);
    // Quotas of IAM are asked for where IAM is.
    expect(asked).toContain("us-east-1 L-FE177D64");
    // What no tenant uses up, and is not full, is not asked for.
    expect(asked).not.toContain("us-east-1 L-F678F1CE");
  });

  it("what it has no room for is refused, with the quota, its value, what would be used and what lifts it", async () => {
    const { failure } = await outcome(shipped, accountWith({ [certificates]: 2 }).cloud);
    expect(failure).toMatchObject({ code: "TOOLKIT_QUOTA_EXCEEDED" });
    expect(failure?.message).toMatchInlineSnapshot(
      `"the account does not hold what would be deployed: cell-1/LoadBalancer would have 3 certificates, and "Certificates per Application Load Balancer" (L-9365A611) is 2"`,
    );
    expect(failure?.fix).toMatchInlineSnapshot(
      `"make room with another cell, or an increase of L-9365A611 in Service Quotas; where the account has more than could be read, say so in cells.quotas"`,
    );
  });

  it("quotas of a region and of the account refuse too", async () => {
    const { failure } = await outcome(shipped, accountWith({ "L-FE177D64": 5, "L-0485CB21": 7 }).cloud);
    expect(failure?.message).toMatch(/account would have \d+ roles/);
    expect(failure?.message).toMatch(/us-east-1 would have \d+ stacks/);
  });

  it("tenants that a command added count too", async () => {
    const { cloud } = accountWith({ [certificates]: 5 });
    const added = { tier: "silo", cell: 1 };
    expect((await outcome(shipped, cloud, [added, added])).failure).toBeNull();
    expect((await outcome(shipped, cloud, [added, added, added])).failure).toMatchObject({
      code: "TOOLKIT_QUOTA_EXCEEDED",
    });
  });

  it("what only services at their most would reach is a warning", async () => {
    // Three tenants with up to four tasks of a quarter of a vCPU.
    const { failure, warnings } = await outcome(shipped, accountWith({ "L-3032A538": 2 }).cloud);
    expect(failure).toBeNull();
    expect(warnings).toEqual([
      'us-east-1 may come to use 3 vCPUs, and "Fargate On-Demand vCPU resource count" is 2; room is made by an increase of L-3032A538 in Service Quotas',
    ]);
  });

  it("without the permission the defaults are taken, and that is said", async () => {
    const { cloud, asked } = accountWith({}, true);
    const { failure, warnings } = await outcome(shipped, cloud);
    expect(failure).toBeNull();
    expect(warnings).toEqual([
      expect.stringContaining("AWS's default quotas are taken for those of the account"),
    ]);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it("what cannot be read is said, and left to the check", async () => {
    const { "platform.json": _, ...incomplete } = shipped;
    const { failure, warnings } = await outcome(incomplete, accountWith({}).cloud);
    expect(failure).toBeNull();
    expect(warnings).toEqual([expect.stringMatching(/^quotas are not checked: .*platform\.json/)]);
  });
});

describe("quotas of several regions", () => {
  it("are worth the least of them, and a failure that is no denial is one", async () => {
    const of: Readonly<Record<string, number>> = { "us-east-1": 80, "us-west-2": 60 };
    const cloudOf = (value: (region: string) => Promise<number | null>): Cloud => ({
      ...memoryCloud({}),
      region: (name) => ({ ...memoryCloud({}).region(name), quotas: { value: () => value(name) } }),
    });
    const quotas = [quotaOf("certificates-per-load-balancer")];
    const regions = ["us-east-1", "us-west-2"];
    expect(
      await readQuotas(
        quotas,
        regions,
        cloudOf(async (name) => of[name] ?? null),
      ),
    ).toEqual({
      overrides: { [certificates]: 60 },
      unread: null,
    });
    const broken = errors.TOOLKIT_AWS_UNREACHABLE({
      operation: "GetServiceQuota",
      region: "us-east-1",
      detail: "",
    });
    await expect(
      readQuotas(
        quotas,
        regions,
        cloudOf(() => Promise.reject(broken)),
      ),
    ).rejects.toBe(broken);
  });
});

describe("tenants beside those that are shipped", () => {
  it("are those that commands added and that nobody removes", () => {
    const tenant = (id: string, isAdded: boolean, status = "CREATE_COMPLETE") => ({
      id,
      tier: "silo",
      placement: { cell: 2, slot: 1 },
      isAdded,
      stacks: [{ region: "us-east-1", stack: { status } as never }],
    });
    const deployed = [
      tenant("added", true),
      tenant("declared-before", false),
      tenant("leaving", true, "DELETE_IN_PROGRESS"),
      tenant("shipped", true),
    ];
    const placements = { tenants: { shipped: { tier: "silo", cell: 1, slot: 1, stacks: [] } } };
    expect(furtherTenants(deployed, placements)).toEqual([{ tier: "silo", cell: 2 }]);
  });
});
