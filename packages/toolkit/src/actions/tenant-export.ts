import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { unexpected } from "../control-plane/ask-control-plane.ts";
import { connectControlPlane } from "../control-plane/control-plane.ts";
import { displayPath } from "../definition/find-definition.ts";
import { errors } from "../errors.ts";
import type { OperationView } from "../operations/operation-view.ts";
import { runOperation } from "../operations/run-operation.ts";
import type { ToolkitPorts } from "../ports.ts";
import { requireTenantId } from "../tenant-argument.ts";
import { answerOf } from "../api/api-answer.ts";
import { findTenant } from "./tenant-show.ts";

export interface TenantExportRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
  readonly tenant: string;
  /** A file that does not exist yet; `<tenant>-<date>.tar.gz` in this folder without one. */
  readonly out?: string | undefined;
}

export interface TenantExportResult {
  readonly operation: OperationView;
  /** The file that was written, as the user would write it. */
  readonly file: string;
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Exports all data of a tenant into one file. */
export async function exportTenant(
  request: TenantExportRequest,
  ports: ToolkitPorts,
): Promise<TenantExportResult> {
  const tenant = requireTenantId(request.tenant);
  const control = await connectControlPlane(request.config, ports);
  await findTenant(control, tenant);
  const path = `/control/v1/tenants/${tenant}/export`;
  const operation = await runOperation(control, { method: "POST", path, body: {} }, ports);
  const today = new Date(ports.clock.nowMs()).toISOString().slice(0, 10);
  const file = resolve(ports.cwd, request.out ?? `${tenant}-${today}.tar.gz`);
  const response = await control.download(`/control/v1/exports/${operation.id}/content`);
  if (!response.ok || response.body === null) {
    const answer = answerOf(response.status, await response.text());
    if (answer.kind === "problem") throw unexpected(answer.problem);
  }
  const written = await write(Readable.fromWeb(response.body as never), file, displayPath(file, ports.cwd));
  return { operation, file: displayPath(file, ports.cwd), ...written };
}

/** Under another name until it is complete, so that half a bundle never looks like a whole one. */
async function write(
  body: Readable,
  file: string,
  shown: string,
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  const part = `${file}.part`;
  try {
    await pipeline(body, count, createWriteStream(part, { mode: 0o600 }));
    await rename(part, file);
  } catch (failure) {
    await rm(part, { force: true });
    const detail = failure instanceof Error ? failure.message : String(failure);
    throw errors.TOOLKIT_FILE_UNWRITABLE({ path: shown, detail }, failure);
  }
  return { sizeBytes, sha256: hash.digest("hex") };
}
