import { readdir, rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { openDeployment } from "@tenantry/model";
import type { Cloud } from "../aws/cloud/cloud.ts";
import { displayPath } from "../definition/find-definition.ts";
import { resolvePlatform, writeLock } from "../definition/resolve-platform.ts";
import { errors } from "../errors.ts";
import { dataFolderOf, locateDefinition } from "../local-platform/locate-platform.ts";
import type { ToolkitPorts } from "../ports.ts";
import { resolveDeployed } from "../tenants-on-aws/resolve-deployed.ts";
import { readIfThere, writeFileAtomically } from "../write-file-atomically.ts";

export interface SynthRequest {
  /** The definition; without it the nearest. */
  readonly config: string | undefined;
  readonly environment: string;
  /** Where to write, relative to the folder that the user stands in; below `.tenantry/synth/` without it. */
  readonly out: string | undefined;
}

export interface SynthResult {
  readonly environment: string;
  /** Absolute path of the folder. */
  readonly folder: string;
  readonly stacks: readonly { readonly id: string; readonly region: string; readonly resources: number }[];
  readonly tenantTemplates: readonly {
    readonly tier: string;
    readonly region: string;
    readonly resources: number;
    readonly tenants: number;
  }[];
  readonly tenants: number;
  /** How many files have another content than before. */
  readonly changed: number;
}

/**
 * Writes every artifact of an environment. Offline; the same definition gives the same bytes. A folder that something
 * else was written into is refused, so that no file of the user's is lost.
 *
 * @param ports with a `cloud`, the tenants that commands added there are part of what is written, and no tenant gets a
 *   slot that another one has there
 */
export async function synth(
  request: SynthRequest,
  ports: ToolkitPorts & { readonly cloud?: Cloud | null },
): Promise<SynthResult> {
  const config = locateDefinition(request.config, ports);
  const { environment } = request;
  const { cloud = null } = ports;
  const { platform, lock } =
    cloud === null
      ? await resolvePlatform(config, { environment, deployment: openDeployment }, ports)
      : await resolveDeployed(config, environment, { ...ports, cloud });
  // CDK is loaded here and nowhere else.
  const { synthesize } = await import("@tenantry/aws/synthesis");
  const { manifest, placements, files } = synthesize(platform);
  const folder =
    request.out === undefined
      ? join(dataFolderOf(config), "synth", environment)
      : resolve(ports.cwd, request.out);
  await requireOwnFolder(folder, ports);
  let changed = 0;
  for (const [path, text] of Object.entries(files)) {
    if (await writeFileAtomically(join(folder, path), text, ports.random)) changed += 1;
  }
  await removeOthers(folder, new Set(Object.keys(files)));
  await writeLock(config, lock, ports);
  const resourcesOf = (template: string) => {
    const { Resources } = JSON.parse(files[`cloudformation/${template}`] ?? "{}") as { Resources?: object };
    return Object.keys(Resources ?? {}).length;
  };
  const tiers = Object.values(placements.tenants).map(({ tier }) => tier);
  return {
    environment,
    folder,
    stacks: manifest.stacks.map(({ id, region, template }) => ({
      id,
      region,
      resources: resourcesOf(template),
    })),
    tenantTemplates: manifest.tenantTemplates.map(({ tier, region, template }) => ({
      tier,
      region,
      resources: resourcesOf(template),
      tenants: tiers.filter((other) => other === tier).length,
    })),
    tenants: tiers.length,
    changed,
  };
}

const manifestPath = join("cloudformation", "manifest.json");

async function requireOwnFolder(folder: string, { cwd }: ToolkitPorts): Promise<void> {
  const entries = await readdir(folder).catch(() => []);
  if (entries.length === 0 || (await readIfThere(join(folder, manifestPath))) !== undefined) return;
  throw errors.TOOLKIT_SYNTH_FOLDER({ folder: displayPath(folder, cwd) });
}

/** What an earlier synthesis wrote and this one does not, such as the template of a tier that is gone. */
async function removeOthers(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name));
    const isOurs = path.endsWith(".template.json") || path === "placement.json";
    if (entry.isFile() && isOurs && !kept.has(path)) await rm(join(folder, path));
  }
}
