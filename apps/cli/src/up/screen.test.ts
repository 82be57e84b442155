import type { TenantView, UpResult } from "@tenantry/toolkit";
import { expect, test } from "vitest";
import { upScreen } from "./screen.ts";

const tenant = (id: string, tier: TenantView["isolation"]): TenantView => ({
  id,
  tier,
  isolation: tier,
  status: "active",
  placement: { cell: 1, slot: 1 },
  schemaVersion: 1,
  createdAt: "2026-01-31T12:00:00.000Z",
  url: `http://${id}.localhost:8080`,
});

const result: UpResult = {
  platform: "starter",
  environment: "development",
  config: "/home/ada/starter/tenantry.config.ts",
  dataFolder: "/home/ada/starter/.tenantry",
  gatewayUrl: "http://127.0.0.1:8080",
  controlUrl: "http://127.0.0.1:8081",
  database: "PostgreSQL at 127.0.0.1:5433, embedded",
  tenants: [tenant("acme-corp", "pool"), tenant("globex-inc", "bridge"), tenant("initech-llc", "silo")],
  tiers: ["pool", "bridge", "silo"],
  tenantCount: 3,
  services: [{ name: "app", state: "ready", detail: "http://127.0.0.1:3000" }],
  pid: 4711,
  readyAt: "2026-01-31T12:00:00.000Z",
  durationMs: 2_345,
};

const plain = { paint: (_: unknown, text: string) => text };
const options = { program: "npx tenantry", selection: "", dataFolder: "starter/.tenantry", detached: false };
const text = (lines: readonly string[]) => `${lines.join("\n")}\n`;

test("the screen says where everything is and what to type next", async () => {
  await expect(text(upScreen(result, options, plain))).toMatchFileSnapshot(
    "../../test/golden/up-screen.golden.txt",
  );
});

test("of many tenants ten are named and the rest is counted; hints carry what selects the platform", async () => {
  const tenants = Array.from({ length: 10 }, (_, index) => tenant(`tenant-${index}`, "pool"));
  const many = { ...result, tenants, tenantCount: 10_000 };
  const elsewhere = {
    ...options,
    program: "tenantry",
    selection: " --config shop/tenantry.config.ts",
    detached: true,
  };
  await expect(text(upScreen(many, elsewhere, plain))).toMatchFileSnapshot(
    "../../test/golden/up-screen-many.golden.txt",
  );
});

test("without tenants the screen says how to add the first", async () => {
  const none = { ...result, tenants: [], tenantCount: 0, services: [] };
  await expect(text(upScreen(none, options, plain))).toMatchFileSnapshot(
    "../../test/golden/up-screen-none.golden.txt",
  );
});

test("the screen fits a terminal of 24 lines and 110 columns", () => {
  const lines = upScreen(result, options, plain);
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(lines.filter((line) => line.length > 110)).toEqual([]);
});

test("a platform without tiers is not told how to add a tenant", () => {
  const website = { ...result, tiers: [], tenants: [], tenantCount: 0 };
  const screen = text(upScreen(website, options, plain));
  expect(screen).toContain("none: this platform has no tiers");
  expect(screen).not.toContain("tenant add");
});
