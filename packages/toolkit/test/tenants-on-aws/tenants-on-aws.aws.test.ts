import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isCodedError } from "@tenantry/base";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloudPorts } from "../aws/cloud-ports.ts";
import { emulator, endpoint, platformName, temporaryFolder } from "../aws/emulator.ts";
import { SmallEnvironment } from "./small-environment.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ports: Awaited<ReturnType<typeof cloudPorts>>;

async function smallEnvironment(): Promise<SmallEnvironment> {
  const name = platformName();
  await mkdir(join(folder.path, name));
  return new SmallEnvironment(join(folder.path, name), name, ports);
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing failed",
    (failure: unknown) => {
      if (!isCodedError(failure)) throw failure;
      return `${failure.code}: ${failure.message}; ${failure.fix}`;
    },
  );
const placeOf = ({ cell, slot }: { readonly cell: number | null; readonly slot: number | null }) => [
  cell,
  slot,
];

describe.skipIf(emulator === null)("tenants that commands add in AWS", () => {
  beforeAll(async () => {
    folder = await temporaryFolder();
    ports = await cloudPorts(endpoint());
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it("are added in the lowest free slot, shown, moved and removed, and nobody else is touched", async () => {
    const small = await (await smallEnvironment()).define({ tenants: { "acme-corp": "silo" } });
    await small.deploy();
    const acme = await small.stack("acme-corp");

    const { tenant, outcome } = await small.add("umbrella-co");
    expect(outcome).toBe("added");
    expect(tenant).toMatchObject({
      tier: "silo",
      cell: 1,
      slot: 2,
      status: "CREATE_COMPLETE",
      url: "https://umbrella-co.example.com",
      declared: false,
      template: "current",
    });
    expect((await small.stack("umbrella-co"))?.tags).toMatchObject({
      "tenantry:declared": "no",
      "tenantry:tier": "silo",
      "tenantry:cell": "1",
      "tenantry:slot": "2",
      tenant_id: "umbrella-co",
    });
    const there = await small.stack("umbrella-co");
    expect((await small.add("umbrella-co")).outcome).toBe("was-there");
    expect((await small.add("umbrella-co", "silo")).outcome).toBe("was-there");
    expect(await small.stack("umbrella-co")).toEqual(there);
    expect(await small.lock()).toEqual({ "acme-corp": { cell: 1, slot: 1 } });

    const made = await small.planMove("umbrella-co", "premium");
    expect(made.tenants.map(({ action, tenant: of }) => [action, of])).toEqual([["update", "umbrella-co"]]);
    expect(made.stacks).toEqual([]);
    const moved = await small.move("umbrella-co", "premium", made);
    expect(moved).toMatchObject({
      outcome: "moved",
      tenant: { tier: "premium", cell: 1, slot: 2, template: "current" },
    });
    expect((await small.move("umbrella-co", "premium")).outcome).toBe("was-there");

    expect((await small.list()).map(({ id, tier, declared }) => [id, tier, declared])).toEqual([
      ["acme-corp", "silo", true],
      ["umbrella-co", "premium", false],
    ]);
    expect(await small.remove("umbrella-co")).toEqual({ tenant: "umbrella-co", kept: [], sharedStores: [] });
    expect(await small.stack("umbrella-co")).toBeNull();
    expect(await small.stack("acme-corp")).toEqual(acme);
    expect((await small.list()).map(({ id }) => id)).toEqual(["acme-corp"]);
  });

  it("outlive plan and deploy, get their template in waves, and whoever is declared no longer goes as before", async () => {
    const small = await (
      await smallEnvironment()
    ).define({
      tenants: { "acme-corp": "silo", "globex-inc": "silo" },
    });
    await small.deploy();
    await small.add("umbrella-co");
    const again = await small.plan();
    expect(again.tenants.map(({ tenant, action }) => [tenant, action])).toEqual([
      ["acme-corp", "unchanged"],
      ["globex-inc", "unchanged"],
      ["umbrella-co", "unchanged"],
    ]);

    small.revision = { tenant: "b" };
    expect((await small.show("umbrella-co")).template).toBe("behind");
    await small.define({ tenants: { "acme-corp": "silo" } });
    const made = await small.plan();
    expect(made.tenants.map(({ tenant, action }) => [tenant, action])).toEqual([
      ["acme-corp", "update"],
      ["umbrella-co", "update"],
      ["globex-inc", "delete"],
    ]);
    await small.deploy({ plan: made });
    expect(await small.stack("globex-inc")).toBeNull();
    expect((await small.show("umbrella-co")).template).toBe("current");
    expect(await small.lock()).toEqual({ "acme-corp": { cell: 1, slot: 1 } });
  });

  it("are left alone by artifacts that do not know them, and are not brought back by those that know them still", async () => {
    const small = await (await smallEnvironment()).define({ tenants: { "acme-corp": "silo" } });
    const without = await small.synth();
    await small.deploy({ artifacts: without });
    await small.add("umbrella-co");
    const umbrella = await small.stack("umbrella-co");
    await small.deploy({ artifacts: without });
    expect(await small.stack("umbrella-co")).toEqual(umbrella);

    await small.define({ tenants: { "acme-corp": "silo" } });
    const knowing = await small.synth();
    await small.remove("umbrella-co");
    const result = await small.deploy({ artifacts: knowing });
    expect(result.stacks.map(({ id }) => id)).toEqual(["foundation", "cell-1", "tenant/acme-corp"]);
    expect(await small.stack("umbrella-co")).toBeNull();
  });

  it("cannot lose their slot to a deployment that was synthesized before they came, nor their tier", async () => {
    const small = await (await smallEnvironment()).define({ tenants: { "acme-corp": "silo" } });
    await small.deploy();
    await small.define({ tenants: { "acme-corp": "silo", "globex-inc": "silo" } });
    const early = await small.synth();
    await small.define({ tenants: { "acme-corp": "silo" } });
    await small.synth();
    expect(placeOf((await small.add("umbrella-co")).tenant)).toEqual([1, 2]);
    expect(await failureOf(small.deploy({ artifacts: early }))).toMatch(
      /^TOOLKIT_DEPLOYMENT_OBSTACLES: .*globex-inc is to have cell 1 slot 2, which umbrella-co has/,
    );
    expect(await small.stack("globex-inc")).toBeNull();

    const stale = await small.synth();
    await small.move("umbrella-co", "premium");
    expect(await failureOf(small.deploy({ artifacts: stale }))).toContain(
      "umbrella-co is on the tier premium by now, and not on silo",
    );

    // The lock and AWS disagree: the model says so, and what to write.
    await small.define({ tenants: { "acme-corp": "silo", "globex-inc": "silo" } });
    await small.remove("umbrella-co");
    await small.synth();
    await small.define({ tenants: { "acme-corp": "silo" } });
    await small.add("umbrella-co");
    await small.define({ tenants: { "acme-corp": "silo", "globex-inc": "silo" } });
    expect(placeOf(await small.show("umbrella-co"))).toEqual([1, 2]);
    expect(await failureOf(small.plan())).toMatch(
      /^MODEL_PLACEMENT_CONFLICT: .*umbrella-co.*tenantry.lock.json/,
    );
  });

  it("keep their place when the definition declares them later, and only their tags change", async () => {
    const small = await (await smallEnvironment()).define({ tenants: { "globex-inc": "silo" } });
    await small.deploy();
    await small.add("acme-corp");
    const added = await small.stack("acme-corp");
    await small.define({ tenants: { "acme-corp": "silo", "globex-inc": "silo" } });
    const result = await small.deploy();
    const declared = await small.stack("acme-corp");
    expect(result.plan.tenants.map(({ tenant, action, change }) => [tenant, action, change])).toEqual([
      ["acme-corp", "update", null],
      ["globex-inc", "unchanged", null],
    ]);
    expect(declared?.tags).toEqual({ ...added?.tags, "tenantry:declared": "yes" });
    expect([declared?.id, declared?.parameters]).toEqual([added?.id, added?.parameters]);
    expect(await small.lock()).toEqual({
      "acme-corp": { cell: 1, slot: 2 },
      "globex-inc": { cell: 1, slot: 1 },
    });
    const works = [
      () => small.add("acme-corp"),
      () => small.remove("acme-corp"),
      () => small.move("acme-corp", "premium"),
    ];
    for (const work of works) expect(await failureOf(work())).toContain("TOOLKIT_TENANT_DECLARED");
    // Declared no longer, it goes with the next deployment, as every declared tenant does.
    await small.define({ tenants: { "globex-inc": "silo" } });
    expect((await small.plan()).tenants.map(({ tenant, action }) => [tenant, action])).toEqual([
      ["globex-inc", "unchanged"],
      ["acme-corp", "delete"],
    ]);
  });

  it("are refused with a reason: ids, hosts, tiers, cells, and environments that are not ready", async () => {
    const small = await (
      await smallEnvironment()
    ).define({
      tenants: { "acme-corp": { tier: "silo", domains: ["umbrella-co.customers.io"] } },
      capacity: 2,
      idLengthMax: 15,
    });
    expect(await failureOf(small.add("globex-inc"))).toMatch(
      /^TOOLKIT_ENVIRONMENT_INCOMPLETE: .*the stack foundation, the stack cell-1.*tenantry deploy production/,
    );
    await small.deploy();
    expect(await failureOf(small.add("Acme"))).toContain("TOOLKIT_TENANT_ID_INVALID");
    expect(await failureOf(small.add("www"))).toContain("TOOLKIT_TENANT_ID_RESERVED");
    expect(await failureOf(small.add("a-very-long-company"))).toContain("TOOLKIT_TENANT_REFUSED");
    expect(await failureOf(small.add("acme-corp"))).toContain("TOOLKIT_TENANT_DECLARED");
    expect(await failureOf(small.add("umbrella-co"))).toMatch(
      /^TOOLKIT_TENANT_HOST_TAKEN: .*umbrella-co.customers.io, which leads to acme-corp/,
    );
    expect(await failureOf(small.add("globex-inc", "gold"))).toContain("TOOLKIT_TIER_UNKNOWN");
    expect(await failureOf(small.add("globex-inc", "pooled"))).toMatch(
      /^TOOLKIT_TIER_WITHOUT_STACK: .*lean, premium, silo|silo, premium, lean/,
    );
    small.revision = { needs: `/${small.name}/production/somewhere/else` };
    expect(await failureOf(small.add("globex-inc"))).toMatch(
      /^TOOLKIT_ENVIRONMENT_INCOMPLETE: .*the value .*somewhere\/else in us-east-1/,
    );
    small.revision = { shared: "b" };
    small.ports.events.length = 0;
    expect((await small.add("globex-inc")).outcome).toBe("added");
    expect(small.ports.events.find(({ code }) => code === "TOOLKIT_WARNING")?.message).toContain(
      "what is deployed is not what the definition says: foundation.",
    );
    expect(await failureOf(small.add("globex-inc", "premium"))).toContain("TOOLKIT_TENANT_EXISTS");
    expect(await failureOf(small.add("initech-llc"))).toMatch(
      /^TOOLKIT_CELLS_FULL: production has one cell, and cells.capacity lets each hold 2 tenants.*another cell/,
    );
    // Declared and deployed it gets a cell of its own, and then there is room for a command as well.
    await small.define({ tenants: { "acme-corp": "silo", "initech-llc": "silo" }, capacity: 2 });
    await small.deploy();
    expect(placeOf(await small.show("initech-llc"))).toEqual([2, 1]);
    expect(placeOf((await small.add("umbrella-co")).tenant)).toEqual([2, 2]);
    expect(await failureOf(small.remove("umbrela-co"))).toMatch(
      /^TOOLKIT_TENANT_NOT_IN_ENVIRONMENT: .*did you mean umbrella-co/,
    );
  });

  it("are moved only where no data would have to move, and lose nothing that nobody named", async () => {
    const small = await (await smallEnvironment()).define({ dataProtection: "protected" });
    await small.deploy();
    await small.add("umbrella-co");
    expect(await failureOf(small.move("umbrella-co", "lean"))).toMatch(
      /^TOOLKIT_TENANT_DATA_WOULD_MOVE: from silo to lean .*files from silo to pool/,
    );
    expect(await failureOf(small.move("umbrella-co", "pooled"))).toContain("TOOLKIT_TENANT_DATA_WOULD_MOVE");
    expect(await failureOf(small.move("umbrella-co", "gold"))).toContain("TOOLKIT_TIER_UNKNOWN");
    const reviewed = await small.planMove("umbrella-co", "premium");
    small.revision = { tenant: "b" };
    expect(await failureOf(small.move("umbrella-co", "premium", reviewed))).toContain("TOOLKIT_PLAN_STALE");
    expect((await small.show("umbrella-co")).tier).toBe("silo");

    await small.define({ dataProtection: "protected", tiers: ["lean"] });
    expect(await failureOf(small.plan())).toMatch(/^TOOLKIT_TENANT_TIER_GONE: .*silo.*umbrella-co/);
    expect((await small.show("umbrella-co")).template).toBe("behind");

    await small.define({ dataProtection: "protected" });
    expect(await failureOf(small.remove("umbrella-co"))).toMatch(
      /^TOOLKIT_DATA_AT_RISK: .*removes the tenant umbrella-co, and with it the bucket Files; .*--allow delete:tenant\/umbrella-co/,
    );
    const { kept } = await small.remove("umbrella-co", "delete:tenant/umbrella-co");
    const bucket = `${small.name}-production-umbrella-co`;
    expect(kept).toEqual([
      expect.objectContaining({
        physicalId: bucket,
        as: "itself",
        wayTo: `aws s3 ls s3://${bucket} --region us-east-1`,
      }),
    ]);
  });

  it("come one at a time: of two at once one waits its turn, and they never share a slot", async () => {
    const small = await (await smallEnvironment()).define();
    await small.deploy();
    const ids = ["acme-corp", "globex-inc", "initech-llc"];
    const left = new Set(ids);
    for (let round = 0; left.size > 0 && round < 20; round += 1) {
      const results = await Promise.all(
        [...left].map(async (id) => [id, await failureOf(small.add(id))] as const),
      );
      for (const [id, failure] of results) {
        if (failure === "nothing failed") left.delete(id);
        else expect(failure).toContain("TOOLKIT_DEPLOYMENT_LOCKED");
      }
    }
    const slots = (await small.list()).map(({ slot }) => slot);
    expect(slots.toSorted()).toEqual([1, 2, 3]);
  });

  it("go on where they stopped: after a failure, and after an end before CloudFormation began", async () => {
    const small = await (await smallEnvironment()).define({ tenants: { "acme-corp": "lean" } });
    await small.deploy();
    small.revision = { failFor: "umbrella-co" };
    expect(await failureOf(small.add("umbrella-co", "lean"))).toContain("TOOLKIT_DEPLOYMENT_FAILED");
    expect(await small.show("umbrella-co")).toMatchObject({ cell: 1, slot: 2, url: null });
    expect((await small.show("umbrella-co")).status).toMatch(/^ROLLBACK_|CREATE_FAILED/);
    // What never came to be is no tenant to deployments, and its slot is not given away.
    small.revision = {};
    expect((await small.plan()).tenants.map(({ tenant }) => tenant)).toEqual(["acme-corp"]);
    expect(placeOf((await small.add("globex-inc", "lean")).tenant)).toEqual([1, 3]);
    const again = await small.add("umbrella-co", "lean");
    expect(again).toMatchObject({
      outcome: "added",
      tenant: { status: "CREATE_COMPLETE", cell: 1, slot: 2 },
    });

    expect((await small.remove("globex-inc")).sharedStores).toEqual(["files"]);
    await expect(small.addUntilExecution("globex-inc")).rejects.toThrow("ended here");
    expect((await small.stack("globex-inc"))?.status).toBe("REVIEW_IN_PROGRESS");
    expect(placeOf((await small.add("globex-inc", "premium")).tenant)).toEqual([1, 3]);
    expect(await small.show("globex-inc")).toMatchObject({ tier: "premium", status: "CREATE_COMPLETE" });
  });

  it("never share a slot and never touch another one's stack, in whatever order they come and go", async () => {
    const ids = ["acme-corp", "globex-inc", "initech-llc", "umbrella-co"] as const;
    const step = fc.oneof(
      fc.record({ verb: fc.constant("add" as const), id: fc.constantFrom(...ids) }),
      fc.record({ verb: fc.constant("remove" as const), id: fc.constantFrom(...ids) }),
      fc.record({ verb: fc.constant("deploy" as const), id: fc.constant("hooli-com") }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 9 }), async (steps) => {
        const small = await (await smallEnvironment()).define({ tenants: { "hooli-com": "lean" } });
        await small.deploy();
        const slots = new Map([["hooli-com", 1]]);
        for (const { verb, id } of steps) {
          const before = await small.stacks();
          if (verb === "add") {
            const free = [1, 2, 3].find((slot) => ![...slots.values()].includes(slot));
            const result = await failureOf(small.add(id, "lean"));
            if (slots.has(id) || free !== undefined) expect(result).toBe("nothing failed");
            else expect(result).toContain("TOOLKIT_CELLS_FULL");
            if (!slots.has(id) && free !== undefined) slots.set(id, free);
          } else if (verb === "remove") {
            const result = await failureOf(small.remove(id));
            expect(result).toContain(slots.has(id) ? "nothing failed" : "TOOLKIT_TENANT_NOT_IN_ENVIRONMENT");
            slots.delete(id);
          } else await small.deploy();
          const after = await small.stacks();
          const slotsThere = Object.entries(after).map(([tenant, stack]) => [
            tenant,
            Number(stack.tags["tenantry:slot"]),
          ]);
          expect(Object.fromEntries(slotsThere)).toEqual(Object.fromEntries(slots));
          for (const [tenant, stack] of Object.entries(before))
            if (tenant !== id || (verb === "add" && slots.has(id))) expect(after[tenant]).toEqual(stack);
        }
      }),
      { numRuns: 4 },
    );
  }, 300_000);
});
