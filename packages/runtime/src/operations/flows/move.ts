import { assert } from "@tenantry/base";
import type { Isolation, TenantId } from "@tenantry/model";
import { Sealer } from "../../database/database-secrets.ts";
import { errors } from "../../errors.ts";
import { copyTable, sumTable, tablesAt, type TableSum } from "../../tenants/copy-place.ts";
import { placeRemains } from "../../tenants/place-remains.ts";
import { removePlace } from "../../tenants/remove-place.ts";
import {
  ensureTenantPlace,
  objectNameOf,
  otherPlaceOfRow,
  type Place,
  placeOfRow,
} from "../../tenants/tenant-place.ts";
import { tenantOf } from "../../tenants/tenant-rows.ts";
import { lowerFence, raiseFence } from "../../tenants/write-fence.ts";
import type { Flow } from "../flow.ts";
import type { MoveInput } from "../operation.ts";
import { findTenantRow, removeSeal, requireStatus, setTenant, tenantRow } from "../registry-rows.ts";
import type { Step, StepContext } from "../step.ts";
import { prepareStep } from "./resume.ts";

/**
 * Changes a tenant's tier, and with its isolation the place of its rows:
 *
 *   plan ─▶ prepare ─▶ make-target ─▶ fence ─▶ copy ─▶ verify ─▶ switch ─▶ settle ─▶ remove-source ─▶ verify-source
 *     └────────────────────────── back ──────────────────┘         └ no way back, and none needed
 *
 * From fence to switch the tenant reads and does not write. Until the switch the source is
 * untouched, so going back is lowering the fence and removing the copy.
 */
export const move: Flow = {
  kind: "move",
  steps: (input, tenant) =>
    input["isolation"] === tenant?.isolation
      ? ["prepare", "switch"]
      : [
          "prepare",
          "plan",
          "make-target",
          "fence",
          "copy",
          "verify",
          "switch",
          "settle",
          "remove-source",
          "verify-source",
        ],
  async forward(run) {
    const { tenant } = run.operation;
    const input = run.operation.input as unknown as MoveInput;
    const ending = {
      result: () => ({ tier: input.tier, isolation: input.isolation }),
      detail: () => ({ tier: input.tier }),
    };
    await run.step(prepareStep(tenant, "move"));
    if (!run.operation.steps.some(({ name }) => name === "plan")) {
      await run.step(changeTier(tenant, input.tier), ending);
      return;
    }
    const plan = await run.step(planStep(tenant, input.isolation));
    await run.step(makeTarget(plan));
    await run.step(fence(plan));
    await run.step(copy(plan));
    await run.step(verify(plan));
    await run.step(switchPlaces(plan, input.tier));
    run.insist();
    await run.step(settle);
    await run.step(removeSource(plan));
    await run.step(verifySource(plan), ending);
  },
  async back(run) {
    await run.step(reopen(run.operation.tenant));
    await run.step(removeTarget(run.operation.tenant));
  },
};

interface Plan {
  readonly from: Place;
  readonly to: Place;
}

const changeTier = (tenant: string, tier: string): Step<null> => ({
  name: "switch",
  isFinal: true,
  ensure: () => Promise.resolve(null),
  record: (client) => setTenant(client, tenant, { tier }),
});

const planStep = (tenant: TenantId, isolation: Isolation): Step<Plan> => ({
  name: "plan",
  ensure: async ({ owner, access, operation }) => {
    const row = await tenantRow(owner, tenant);
    requireStatus(row, "move");
    const from = placeOfRow(row);
    assert(from.isolation !== isolation, "a move that changes no isolation needs no plan");
    const objectName = objectNameOf(access, tenant, isolation, operation);
    return { from: { ...from }, to: { ...from, isolation, objectName } };
  },
  record: (client, { to }) =>
    setTenant(client, tenant, { other_isolation: to.isolation, other_object_name: to.objectName }),
  detail: ({ from, to }) => `${from.isolation} to ${to.isolation}`,
});

const makeTarget = ({ to }: Plan): Step<null> => ({
  name: "make-target",
  ensure: async ({ access }) => {
    await ensureTenantPlace(access, to);
    return null;
  },
});

const fence = ({ from }: Plan): Step<null> => ({
  name: "fence",
  ensure: async ({ access, owner, clock, tenant, pulse }) => {
    // The gateway first, so that few meet the database's refusal, which explains nothing.
    await setTenant(owner, tenant, { writes: "fenced" });
    await raiseFence(access, from, clock, pulse);
    return null;
  },
});

