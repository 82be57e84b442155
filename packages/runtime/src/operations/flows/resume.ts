import { sealFingerprint } from "../../database/database-secrets.ts";
import { ensureTenantPlace, placeOfRow } from "../../tenants/tenant-place.ts";
import type { Flow } from "../flow.ts";
import { requireStatus, setTenant, tenantRow } from "../registry-rows.ts";
import type { Step } from "../step.ts";

/** Lets a suspended tenant in again, once its tables are as this release needs them. */
export const resume: Flow = {
  kind: "resume",
  steps: () => ["prepare", "resume"],
  async forward(run) {
    const { tenant } = run.operation;
    await run.step(prepareStep(tenant, "resume"));
    await run.step(resumeStep(tenant), { result: () => ({ status: "active" }), detail: () => ({}) });
  },
};

/** Brings the place to the latest version and seals it with the present secret. */
export const prepareStep = (
  tenant: string,
  kind: "resume" | "move",
): Step<{ version: number; sealedWith: string }> => ({
  name: "prepare",
  ensure: async ({ owner, access }) => {
    const row = await tenantRow(owner, tenant);
    requireStatus(row, kind);
    const version = await ensureTenantPlace(access, placeOfRow(row));
    return { version, sealedWith: sealFingerprint(access.secrets) };
  },
  record: (client, { version, sealedWith }) =>
    setTenant(client, tenant, { schema_version: version, sealed_with: sealedWith }),
  detail: ({ version }) => `version ${version}`,
});

const resumeStep = (tenant: string): Step<null> => ({
  name: "resume",
  isFinal: true,
  ensure: () => Promise.resolve(null),
  record: (client) => setTenant(client, tenant, { status: "active" }),
});
