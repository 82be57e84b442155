import { resolve } from "@tenantry/model";
import { expect, test } from "vitest";
import { describePlatform } from "../testing.ts";
import definition from "./tenantry.config.ts";

describePlatform(new URL(".", import.meta.url), definition, ["development", "production"]);

const platform = resolve(definition, "development");

test("each of the three tenants is isolated in a way of its own", () => {
  const isolations = Object.values(platform.tenants).map(({ id, tier }) => [
    id,
    platform.tiers[tier]?.stores["main"],
  ]);
  expect(isolations).toEqual([
    ["acme-corp", "pool"],
    ["globex-inc", "bridge"],
    ["initech-llc", "silo"],
  ]);
  expect(platform.defaultTier).toBe("pool");
  expect(platform.tenantStore).toBe("main");
});

test("the application runs on this machine and is served at the root", () => {
  expect(platform.services["app"]).toMatchObject({
    local: { command: ["node", "app/server.ts"], env: {} },
    route: "/",
    health: { path: "/healthz" },
  });
});

test("a tenant has its hosts below the domain of the environment", () => {
  expect(platform.tenants["acme-corp"]?.hosts).toEqual(["acme-corp.localhost", "*.acme-corp.localhost"]);
  expect(resolve(definition, "production").tenants["acme-corp"]?.hosts[0]).toBe(
    "acme-corp.starter.example.com",
  );
});
