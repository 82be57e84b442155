import type { ShippedFiles } from "@tenantry/assurance";
import { editJson } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import { mutantOf, silos, starter } from "./tenant-template-edits.ts";

const mutant = mutantOf("names");

interface Placement {
  tenants: Record<
    string,
    {
      cell: number;
      slot: number;
      tier: string;
      stacks: { parameters: Record<string, string>; stackName: string; region: string; template: string }[];
    }
  >;
}

const placed =
  (edit: (tenants: Placement["tenants"]) => void) =>
  (files: ShippedFiles): ShippedFiles =>
    editJson<Placement>(files, "placement.json", ({ tenants }) => edit(tenants));

/** Gives a tenant's stack a parameter. */
const parameter = (id: string, name: string, value: (before: string) => string) =>
  placed((tenants) => {
    for (const { parameters } of tenants[id]?.stacks ?? []) parameters[name] = value(parameters[name] ?? "");
  });

/** Placements that somebody changed by hand. */
export const placementMutants: readonly Mutant[] = [
  mutant(
    "a tenant with the id of another",
    "placement-as-ruled",
    silos,
    parameter("globex-inc", "TenantId", () => "acme-corp"),
  ),
  mutant(
    "a tenant whose names are another's",
    "placed-tenants-apart",
    silos,
    parameter("globex-inc", "TenantId", () => "acme-corp"),
  ),
  mutant(
    "a tenant with the username of another",
    "placement-as-ruled",
    silos,
    parameter("globex-inc", "TenantUsername", () => "acme_corp"),
  ),
  mutant(
    "a tenant whose user is another's",
    "placed-tenants-apart",
    silos,
    parameter("globex-inc", "TenantUsername", () => "acme_corp"),
  ),
  mutant(
    "a username that keeps its hyphens",
    "placement-as-ruled",
    silos,
    parameter("globex-inc", "TenantUsername", () => "globex-inc"),
  ),
  mutant(
    "a main host of another tenant",
    "placement-as-ruled",
    silos,
    parameter("globex-inc", "MainHost", (host) => host.replace("globex-inc", "acme-corp")),
  ),
  mutant(
    "a host of another tenant besides its own",
    "placement-as-ruled",
    silos,
    parameter("globex-inc", "Hosts", (hosts) => `${hosts},acme-corp.example.com`),
  ),
  mutant("a domain that two tenants have", "placement-as-ruled", silos, (files) =>
    ["acme-corp", "globex-inc"].reduce(
      (before, id) => parameter(id, "Hosts", (hosts) => `${hosts},shop.example.org`)(before),
      files,
    ),
  ),
  mutant(
    "a host with a star of its own",
    "placement-as-ruled",
    silos,
    parameter("globex-inc", "Hosts", (hosts) => `${hosts},*.example.org`),
  ),
  mutant(
    "the listener of a cell that the tenant is not in",
    "placement-as-ruled",
    silos,
    parameter("globex-inc", "CellListenerArn", (path) => path.replace("/cells/1/", "/cells/2/")),
  ),
  mutant(
    "a value of the platform in place of the cell's",
    "placement-as-ruled",
    silos,
    parameter("globex-inc", "CellTargetSecurityGroup", (path) =>
      path.replace("cells/1/target-security-group", "stores/main/client-security-group"),
    ),
  ),
  mutant(
    "two tenants in one slot",
    "placement-as-ruled",
    silos,
    placed((tenants) => {
      for (const id of ["globex-inc"])
        (tenants[id] as Placement["tenants"][string]).slot = tenants["acme-corp"]?.slot ?? 0;
    }),
  ),
  mutant(
    "a priority that is another's",
    "placement-as-ruled",
    silos,
    parameter("globex-inc", "PriorityApp", () => "1"),
  ),
  mutant(
    "a stack that is not called after its tenant",
    "placement-as-ruled",
    silos,
    placed((tenants) => {
      for (const stack of tenants["globex-inc"]?.stacks ?? [])
        stack.stackName = stack.stackName.replace("-inc", "");
    }),
  ),
  mutant(
    "a template of another tier",
    "placement-as-ruled",
    starter,
    placed((tenants) => {
      for (const stack of tenants["initech-llc"]?.stacks ?? [])
        stack.template = "tenant-bridge.template.json";
    }),
  ),
  mutant(
    "a tenant in another tier than was asked for",
    "placement-as-ruled",
    starter,
    placed((tenants) => {
      tenants["initech-llc"] = {
        ...(tenants["initech-llc"] as Placement["tenants"][string]),
        tier: "pool",
        stacks: [],
      };
    }),
  ),
  mutant(
    "a tenant without its stack",
    "placement-as-ruled",
    [...silos, ...starter],
    placed((tenants) => {
      (tenants["initech-llc"] as Placement["tenants"][string]).stacks = [];
    }),
  ),
  mutant(
    "a tenant in a cell that there is not",
    "placement-as-ruled",
    silos,
    placed((tenants) => {
      (tenants["globex-inc"] as Placement["tenants"][string]).cell = 7;
    }),
  ),
  mutant(
    "a tenant with an id that nobody may have",
    "placement-as-ruled",
    [...silos, ...starter],
    placed((tenants) => {
      tenants["www"] = tenants["globex-inc"] as Placement["tenants"][string];
      delete tenants["globex-inc"];
    }),
  ),
  mutant(
    "a tenant with a parameter of nobody's",
    "placement-as-ruled",
    silos,
    parameter("globex-inc", "ValueAuditLogBucket", () => "/saas-platform/production/stores/main/arn"),
  ),
];
