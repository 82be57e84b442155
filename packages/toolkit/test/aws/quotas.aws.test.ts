import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { quotaOf } from "@tenantry/assurance/quotas";
import { describe, expect, it } from "vitest";
import { readQuotas } from "../../src/aws/quotas/read-quotas.ts";
import { deploy } from "../../src/index.ts";
import { cloudPorts, fastSettings } from "./cloud-ports.ts";
import { emulator, endpoint, platformName, temporaryFolder } from "./emulator.ts";
import { shopFiles } from "./shop-files.ts";

// The emulator knows the quotas of VPC, and says of all others that they do not exist.
describe.skipIf(emulator === null)("quotas of an account", () => {
  it("are read by their codes, and those that Service Quotas does not list are left out", async () => {
    const { cloud } = await cloudPorts(endpoint());
    const quotas = ["vpcs", "security-groups", "iam-roles", "target-groups-per-load-balancer"].map(quotaOf);
    const { overrides, unread } = await readQuotas(quotas, ["us-east-1", "us-west-2"], cloud);
    expect(overrides).toEqual({ "L-F678F1CE": 5, "L-E79EC296": 2500 });
    expect(unread).toBeNull();
  });

  it("refuse a deployment before anything is made", async () => {
    const name = platformName();
    await using folder = await temporaryFolder();
    // Written after it was synthesized: synthesis itself refuses a cell of twenty where there are two.
    const files = Object.entries(shopFiles({ name })).map(([path, text]) =>
      path === "platform.json"
        ? [path, text.replace('"quotas": {}', '"quotas": { "L-9365A611": 2 }')]
        : [path, text],
    );
    for (const [path = "", text = ""] of files) {
      await mkdir(dirname(join(folder.path, path)), { recursive: true });
      await writeFile(join(folder.path, path), text);
    }
    const ports = await cloudPorts(endpoint());
    const failure: unknown = await deploy({ artifacts: folder.path, settings: fastSettings }, ports).catch(
      (thrown: unknown) => thrown,
    );
    expect(failure).toMatchObject({
      code: "TOOLKIT_QUOTA_EXCEEDED",
      message: expect.stringContaining("cell-1/LoadBalancer would have 3 certificates"),
    });
    const stacks = await ports.cloud.region("us-east-1").stacks.list();
    expect(stacks.filter((stack) => stack.name.startsWith(name))).toEqual([]);
  });
});
