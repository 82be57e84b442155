import { createHash, type Hash } from "node:crypto";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { stableJson } from "@tenantry/base";
import { sql } from "kysely";
import type { DatabaseAccess } from "../../database/database-access.ts";
import { errors } from "../../errors.ts";
import type { ObjectStore } from "../../files/object-store.ts";
import type { Execute, ReadQueries, TenantStore } from "../../tenant-store/tenant-store.ts";
import { PageSize, selectPage, tablesAt, tenantAt } from "../../tenants/copy-place.ts";
import type { PlaceTable } from "../../tenants/place-tables.ts";
import { locationOf, type Place } from "../../tenants/tenant-place.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import {
  type BundleManifest,
  type BundleMember,
  type BundleTable,
  fileMember,
  isExported,
  isSecretColumn,
  manifestName,
  tableMember,
} from "./bundle-manifest.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar.ts";

export interface BundleOptions {
  readonly access: DatabaseAccess;
  readonly store: TenantStore;
  readonly objects: ObjectStore | null;
  readonly tenant: Tenant;
  readonly place: Place;
  readonly operation: string;
  readonly nowMs: number;
  readonly pulse: () => Promise<void>;
}

interface StoredFile {
  readonly id: string;
  readonly sizeBytes: number;
}

/**
 * A tenant's data as a .tar.gz, one part after the other: each table as lines of JSON, the content
 * of the files, and a manifest. All tables are read in one snapshot, so the export shows the tenant
 * at one moment; twice, because an archive says how large a member is before it comes.
 */
export function writeBundle(
  options: BundleOptions,
  onManifest: (manifest: BundleManifest) => void,
): Readable {
  const gzip = createGzip({ level: 6 });
  const source = Readable.from(archive(options, onManifest), { objectMode: false });
  source.on("error", (error) => gzip.destroy(error));
  // Whoever reads no further holds no transaction open.
  gzip.once("close", () => source.destroy());
  return source.pipe(gzip);
}

async function* archive(
  options: BundleOptions,
  onManifest: (manifest: BundleManifest) => void,
): AsyncGenerator<Buffer> {
  const members: BundleMember[] = [];
  const tables: BundleTable[] = [];
  const files: StoredFile[] = [];
  yield* snapshot(options, async function* (db, execute) {
    for (const table of await tablesAt(options.access, options.place)) {
      if (!isExported(table.name)) continue;
      const lines = () => rowsOf(options, db, execute, table, table.name === "files" ? files : null);
      const omitted = table.columns.filter(isSecretColumn);
      const { rows, member } = await measure(tableMember(table.name), lines());
      // They are listed again by the second reading.
      if (table.name === "files") files.length = 0;
      yield* written(member, lines(), options.nowMs);
      members.push(member);
      tables.push({ name: table.name, rows, omitted });
    }
  });
  const missing: string[] = [];
  let bytes = 0;
  for (const file of files) {
    await options.pulse();
    const content = await options.objects?.get(options.tenant.id, file.id);
    if (content === null || content === undefined) {
      missing.push(file.id);
      continue;
    }
    const hash = createHash("sha256");
    const member = { name: fileMember(file.id), sizeBytes: file.sizeBytes };
    yield* written(member, content, options.nowMs, hash);
    members.push({ ...member, sha256: hash.digest("hex") });
    bytes += file.sizeBytes;
  }
  const manifest: BundleManifest = {
    kind: "tenantry-export",
    version: 1,
    tenant: options.tenant.id,
    operation: options.operation,
    createdAt: new Date(options.nowMs).toISOString(),
    tables,
    files: { count: files.length - missing.length, bytes, missing },
    members,
  };
  const text = Buffer.from(stableJson(manifest));
  yield* written({ name: manifestName, sizeBytes: text.length }, [text], options.nowMs);
  yield tarEnd;
  onManifest(manifest);
}

/** Member by member; checks that each is as long as its header says. */
async function* written(
  member: { readonly name: string; readonly sizeBytes: number },
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  nowMs: number,
  hash?: Hash,
): AsyncGenerator<Buffer> {
  yield tarHeader(member, nowMs);
  let sizeBytes = 0;
  for await (const part of content) {
    sizeBytes += part.length;
    hash?.update(part);
    yield Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  }
  if (sizeBytes !== member.sizeBytes) {
    const reason = `${member.name} has ${sizeBytes} bytes and not ${member.sizeBytes}`;
    throw errors.RUNTIME_BUNDLE_INVALID({ reason });
  }
  yield tarPadding(sizeBytes);
}

async function measure(
  name: string,
  lines: AsyncIterable<Buffer>,
): Promise<{ readonly rows: number; readonly member: BundleMember }> {
  const hash = createHash("sha256");
  let rows = 0;
  let sizeBytes = 0;
  for await (const line of lines) {
    hash.update(line);
    sizeBytes += line.length;
    rows += 1;
  }
  return { rows, member: { name, sizeBytes, sha256: hash.digest("hex") } };
}

async function* rowsOf(
  { access, place, pulse }: BundleOptions,
  db: ReadQueries,
  execute: Execute,
  table: PlaceTable,
  files: StoredFile[] | null,
): AsyncGenerator<Buffer> {
  const { schema } = locationOf(access, place);
  const omitted = table.columns.filter(isSecretColumn);
  const row = sql<string>`(to_jsonb(t) - ${omitted}::text[])::text`;
  const size = new PageSize();
  for (let after: string | null = null; ;) {
    await pulse();
    const { limit } = size;
    const page: readonly { readonly row: string }[] = await execute(
      selectPage(db, schema, table, after, limit, row),
    );
    const rows = page.map((found) => found.row);
    for (const line of rows) {
      if (files !== null) files.push(fileOf(line));
      yield Buffer.from(`${line}\n`);
    }
    if (rows.length < limit) return;
    after = rows.at(-1) ?? null;
    size.learn(rows);
  }
}

function fileOf(line: string): StoredFile {
  const { id, size_bytes: sizeBytes } = JSON.parse(line) as { id: string; size_bytes: number };
  return { id, sizeBytes };
}

/**
 * Runs a generator inside one transaction of the store: the transaction lives as long as the
 * generator does, and hands each of its parts to whoever reads.
 */
async function* snapshot(
  { store, tenant, place }: BundleOptions,
  fn: (db: ReadQueries, execute: Execute) => AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  const channel = new TransformStream<Buffer, Buffer>(undefined, { highWaterMark: 1 }, { highWaterMark: 1 });
  const writer = channel.writable.getWriter();
  const transaction = store
    .read(
      tenantAt(tenant, place),
      async (db: ReadQueries, execute: Execute) => {
        for await (const part of fn(db, execute)) await writer.write(part);
      },
      { snapshot: true },
    )
    .then(
      () => writer.close(),
      (error: unknown) => writer.abort(error),
    );
  transaction.catch(() => undefined);
  yield* channel.readable as unknown as AsyncIterable<Buffer>;
  await transaction;
}
