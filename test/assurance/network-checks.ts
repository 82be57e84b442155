/* What the tests of the network ask of a check. */
import { checkNetwork, readShipment, type ShippedFiles, type Verdict } from "@tenantry/assurance";
import { type EditableTemplate, editJson, resourceOf } from "./mutants/edit.ts";

export const check = (files: ShippedFiles) => checkNetwork(readShipment(files));

export const failing = (verdicts: readonly Verdict[]) =>
  verdicts.filter(({ kind }) => kind === "refuted" || kind === "unknown");

export const refutedBy = (verdicts: readonly Verdict[], rule: string) =>
  verdicts.filter((verdict) => verdict.kind === "refuted" && verdict.rule === rule);

/** The template of tenants with a service of their own. */
export const tenantTemplate = "tenant-silo";

/** Gives a group one rule in. */
export function ingress(template: EditableTemplate, group: string, rule: object): void {
  resourceOf(template, group).Properties["SecurityGroupIngress"] = [rule];
}

export interface Placement {
  tenants: Record<string, { tier: string; slot: number }>;
}

/** The platform with as many copies of its first silo tenant as a test wants, and nobody else. */
export function withTenants(files: ShippedFiles, count: number): ShippedFiles {
  return editJson<Placement>(files, "placement.json", (placement) => {
    const [id = "", tenant] = Object.entries(placement.tenants).find(([, { tier }]) => tier === "silo") ?? [];
    const copies = Array.from({ length: count }, (_, index) => {
      const copy = `tenant-${String(index).padStart(5, "0")}`;
      const text = JSON.stringify(tenant).replaceAll(id.replaceAll("-", "_"), copy.replaceAll("-", "_"));
      return [
        copy,
        { ...(JSON.parse(text.replaceAll(id, copy)) as Placement["tenants"][string]), slot: index + 1 },
      ];
    });
    placement.tenants = Object.fromEntries(copies);
  });
}
