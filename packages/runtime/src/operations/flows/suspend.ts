import type { Flow } from "../flow.ts";
import { requireStatus, setTenant, tenantRow } from "../registry-rows.ts";
import type { Step } from "../step.ts";

/** Shuts a tenant out. The gateway hears of it at once; its data, sign-ins and keys stay. */
export const suspend: Flow = {
  kind: "suspend",
  steps: () => ["suspend"],
  async forward(run) {
    const { reason } = run.operation.input;
    await run.step(suspendStep(run.operation.tenant), {
      result: () => ({ status: "suspended" }),
      detail: () => (typeof reason === "string" ? { reason } : {}),
    });
  },
};

const suspendStep = (tenant: string): Step<null> => ({
  name: "suspend",
  isFinal: true,
  ensure: async ({ owner }) => {
    requireStatus(await tenantRow(owner, tenant), "suspend");
    return null;
  },
  record: (client) => setTenant(client, tenant, { status: "suspended" }),
});
