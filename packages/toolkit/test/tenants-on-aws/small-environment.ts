import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseLock, placementsOf, type Placements } from "@tenantry/model";
import {
  addTenantOnAws,
  deploy,
  type DeployRequest,
  type DeployResult,
  listTenantsOnAws,
  moveTenantOnAws,
  plan,
  type DeploymentPlan,
  planTenantMoveOnAws,
  removeTenantOnAws,
  showTenantOnAws,
} from "../../src/index.ts";
import type { Cloud, DeployedStack } from "../../src/aws/cloud/cloud.ts";
import { writeLock } from "../../src/definition/resolve-platform.ts";
import { resolveDeployed } from "../../src/tenants-on-aws/resolve-deployed.ts";
import { type cloudPorts, fastSettings } from "../aws/cloud-ports.ts";
import { type Revision, smallSynthesis } from "./small-synthesis.ts";

type Ports = Awaited<ReturnType<typeof cloudPorts>>;

export interface SmallDefinition {
  /** Id to tier, or to an object, as the definition has it. */
  readonly tenants?: Readonly<Record<string, unknown>>;
  readonly capacity?: number;
  readonly dataProtection?: "protected" | "disposable";
  readonly tiers?: readonly string[];
  readonly idLengthMax?: number;
}

const tiers: Readonly<Record<string, string>> = {
  silo: 'tier({ services: { app: "silo" }, stores: { files: "silo" } })',
  premium: 'tier({ services: { app: "silo" }, stores: { files: "silo" }, monthlyPriceUsd: 900 })',
  lean: 'tier({ services: { app: "silo" } })',
  pooled: "tier({})",
};

/** A platform in a folder of its own, deployed to the emulator, and the commands on its tenants. */
export class SmallEnvironment {
  readonly folder: string;
  readonly name: string;
  readonly ports: Ports;
  readonly environment = "production";
  revision: Revision = {};
  config = "";
  #definitions = 0;

  constructor(folder: string, name: string, ports: Ports) {
    this.folder = folder;
    this.name = name;
    this.ports = { ...ports, cwd: folder };
  }

  /** Writes the definition. A file of its own each time, because Node loads a module once; the lock stays. */
  async define(definition: SmallDefinition = {}): Promise<this> {
    const { tenants = {}, capacity = 3, dataProtection = "disposable", idLengthMax = 32 } = definition;
    const named = definition.tiers ?? Object.keys(tiers);
    this.#definitions += 1;
    this.config = join(this.folder, `revision-${this.#definitions}.config.ts`);
    await writeFile(
      this.config,
      `import { bucket, definePlatform, service, tier } from "@tenantry/model";
       export default definePlatform({
         name: "${this.name}",
         domain: "example.com",
         tenantIdLengthMax: ${idLengthMax},
         routing: { tenantHosts: ["{tenant}.{domain}", "{tenant}.customers.io"] },
         services: { app: service({ image: "nginx:latest", port: 8080, route: "/", uses: ["files"] }) },
         stores: { files: bucket({ purpose: "Files" }) },
         tiers: { ${named.map((tier) => `${tier}: ${tiers[tier] ?? ""}`).join(", ")} },
         defaultTier: "${named[0] ?? ""}",
         tenants: ${JSON.stringify(tenants)},
         cells: { capacity: ${capacity} },
         environments: { production: { region: "us-east-1", dataProtection: "${dataProtection}" } },
       });`,
    );
    return this;
  }

  get #request() {
    return { config: this.config, environment: this.environment, settings: fastSettings };
  }

  get #tools() {
    return {
      ...this.ports,
      synthesize: async (platform: Parameters<typeof smallSynthesis>[0]) =>
        smallSynthesis(platform, this.revision),
    };
  }

  /** As plan and deploy synthesize: with what AWS has, and into the lock. */
  async synth(): Promise<string> {
    const { platform, lock } = await resolveDeployed(this.config, this.environment, this.ports);
    await writeLock(this.config, lock, this.ports);
    const artifacts = join(this.folder, `artifacts-${this.#definitions}`);
    for (const [path, text] of Object.entries(smallSynthesis(platform, this.revision))) {
      await mkdir(dirname(join(artifacts, path)), { recursive: true });
      await writeFile(join(artifacts, path), text);
    }
    return artifacts;
  }

  async plan(): Promise<DeploymentPlan> {
    return plan({ artifacts: await this.synth() }, this.ports);
  }

  async deploy(request: Partial<DeployRequest> = {}): Promise<DeployResult> {
    const artifacts = request.artifacts ?? (await this.synth());
    return deploy({ settings: fastSettings, ...request, artifacts }, this.ports);
  }

  add(tenant: string, tier?: string) {
    return addTenantOnAws({ ...this.#request, tenant, tier }, this.#tools);
  }

  /** Adds a tenant, and ends as a process that is killed does: after the change set is made, and before it is executed. */
  addUntilExecution(tenant: string) {
    const { cloud } = this.ports;
    const dying: Cloud = {
      ...cloud,
      identify: () => cloud.identify(),
      hostedZoneId: (domain) => cloud.hostedZoneId(domain),
      region: (name) => {
        const region = cloud.region(name);
        const executeChangeSet = () => Promise.reject(new Error("ended here"));
        const stacks = new Proxy(region.stacks, {
          get: (target, key) => {
            if (key === "executeChangeSet") return executeChangeSet;
            const value: unknown = Reflect.get(target, key);
            return typeof value === "function" ? value.bind(target) : value;
          },
        });
        return { ...region, stacks };
      },
    };
    return addTenantOnAws({ ...this.#request, tenant, tier: "lean" }, { ...this.#tools, cloud: dying });
  }

  /** The stacks of all tenants, by tenant. */
  async stacks(): Promise<Readonly<Record<string, DeployedStack>>> {
    const all = await this.ports.cloud.region("us-east-1").stacks.list();
    const own = all.filter(({ tags }) => tags["tenantry:platform"] === this.name);
    return Object.fromEntries(
      own.flatMap((stack) => {
        const tenant = stack.tags["tenantry:tenant"];
        return tenant === undefined ? [] : [[tenant, stack]];
      }),
    );
  }

  remove(tenant: string, ...allow: readonly string[]) {
    return removeTenantOnAws({ ...this.#request, tenant, allow }, this.#tools);
  }

  planMove(tenant: string, tier: string) {
    return planTenantMoveOnAws({ ...this.#request, tenant, tier }, this.#tools);
  }

  move(tenant: string, tier: string, reviewed?: DeploymentPlan) {
    return moveTenantOnAws({ ...this.#request, tenant, tier, plan: reviewed }, this.#tools);
  }

  async list() {
    return (await listTenantsOnAws(this.#request, this.#tools)).tenants;
  }

  async show(tenant: string) {
    return (await showTenantOnAws({ ...this.#request, tenant }, this.#tools)).tenant;
  }

  stack(tenant: string) {
    return this.ports.cloud.region("us-east-1").stacks.describe(`${this.name}-production-tenant-${tenant}`);
  }

  async lock(): Promise<Placements> {
    const text = await readFile(join(this.folder, "tenantry.lock.json"), "utf8");
    return placementsOf(parseLock(text), this.environment);
  }
}
