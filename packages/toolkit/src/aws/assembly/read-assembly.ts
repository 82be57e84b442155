import { createHash } from "node:crypto";
import { join } from "node:path";
import { stableJson } from "@tenantry/base";
import type { AssemblyManifest, TenantPlacements } from "@tenantry/aws";
import type { z } from "zod";
import { errors } from "../../errors.ts";
import { readIfThere } from "../../write-file-atomically.ts";
import { manifestSchema, placementsSchema, storeSharingSchema } from "./assembly-schema.ts";
import type { Template } from "./template.ts";

/** What synthesis wrote, read and verified. */
export interface Assembly {
  /** As it was named. */
  readonly folder: string;
  readonly manifest: AssemblyManifest;
  readonly placements: TenantPlacements;
  /** By the name of the file. */
  readonly templates: ReadonlyMap<string, AssemblyTemplateFile>;
  /** For each tier, how its tenants have the stores; null where the assembly does not say. */
  readonly storesOfTiers: Readonly<Record<string, Readonly<Record<string, string>>>> | null;
  /** SHA-256 of the manifest and the placements, in hexadecimal digits; they hold those of the templates. */
  readonly digests: { readonly manifest: string; readonly placements: string };
}

export interface AssemblyTemplateFile {
  readonly body: string;
  readonly content: Template;
}

/** CloudFormation takes no larger template, not even from a bucket. */
const templateSizeBytesMax = 1024 * 1024;

/**
 * Reads an assembly and holds every template to its digest.
 *
 * @param folder the folder that `synth` wrote, with `cloudformation/` in it
 * @throws TOOLKIT_ASSEMBLY_MISSING, TOOLKIT_ASSEMBLY_INVALID, TOOLKIT_ASSEMBLY_EDITED
 */
export async function readAssembly(folder: string): Promise<Assembly> {
  const manifestPath = join(folder, "cloudformation", "manifest.json");
  const placementPath = join(folder, "placement.json");
  const manifestText = await required(manifestPath);
  const placementText = await required(placementPath);
  const manifest = parse(manifestSchema, manifestText, manifestPath);
  const placements = parse(placementsSchema, placementText, placementPath);
  const templates = new Map<string, AssemblyTemplateFile>();
  const read = new Set<string>();
  for (const { template, templateSha256 } of [
    ...manifest.stacks,
    ...manifest.administration,
    ...manifest.tenantTemplates,
  ]) {
    // The stacks of cells have one template, and each entry says its digest.
    const key = `${template} ${templateSha256}`;
    if (read.has(key)) continue;
    read.add(key);
    templates.set(template, await readTemplate(join(folder, "cloudformation", template), templateSha256));
  }
  checkReferences(manifest, placements, { manifestPath, placementPath });
  const platformText = await readIfThere(join(folder, "platform.json"));
  const sharing = platformText === undefined ? null : storeSharingSchema.safeParse(json(platformText));
  return {
    folder,
    manifest,
    placements,
    templates,
    storesOfTiers:
      sharing?.success === true
        ? Object.fromEntries(Object.entries(sharing.data.tiers).map(([tier, { stores }]) => [tier, stores]))
        : null,
    digests: { manifest: digestOf(manifestText), placements: digestOf(placementText) },
  };
}

/** SHA-256 in hexadecimal digits. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The digest of plain data, whatever the order of its keys. */
export function digestOfData(data: unknown): string {
  return digestOf(stableJson(data, 0));
}

async function required(path: string): Promise<string> {
  const text = await readIfThere(path);
  if (text === undefined) throw errors.TOOLKIT_ASSEMBLY_MISSING({ path });
  return text;
}

async function readTemplate(path: string, sha256: string): Promise<AssemblyTemplateFile> {
  const body = await required(path);
  if (digestOf(body) !== sha256) throw errors.TOOLKIT_ASSEMBLY_EDITED({ path });
  const size = Buffer.byteLength(body);
  if (size > templateSizeBytesMax)
    throw invalid(path, `the template has ${size} bytes, and CloudFormation takes ${templateSizeBytesMax}`);
  const content = json(body);
  if (typeof content !== "object" || content === null || !("Resources" in content))
    throw invalid(path, "it is not a template in JSON: it has no Resources");
  return { body, content: content as Template };
}

function parse<T>(schema: z.ZodType<T>, text: string, path: string): T {
  const content = json(text);
  if (content === undefined) throw invalid(path, "it is not JSON");
  const read = schema.safeParse(content);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw invalid(path, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checkReferences(
  { platform, environment, stacks, tenantTemplates }: AssemblyManifest,
  { tenants }: TenantPlacements,
  paths: { readonly manifestPath: string; readonly placementPath: string },
): void {
  const before = new Set<string>();
  for (const { id, stackName, dependsOn } of stacks) {
    const unknown = dependsOn.find((other) => !before.has(other));
    if (before.has(id)) throw invalid(paths.manifestPath, `the stack ${id} stands there twice`);
    if (unknown !== undefined)
      throw invalid(paths.manifestPath, `${id} depends on ${unknown}, which does not come before it`);
    if (!stackName.startsWith(`${platform}-${environment}-`))
      throw invalid(paths.manifestPath, `the stack name ${stackName} does not begin with the platform's`);
    before.add(id);
  }
  const templates = new Map(tenantTemplates.map((one) => [one.template, one]));
  const names = new Set(stacks.map(({ stackName, region }) => `${region} ${stackName}`));
  for (const [tenant, placed] of Object.entries(tenants)) {
    for (const stack of placed.stacks) {
      const template = templates.get(stack.template);
      const where = `${tenant}: ${stack.stackName}`;
      if (template === undefined)
        throw invalid(
          paths.placementPath,
          `${where} is of ${stack.template}, which the manifest does not know`,
        );
      if (template.region !== stack.region)
        throw invalid(
          paths.placementPath,
          `${where} is in ${stack.region}, its template in ${template.region}`,
        );
      const key = `${stack.region} ${stack.stackName}`;
      if (names.has(key)) throw invalid(paths.placementPath, `${where} is the name of another stack too`);
      if (!stack.stackName.startsWith(`${platform}-${environment}-`))
        throw invalid(paths.placementPath, `${where} does not begin with the platform's name`);
      names.add(key);
    }
  }
}

function invalid(path: string, detail: string) {
  return errors.TOOLKIT_ASSEMBLY_INVALID({ path, detail });
}
