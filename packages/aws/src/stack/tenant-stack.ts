import type { TenantParameter } from "@tenantry/assurance";
import { assert } from "@tenantry/base";
import type { Tier } from "@tenantry/model";
import { type App, CfnParameter, Tags } from "aws-cdk-lib";
import { tenantHostPatterns } from "../load-balancer/tenant-hosts.ts";
import { pascal, PlatformStack } from "./platform-stack.ts";
import type { Site } from "./site.ts";
import type { CellValue } from "./stack-values.ts";

/**
 * The template of all tenants of a tier. Everything in it that differs from tenant to tenant is a parameter, so
 * adding a tenant needs no synthesis, and what is proved about the template holds for every tenant.
 */
export class TenantStack extends PlatformStack {
  readonly tier: Tier;
  /** Where the values of the parameters come from, by the parameter's logical id. */
  readonly tenantSources = new Map<string, TenantParameter>();
  readonly tenantId: string;

  constructor(app: App, site: Site, tier: Tier) {
    super(app, site, `tenant-${tier.name}`, {
      description: `One tenant of the tier ${tier.name} of ${site.platform.name} in ${site.platform.environment}.`,
    });
    this.tier = tier;
    this.tenantId = this.#text("TenantId", { kind: "tenant-id" }, "The tenant's id.", {
      allowedPattern: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
      minLength: 3,
      maxLength: site.platform.tenantIdLengthMax,
    });
    const costCenter = this.#text("CostCenter", { kind: "cost-center" }, "Who pays for the tenant.", {});
    Tags.of(this).add("tenant_id", this.tenantId);
    Tags.of(this).add("cost_center", costCenter);
  }

  /** The id with underscores, as PostgreSQL and outputs write it. */
  username(): string {
    return this.#text("TenantUsername", { kind: "username" }, "The id with underscores.", {
      allowedPattern: "^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
    });
  }

  /** A name with {tenant} in it, for the tenant of the stack. */
  fill(pattern: string): string {
    return pattern.replaceAll("{tenant}", this.tenantId);
  }

  /** A value that the tenant's cell hands over. */
  needOfCell(value: CellValue): string {
    const id = `Cell${pascal(value)}`;
    const known = this.node.tryFindChild(id) as CfnParameter | undefined;
    if (known !== undefined) return known.valueAsString;
    this.tenantSources.set(id, { kind: "cell-value", value });
    const type = "AWS::SSM::Parameter::Value<String>";
    return new CfnParameter(this, id, { type, description: `The value ${value} of the tenant's cell.` })
      .valueAsString;
  }

  /** The host that is shown to people. */
  mainHost(): string {
    const [pattern] = tenantHostPatterns(this.site.platform);
    assert(pattern !== undefined, "the platform has no pattern of tenants' hosts");
    return this.#text("MainHost", { kind: "main-host", pattern }, "The host that is shown to people.", {});
  }

  /** All hosts that reach the tenant; its own domains are among them. */
  hosts(): string[] {
    const known = this.node.tryFindChild("Hosts") as CfnParameter | undefined;
    if (known !== undefined) return known.valueAsList;
    this.tenantSources.set("Hosts", { kind: "hosts", patterns: tenantHostPatterns(this.site.platform) });
    return new CfnParameter(this, "Hosts", {
      type: "CommaDelimitedList",
      description: "The hosts that reach the tenant.",
    }).valueAsList;
  }

  /** The priority of the rule for the `index`th (from 0) of `count` services with a route. */
  priority(service: string, index: number, count: number): number {
    const id = `Priority${pascal(service)}`;
    this.tenantSources.set(id, { kind: "priority", index, count });
    return new CfnParameter(this, id, {
      type: "Number",
      minValue: 1,
      maxValue: 50_000,
      description: `The place of the rule of ${service} in the listener of the cell.`,
    }).valueAsNumber;
  }

  #text(
    id: string,
    source: TenantParameter,
    description: string,
    limits: { readonly allowedPattern?: string; readonly minLength?: number; readonly maxLength?: number },
  ): string {
    const known = this.node.tryFindChild(id) as CfnParameter | undefined;
    if (known !== undefined) return known.valueAsString;
    this.tenantSources.set(id, source);
    return new CfnParameter(this, id, { type: "String", description, ...limits }).valueAsString;
  }
}
