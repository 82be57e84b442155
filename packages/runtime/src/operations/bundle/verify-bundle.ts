import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isCodedError } from "@tenantry/base";
import { errors } from "../../errors.ts";
import { type BundleManifest, type BundleMember, manifestName, tableMember } from "./bundle-manifest.ts";
import { type TarEntry, TarReader } from "./tar.ts";

/** A manifest is small, whatever the bundle holds; what claims to be a larger one is none. */
const manifestBytesMax = 268_435_456;

/**
 * Reads an export to its end and holds every member against the manifest: none is missing, none
 * is more, each has the size and the SHA-256 that it should, and each table the rows.
 *
 * @throws CodedError RUNTIME_BUNDLE_INVALID
 */
export async function verifyBundle(bundle: AsyncIterable<Uint8Array>): Promise<BundleManifest> {
  try {
    return await verify(bundle);
  } catch (error) {
    if (isCodedError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw errors.RUNTIME_BUNDLE_INVALID({ reason }, error);
  }
}

interface Found extends BundleMember {
  readonly lines: number;
}

async function verify(bundle: AsyncIterable<Uint8Array>): Promise<BundleManifest> {
  const source = Readable.from(bundle, { objectMode: false });
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  const reader = new TarReader(source.pipe(gunzip) as AsyncIterable<Uint8Array>);
  const found = new Map<string, Found>();
  let manifest: BundleManifest | null = null;
  for (let entry = await reader.next(); entry !== null; entry = await reader.next()) {
    if (manifest !== null) throw invalid(`${entry.name} stands behind the manifest`);
    if (entry.name === manifestName) manifest = await readManifest(entry);
    else {
      if (found.has(entry.name)) throw invalid(`${entry.name} is there twice`);
      found.set(entry.name, await measure(entry));
    }
  }
  if (manifest === null) throw invalid("it has no manifest");
  compare(manifest, found);
  return manifest;
}

function compare({ members, tables }: BundleManifest, found: ReadonlyMap<string, Found>): void {
  for (const { name, sizeBytes, sha256 } of members) {
    const member = found.get(name);
    if (member === undefined) throw invalid(`${name} is missing`);
    if (member.sizeBytes !== sizeBytes || member.sha256 !== sha256)
      throw invalid(`${name} is not what was exported`);
  }
  if (found.size !== members.length) throw invalid("it has members that the manifest does not name");
  for (const { name, rows } of tables) {
    const lines = found.get(tableMember(name))?.lines;
    if (lines !== rows) throw invalid(`${name} has ${lines ?? "no"} rows and not ${rows}`);
  }
}

async function measure({ name, sizeBytes, content }: TarEntry): Promise<Found> {
  const hash = createHash("sha256");
  let lines = 0;
  for await (const part of content) {
    hash.update(part);
    for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, at + 1)) lines += 1;
  }
  return { name, sizeBytes, sha256: hash.digest("hex"), lines };
}

async function readManifest({ sizeBytes, content }: TarEntry): Promise<BundleManifest> {
  if (sizeBytes > manifestBytesMax) throw invalid(`its manifest has ${sizeBytes} bytes`);
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(Uint8Array.from(part));
  const manifest = JSON.parse(Buffer.concat(parts).toString("utf8")) as BundleManifest;
  if (manifest.kind !== "tenantry-export" || manifest.version !== 1)
    throw invalid("its manifest is of another kind or version");
  return manifest;
}

const invalid = (reason: string) => errors.RUNTIME_BUNDLE_INVALID({ reason });
