import { assert } from "@tenantry/base";
import type { Mutant } from "./mutant.ts";
import {
  collector,
  silos,
  starter,
  withSilos,
  shared,
  change,
  ofTenant,
  place,
  manifest,
  rule,
  hostCondition,
  tenantId,
  hostOf,
} from "./routing-edits.ts";

const { add, mutants } = collector();

// Hosts.
add(
  "a prefix before the id without a separator",
  "hosts-of-tenants-apart",
  silos,
  ofTenant(rule, (it) => {
    it["Conditions"] = hostCondition([hostOf("*", tenantId, ".example.com")]);
  }),
);
add(
  "a wildcard for all hosts of the domain",
  "hosts-of-tenants-apart",
  silos,
  ofTenant(rule, (it) => {
    it["Conditions"] = hostCondition(["*.example.com"]);
  }),
);
add(
  "a question mark in a host",
  "hosts-of-tenants-apart",
  silos,
  ofTenant(rule, (it) => {
    it["Conditions"] = hostCondition([hostOf(tenantId, "?.example.com"), hostOf(tenantId, ".example.com")]);
  }),
);
add(
  "a host in the manifest that two ids make",
  "hosts-of-tenants-apart",
  starter,
  manifest(({ Hosts }) => {
    if (Hosts !== undefined)
      Hosts["patterns"] = ["{tenant}.starter.example.com", "x-{tenant}.starter.example.com"];
  }),
);
add(
  "a host of one tenant for another",
  "hosts-of-tenants-apart",
  silos,
  place(({ parameters }) => {
    parameters["Hosts"] = `${parameters["Hosts"]},ACME-corp.example.com`;
  }),
);
add(
  "a domain of one tenant's own for another",
  "hosts-of-tenants-apart",
  silos,
  place((stack, { tenants }) => {
    for (const { stacks } of Object.values(tenants)) {
      for (const { parameters } of stacks) parameters["Hosts"] = `${parameters["Hosts"]},shop.example.org`;
    }
    assert(stack.parameters["Hosts"]?.includes("shop") === true, "it was not added");
  }),
);
add(
  "a wildcard over another tenant's hosts",
  "hosts-of-tenants-apart",
  silos,
  place(({ parameters }) => {
    parameters["Hosts"] = `${parameters["Hosts"]},*.acme-corp.example.com`;
  }),
);
add(
  "a host that a tenant to come gets",
  "hosts-of-tenants-apart",
  withSilos,
  place((stack, placement, id) => {
    const host = stack.parameters["Hosts"]?.split(",")[0] ?? "";
    stack.parameters["Hosts"] = `${stack.parameters["Hosts"]},${host.replace(id, "newcomer")}`;
    assert(placement.tenants["newcomer"] === undefined, "the newcomer is there already");
  }),
);
add(
  "no host condition",
  "hosts-follow-the-definition",
  withSilos,
  ofTenant(rule, (it) => {
    it["Conditions"] = [{ Field: "path-pattern", PathPatternConfig: { Values: ["/*"] } }];
  }),
);
add(
  "a fixed host in the template",
  "hosts-follow-the-definition",
  withSilos,
  ofTenant(rule, (it) => {
    it["Conditions"] = hostCondition(["www.example.net"]);
  }),
);
add(
  "hosts of another domain in the manifest",
  "hosts-follow-the-definition",
  withSilos,
  manifest(({ Hosts }) => {
    if (Hosts !== undefined) Hosts["patterns"] = ["{tenant}.example.net"];
  }),
);
add(
  "a host in the old way of writing",
  "hosts-follow-the-definition",
  withSilos,
  ofTenant(rule, (it) => {
    it["Conditions"] = [{ Field: "host-header", Values: ["*.example.net"] }];
  }),
);
add(
  "a record of the platform that an id makes",
  "platform-hosts-apart",
  silos,
  change("edge", "RegionA", (it) => {
    it["Name"] = "origin.example.com";
  }),
);
add(
  "a record of the platform for a tenant's host",
  "platform-hosts-apart",
  silos,
  change("edge", "EntryA", (it) => {
    it["Name"] = "login.acme-corp.example.com";
  }),
);
add(
  "a rule of the platform for what an id makes",
  "platform-hosts-apart",
  shared,
  change("services", rule, (it) => {
    it["Conditions"] = hostCondition(["intranet.starter.example.com"]);
  }),
);

// Placement.
add(
  "another tenant's id",
  "placement-follows-the-template",
  withSilos,
  place(({ parameters }) => {
    parameters["TenantId"] = "somebody-else";
  }),
);
add(
  "another tenant's stack name",
  "placement-follows-the-template",
  withSilos,
  place((stack) => {
    stack.stackName = `${stack.stackName}-2`;
  }),
);
add(
  "a listener of another cell",
  "placement-follows-the-template",
  withSilos,
  place(({ parameters }) => {
    parameters["CellListenerArn"] = parameters["CellListenerArn"]?.replace("/1/", "/2/") ?? "";
  }),
);
add(
  "a value of another stack",
  "placement-follows-the-template",
  silos,
  place(({ parameters }) => {
    parameters["ValueNetworkVpcId"] = "/saas-platform/production/keys/logs";
  }),
);
add(
  "a tier that is none",
  "placement-follows-the-template",
  withSilos,
  place((_, { tenants }, id) => {
    const tenant = tenants[id];
    if (tenant !== undefined) tenant.tier = "gold";
  }),
);
add(
  "a tenant without its stack",
  "placement-follows-the-template",
  withSilos,
  place((_, { tenants }, id) => {
    tenants[id]?.stacks.pop();
  }),
);
add(
  "a tenant that is not placed",
  "placement-follows-the-template",
  withSilos,
  place((_, { tenants }, id) => {
    delete tenants[id];
  }),
);
add(
  "a slot that the definition does not say",
  "placement-follows-the-template",
  withSilos,
  place((stack, { tenants }, id) => {
    const tenant = tenants[id];
    if (tenant !== undefined) tenant.slot = 17;
    stack.parameters["PriorityApp"] = "17";
  }),
);
add(
  "two tenants in one slot",
  "slots-apart",
  withSilos,
  place((_, { tenants }, id) => {
    const tenant = tenants[id];
    if (tenant !== undefined) tenant.slot = 1;
  }),
);
add(
  "a slot beyond the cell",
  "slots-apart",
  withSilos,
  place((_, { tenants }, id) => {
    const tenant = tenants[id];
    if (tenant !== undefined) tenant.slot = 100_000;
  }),
);

export const routingHostMutants: readonly Mutant[] = mutants;