const copy = ({ from, to }: Plan): Step<Record<string, number>> => ({
  name: "copy",
  ensure: async (context) => {
    const { access, store, pulse } = context;
    const tenant = await currentTenant(context);
    const copied: Record<string, number> = {};
    for (const table of await tablesAt(access, from)) {
      copied[table.name] = await copyTable(store, access, tenant, table, { from, to }, pulse);
    }
    return copied;
  },
  detail: (copied) => `${Object.values(copied).reduce((sum, rows) => sum + rows, 0)} rows`,
});

const verify = ({ from, to }: Plan): Step<Record<string, string>> => ({
  name: "verify",
  ensure: async (context) => {
    const { access, store, pulse } = context;
    const tenant = await currentTenant(context);
    const sums: Record<string, string> = {};
    for (const table of await tablesAt(access, from)) {
      const [source, copied] = [
        await sumTable(store, access, tenant, table, from, pulse),
        await sumTable(store, access, tenant, table, to, pulse),
      ];
      if (source.rows !== copied.rows || source.sha256 !== copied.sha256) {
        const { id } = tenant;
        throw errors.RUNTIME_COPY_DIFFERS({
          tenant: id,
          table: table.name,
          source: printSum(source),
          copy: printSum(copied),
        });
      }
      sums[table.name] = printSum(source);
    }
    return sums;
  },
});

const printSum = ({ rows, sha256 }: TableSum) => `${rows} rows with SHA-256 ${sha256.slice(0, 16)}`;

const switchPlaces = ({ from, to }: Plan, tier: string): Step<null> => ({
  name: "switch",
  isFinal: true,
  ensure: () => Promise.resolve(null),
  record: (client) =>
    setTenant(client, to.tenant, {
      tier,
      isolation: to.isolation,
      object_name: to.objectName,
      other_isolation: from.isolation,
      other_object_name: from.objectName,
      writes: "open",
    }),
});

/**
 * Until now a process may not have heard that the tenant is elsewhere: what it still reads in the
 * old place is old, and what it writes there is refused, because the fence stands.
 */
const settle: Step<null> = {
  name: "settle",
  ensure: async ({ clock, staleMs, pulse }) => {
    const untilMs = clock.monotonicMs() + staleMs;
    for (let leftMs = staleMs; leftMs > 0; leftMs = untilMs - clock.monotonicMs()) {
      await clock.sleep(Math.min(leftMs, 1_000));
      await pulse();
    }
    return null;
  },
};

const removeSource = ({ from, to }: Plan): Step<null> => ({
  name: "remove-source",
  ensure: async ({ access, clock, pulse }) => {
    // In the pool the rows go one by one, which the fence forbids as well.
    if (from.isolation === "pool") await lowerFence(access, from, clock, ["delete"]);
    await removePlace(access, from, { seal: sharedSeal({ access }, from), pulse });
    await lowerFence(access, from, clock);
    return null;
  },
  record: async (client) => {
    await setTenant(client, from.tenant, { other_isolation: null, other_object_name: null });
    if (to.isolation === "silo") await removeSeal(client, from.tenant);
  },
});

const verifySource = ({ from }: Plan): Step<null> => ({
  name: "verify-source",
  ensure: async ({ access, tenant }) => {
    const remains = await placeRemains(access, from);
    if (remains.length > 0) throw errors.RUNTIME_REMAINS({ tenant, remains });
    return null;
  },
});

const reopen = (tenant: string): Step<null> => ({
  name: "reopen",
  ensure: async ({ access, owner, clock }) => {
    const row = await findTenantRow(owner, tenant);
    if (row?.writes === "fenced") await lowerFence(access, placeOfRow(row), clock);
    return null;
  },
  record: (client) => setTenant(client, tenant, { writes: "open" }),
});

const removeTarget = (tenant: string): Step<{ source: Isolation | null }> => ({
  name: "remove-target",
  ensure: async ({ access, owner, pulse }) => {
    const row = await findTenantRow(owner, tenant);
    const target = row === null ? null : otherPlaceOfRow(row);
    if (target !== null) await removePlace(access, target, { seal: sharedSeal({ access }, target), pulse });
    return { source: row?.isolation ?? null };
  },
  record: async (client, { source }) => {
    await setTenant(client, tenant, { other_isolation: null, other_object_name: null });
    // The copy of a tenant with a database of its own was let into the shared one.
    if (source === "silo") await removeSeal(client, tenant);
  },
});

async function currentTenant({ owner, tenant }: StepContext) {
  return tenantOf(await tenantRow(owner, tenant));
}

function sharedSeal({ access }: Pick<StepContext, "access">, { tenant, life }: Place): string {
  return new Sealer(access.secrets, access.names.database).seal(tenant, life);
}
