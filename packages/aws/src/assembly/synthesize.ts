import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, stableJson } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import { cellRooms } from "../capacity/cell-capacity.ts";
import { errors } from "../errors.ts";
import { accessStack } from "../identity/access-stack.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";
import { primarySite, recoverySite, type Site } from "../stack/site.ts";
import { TenantStack } from "../stack/tenant-stack.ts";
import { cellStack, hasCells } from "../stacks/cell-stack.ts";
import { cellWatchStack } from "../stacks/cell-watch-stack.ts";
import { dataStack, replicasStack } from "../stacks/data-stack.ts";
import { edgeStacks } from "../stacks/edge-stack.ts";
import { foundationStack } from "../stacks/foundation-stack.ts";
import { globalOperationsStack, operationsStack } from "../stacks/operations-stack.ts";
import { organizationStack } from "../stacks/organization-stack.ts";
import { servicesStack } from "../stacks/services-stack.ts";
import { tenantStackOfTier } from "../stacks/tenant-stack-of-tier.ts";
import type { AssemblyManifest, AssemblyStack, TenantPlacements, TenantTemplate } from "./assembly.ts";
import { placeTenants, type TierTemplate } from "./place-tenants.ts";
import { type StackEntry, stackEntriesOf } from "./stack-entries.ts";
import { inOrder, type OrderedStack, StackOrder } from "./stack-order.ts";
import { requireFit, type Template } from "./template-limits.ts";

