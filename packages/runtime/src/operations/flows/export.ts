import { assert } from "@tenantry/base";
import { errors } from "../../errors.ts";
import { placeOfRow } from "../../tenants/tenant-place.ts";
import { tenantOf } from "../../tenants/tenant-rows.ts";
import type { BundleManifest } from "../bundle/bundle-manifest.ts";
import { verifyBundle } from "../bundle/verify-bundle.ts";
import { writeBundle } from "../bundle/write-bundle.ts";
import type { Flow } from "../flow.ts";
import { requireStatus, tenantRow } from "../registry-rows.ts";
import type { Step, StepContext } from "../step.ts";

/** Writes all data of a tenant into one archive. */
export const exportFlow: Flow = {
  kind: "export",
  steps: () => ["export", "verify-export"],
  async forward(run) {
    const written = await run.step(exportStep);
    await run.step(verifyExport, {
      result: () => ({ exportId: run.operation.id, ...written }),
      detail: () => ({ exportId: run.operation.id, sizeBytes: written.sizeBytes, sha256: written.sha256 }),
    });
  },
  async back(run) {
    await run.step(discardExport);
  },
};

export interface WrittenExport {
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly rows: Readonly<Record<string, number>>;
  readonly files: number;
  /** Files whose content was gone from the store. */
  readonly filesMissing: number;
}

export const exportStep: Step<WrittenExport> = {
  name: "export",
  ensure: async (context) => {
    const { owner, access, store, objects, clock, operation, kind, pulse } = context;
    const exports = exportsOf(context);
    const row = await tenantRow(owner, context.tenant);
    requireStatus(row, kind);
    const tenant = tenantOf(row);
    const nowMs = clock.nowMs();
    // What a crash has left in the middle.
    await exports.removeUnfinished(tenant.id, nowMs + 60_000);
    let manifest: BundleManifest | null = null;
    const bundle = writeBundle(
      { access, store, objects, tenant, place: placeOfRow(row), operation, nowMs, pulse },
      (written) => (manifest = written),
    );
    const { sizeBytes, sha256 } = await exports.put(tenant.id, operation, bundle);
    assert(manifest !== null, "an export that was written has a manifest");
    return { sizeBytes, sha256, ...summaryOf(manifest) };
  },
  detail: ({ sizeBytes }) => `${sizeBytes} bytes`,
};

function summaryOf({
  tables,
  files,
}: BundleManifest): Pick<WrittenExport, "rows" | "files" | "filesMissing"> {
  return {
    rows: Object.fromEntries(tables.map(({ name, rows }) => [name, rows])),
    files: files.count,
    filesMissing: files.missing.length,
  };
}

/** Reads the archive as whoever gets it will. */
export const verifyExport: Step<null> = {
  name: "verify-export",
  ensure: async (context) => {
    const bundle = await exportsOf(context).get(context.tenant, context.operation);
    if (bundle === null) throw errors.RUNTIME_BUNDLE_INVALID({ reason: "it is not there" });
    await verifyBundle(bundle);
    return null;
  },
};

export const discardExport: Step<null> = {
  name: "discard-export",
  ensure: async ({ exports, tenant, operation, clock }) => {
    await exports?.removeUnfinished(tenant, clock.nowMs() + 60_000);
    await exports?.delete(tenant, operation);
    return null;
  },
};

export function exportsOf({ exports, tenant }: Pick<StepContext, "exports" | "tenant">) {
  if (exports === null) throw errors.RUNTIME_EXPORTS_MISSING({ tenant });
  return exports;
}