/** What was made of a platform: the files, by their path below the output folder, and what they say. */
export interface Synthesized {
  readonly manifest: AssemblyManifest;
  readonly placements: TenantPlacements;
  /** Text by path: `cloudformation/*.template.json`, `cloudformation/manifest.json`, `placement.json`, `platform.json`. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Makes the CloudFormation templates of a platform. Offline, without credentials, and the same bytes for the same
 * platform on any day: resolve it with `openDeployment`, so that what only a deployment knows stays open.
 *
 * Throws AWS_… where something does not fit into CloudFormation or a cell.
 */
export function synthesize(platform: Platform): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), "tenantry-synth-"));
  try {
    const { app, stacks } = buildApp(platform, folder);
    const assembly = app.synth();
    const made = stacks.flatMap((stack) => {
      const template = assembly.getStackArtifact(stack.artifactId).template as Partial<Template>;
      // What a platform does not ask for makes a stack of nothing, which CloudFormation refuses.
      return template.Resources === undefined ? [] : [describe(stack, template as Template)];
    });
    return collect(platform, [...made, describeAccess(platform, made, join(folder, "access"))]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The stack that lets deployments in, which allows what the templates of the others need. */
function describeAccess(platform: Platform, made: readonly MadeStack[], folder: string): MadeStack {
  const app = newApp(folder);
  const deployed = made.filter(({ stack }) => stack.area !== "organization");
  const stack = accessStack(
    app,
    platform,
    deployed.map(({ template }) => template),
  );
  return describe(stack, app.synth().getStackArtifact(stack.artifactId).template as Template);
}

function newApp(folder: string): App {
  return new App({
    outdir: folder,
    analyticsReporting: false,
    treeMetadata: false,
    // The templates are judged as a whole afterwards; while they are made that would only cost time.
    builtinCloudFormationValidation: false,
  });
}

/** The constructs themselves, for checks that walk them. `folder` is where CDK may write. */
export function buildApp(
  platform: Platform,
  folder: string,
): { readonly app: App; readonly stacks: readonly PlatformStack[] } {
  const app = newApp(folder);
  return { app, stacks: stacksOf(app, platform) };
}

/** What only a deployment knows goes into tags, and a stack may have nothing that can carry one. */
function withoutUnusedParameters(stack: PlatformStack, template: Template): Template {
  const { Parameters = {}, ...rest } = template;
  const text = JSON.stringify(rest);
  const used = Object.entries(Parameters).filter(([id]) => {
    const isOpen = stack.parameterSources.get(id)?.kind === "deployment";
    if (!isOpen || text.includes(`"Ref":${JSON.stringify(id)}`)) return true;
    stack.parameterSources.delete(id);
    return false;
  });
  return used.length === 0 ? rest : { ...rest, Parameters: Object.fromEntries(used) };
}

interface MadeStack {
  readonly stack: PlatformStack;
  readonly role: Site["role"];
  readonly file: string;
  readonly text: string;
  /** SHA-256 of the text, in hexadecimal digits. */
  readonly sha256: string;
  readonly template: Template;
}

/** A stack of the manifest: several may have one template. */
type MadeEntry = MadeStack & StackEntry;

function stacksOf(app: App, platform: Platform): readonly PlatformStack[] {
  const primary = primarySite(platform);
  const recovery = recoverySite(platform);
  const organization = organizationStack(app, primary);
  return [
    ...(organization === null ? [] : [organization]),
    ...regionalStacks(app, primary),
    ...(recovery === null ? [] : regionalStacks(app, recovery)),
    ...edgeStacks(app, platform),
    ...(recovery === null ? [] : [operationsStack(app, recovery)]),
    operationsStack(app, primary),
    ...[primary, recovery].map((site) =>
      site !== null && hasCells(site) ? cellWatchStack(app, site) : null,
    ),
    globalOperationsStack(app, primary),
  ].filter((stack) => stack !== null);
}

/** What stands in a region, by how the platform recovers there. */
function regionalStacks(app: App, site: Site): readonly PlatformStack[] {
  const strategy = site.role === "primary" ? "active-active" : site.platform.recovery?.strategy;
  const stacks: (PlatformStack | null)[] = [foundationStack(app, site)];
  // Copies of buckets are there whatever waits: they are how objects get over.
  if (site.role === "recovery") stacks.push(replicasStack(app, site));
  if (strategy !== "backup-and-restore") stacks.push(dataStack(app, site));
  if (strategy === "warm-standby" || strategy === "active-active") {
    if (hasCells(site)) stacks.push(cellStack(app, site));
    stacks.push(servicesStack(app, site));
    for (const tier of Object.values(site.platform.tiers)) stacks.push(tenantStackOfTier(app, site, tier));
  }
  return stacks.filter((stack) => stack !== null);
}

function describe(stack: PlatformStack, whole: Template): MadeStack {
  const template = withoutUnusedParameters(stack, whole);
  const file = `${stack.artifactId}.template.json`;
  const text = `${stableJson(template)}\n`;
  requireFit(file, template, text);
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { stack, role: stack.site.role, file, text, sha256, template };
}

function collect(platform: Platform, made: readonly MadeStack[]): Synthesized {
  requireRoom(platform, made);
  const entries = made.flatMap((one) => stackEntriesOf(one.stack).map((entry) => ({ ...one, ...entry })));
  const shared = entries.filter(({ stack }) => !(stack instanceof TenantStack) && !isAdministration(stack));
  const order = new StackOrder(shared.map(orderedStack));
  const assemblyStack = (one: MadeEntry): AssemblyStack => ({
    ...templateOf(one),
    id: one.id,
    area: one.area,
    stackName: one.stackName,
    dependsOn: order.dependenciesOf(orderedStack(one)),
    terminationProtection: platform.dataProtection === "protected",
  });
  const tiers = entries.flatMap((one) =>
    one.stack instanceof TenantStack ? [{ ...one, stack: one.stack }] : [],
  );
  const templateOf = ({ stack, role, file, sha256, template, sources }: MadeEntry) => ({
    role,
    region: stack.region,
    template: file,
    templateSha256: sha256,
    capabilities: capabilitiesOf(template),
    parameters: sources,
  });
  const manifest: AssemblyManifest = {
    version: 1,
    platform: platform.name,
    environment: platform.environment,
    account: platform.account,
    region: platform.region,
    dataProtection: platform.dataProtection,
    stacks: inOrder(shared.map(assemblyStack)),
    administration: entries
      .filter(({ stack }) => isAdministration(stack))
      .map((one) => ({
        ...assemblyStack(one),
        account:
          one.stack.area === "organization"
            ? (platform.organization?.managementAccount ?? null)
            : platform.account,
      })),
    tenantTemplates: tiers.map((one): TenantTemplate => ({
      ...templateOf(one),
      tier: one.stack.tier.name,
      dependsOn: order.dependenciesOf(orderedStack(one)),
      tenantParameters: Object.fromEntries(one.stack.tenantSources),
    })),
  };
  const placements = placeTenants(
    platform,
    tiers.map(({ stack, role, file }): TierTemplate => ({
      tier: stack.tier.name,
      role,
      region: stack.region,
      template: file,
      parameters: Object.fromEntries(stack.tenantSources),
    })),
  );
  assert(new Set(made.map(({ file }) => file)).size === made.length, "two stacks have one template file");
  const files = {
    "platform.json": `${stableJson(platform)}\n`,
    "placement.json": `${stableJson(placements)}\n`,
    "cloudformation/manifest.json": `${stableJson(manifest)}\n`,
    ...Object.fromEntries(made.map(({ file, text }) => [`cloudformation/${file}`, text])),
  };
  return { manifest, placements, files };
}

/** Whether only an administrator deploys it. */
function isAdministration({ area }: PlatformStack): boolean {
  return area === "organization" || area === "access";
}

function orderedStack({ id, stack, template, sources }: MadeEntry): OrderedStack {
  const cellValues =
    stack instanceof TenantStack
      ? [...stack.tenantSources.values()].flatMap((source) =>
          source.kind === "cell-value" ? [source.value] : [],
        )
      : [];
  return { id, region: stack.region, template, sources, cellValues };
}

/** Throws AWS_CELL_CAPACITY where a cell is to hold more tenants than AWS's quotas let it. */
function requireRoom(platform: Platform, made: readonly MadeStack[]): void {
  const here = made.filter(({ role }) => role === "primary");
  const isTenants = ({ stack }: MadeStack) => stack instanceof TenantStack;
  const [narrowest] = cellRooms(
    here
      .filter(({ stack }) => stack.area === "cell" || stack.area === "services")
      .map(({ template }) => template),
    here.filter(isTenants).map(({ template }) => template),
    platform.cells.quotas,
  );
  const { capacity } = platform.cells;
  if (narrowest === undefined || capacity <= narrowest.tenants) return;
  const { quota, code, value } = narrowest.limit;
  throw errors.AWS_CELL_CAPACITY({ capacity, tenants: narrowest.tenants, quota, code, value });
}

function capabilitiesOf({ Resources, Transform }: Template): readonly string[] {
  const makesIam = Object.values(Resources).some(({ Type }) => Type.startsWith("AWS::IAM::"));
  return [
    ...(makesIam ? ["CAPABILITY_NAMED_IAM"] : []),
    ...(Transform === undefined ? [] : ["CAPABILITY_AUTO_EXPAND"]),
  ];
}
