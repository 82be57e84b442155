import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantPermissions } from "../../src/identity/permissions.ts";
import type { Answer, Ask } from "../http/exchange.ts";
import { startTestRuntime, type TestRuntime } from "../http/test-runtime.ts";
import { addMember, clientWith, type TenantClient } from "./tenant-client.ts";
import {
  byOffset,
  changeOf,
  collections,
  expectAbsent,
  expectLists,
  expectRefused,
  type Item,
  notFound,
  pathOf,
  type Resource,
  resources,
  TenantModel,
  type Version,
  versions,
} from "./tenant-model.ts";

type Pair = readonly [string, string];
/** Two that share tables, and one of those with one that has a schema of its own. */
const pairs: readonly Pair[] = [
  ["acme-corp", "globex-inc"],
  ["acme-corp", "initech-llc"],
];
const credentials = ["owner", "key"] as const;

let server: TestRuntime;
beforeAll(async () => {
  server = await startTestRuntime();
});
afterAll(() => server[Symbol.asyncDispose]());

interface Step {
  /** Which of the two tenants acts, and with which of its best credentials. */
  readonly actor: 0 | 1;
  readonly credential: 0 | 1;
  readonly resource: Resource;
  readonly version: Version;
  readonly verb: "create" | "create-wrongly" | "read" | "change" | "delete" | "intrude";
  /** Which of the items that there are, or of those that were deleted. */
  readonly pick: number;
  readonly from: "items" | "gone";
  /** Few, so that both tenants come upon the same. */
  readonly name: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  actor: fc.constantFrom(0, 1),
  credential: fc.constantFrom(0, 1),
  resource: fc.constantFrom(...resources),
  version: fc.constantFrom(...versions),
  verb: fc.constantFrom(
    "create",
    "create",
    "create-wrongly",
    "read",
    "change",
    "delete",
    "intrude",
    "intrude",
  ),
  pick: fc.nat(1_000),
  from: fc.constantFrom("items", "gone"),
  name: fc.constantFrom("a", "b", "c"),
});

/** What stands between the test and the runtime; the identity, unless something is planted. */
interface Plant {
  /** Who asks when a tenant means to look at what the other one has. */
  readonly intruder?: (actor: 0 | 1) => 0 | 1;
  readonly wrap?: (client: TenantClient) => TenantClient;
}

/** What goes from one run to the next: what was deleted, and how often each kind of step found something to do. */
interface Memory {
  readonly gone: readonly [Item[], Item[]];
  readonly counts: Map<string, number>;
}

/** Two tenants, what they should have, and everything that was ever there. */
class World {
  readonly models = [new TenantModel(), new TenantModel()] as const;
  readonly #items: [Item[], Item[]] = [[], []];
  readonly #clients: TenantClient[][];
  readonly #foreign: TenantClient[][];
  readonly #tenants: Pair;
  readonly #plant: Plant;
  readonly #memory: Memory;

  constructor(tenants: Pair, tokens: readonly (readonly string[])[], plant: Plant, memory: Memory) {
    this.#tenants = tenants;
    this.#memory = memory;
    const wrap = plant.wrap ?? ((client) => client);
    const at = (host: number, owner: number) =>
      (tokens[owner] ?? []).map((token) => wrap(clientWith(server, tenants[host] ?? "", token)));
    this.#clients = [at(0, 0), at(1, 1)];
    // The credentials of one tenant at the host of the other.
    this.#foreign = [at(1, 0), at(0, 1)];
    this.#plant = plant;
  }

  client(actor: 0 | 1, credential: number): TenantClient {
    return this.#clients[actor]?.[credential] as TenantClient;
  }

  foreignClient(actor: 0 | 1, credential: number): TenantClient {
    return this.#foreign[actor]?.[credential] as TenantClient;
  }

  /** Begins from what there is. */
  async learn(): Promise<void> {
    for (const actor of [0, 1] as const) {
      for (const path of [
        "members",
        "roles",
        "api-keys",
        ...collections.map((name) => `documents/${name}`),
      ]) {
        for (const view of await byOffset(this.client(actor, 0), path)) {
          const [resource, collection] = path.split("/") as [Resource, string?];
          const id = String(resource === "roles" ? view["name"] : view["id"]);
          const item: Item = { resource, id, ...(collection === undefined ? {} : { collection }) };
          this.models[actor].set(item, view);
          // The keys that the clients themselves ask with stay.
          if (view["name"] !== "best") this.#items[actor].push(item);
        }
      }
    }
  }

  #did(what: string): void {
    const { counts } = this.#memory;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }

  async run(step: Step): Promise<void> {
    const { actor, resource, version, verb } = step;
    const client = this.client(actor, step.credential);
    if (verb === "create") return this.#create(client, step);
    if (verb === "create-wrongly") return this.#createWrongly(client, step);
    if (verb === "intrude") return this.#intrude(step);
    const item = this.#picked(actor, step);
    if (item === undefined) return;
    const path = `/${version}/${pathOf(item)}`;
    const model = this.models[actor];
    this.#did(`${verb} what is ${model.get(item) === undefined ? "gone" : "there"}`);
    if (verb === "read") return this.#expectModelled(await client(path), actor, item);
    if (verb === "change") {
      const change = changeOf(resource, version, step.name);
      if (change === null) return;
      const answer = await client(path, change);
      if (model.get(item) !== undefined) model.set(item, answer.json);
      return this.#expectModelled(answer, actor, item);
    }
    const wasThere = model.get(item) !== undefined;
    const { status } = await client(path, { method: "DELETE" });
    expect(status).toBe(wasThere ? 204 : 404);
    model.delete(item);
    this.#memory.gone[actor].push(item);
    if (resource !== "api-keys") for (const one of versions) await expectAbsent(client, one, item);
  }

  async #create(
    client: TenantClient,
    { actor, credential, resource, version, name, pick }: Step,
  ): Promise<void> {
    const collection = collections[pick % 2] ?? "alpha";
    const model = this.models[actor];
    const keep = (item: Item, view: Record<string, unknown>) => {
      model.set(item, view);
      this.#items[actor].push(item);
    };
    if (resource === "members") {
      const id = await addMember(server, this.#tenants[actor], { role: "viewer" });
      const answer = await client(`/${version}/members/${id}`);
      expect(answer.status).toBe(200);
      return keep({ resource, id }, answer.json);
    }
    if (resource === "roles") {
      const item = { resource, id: name };
      const isThere = model.get(item) !== undefined;
      const body = { description: `${this.#tenants[actor]} ${pick}`, permissions: ["documents:read"] };
      const answer = await client(`/${version}/roles/${name}`, { method: "PUT", body });
      expect(answer.status).toBe(isThere ? (version === "v1" ? 200 : 428) : 201);
      return answer.status < 300 ? keep(item, answer.json) : undefined;
    }
    if (resource === "api-keys") {
      const body = { name, permissions: ["documents:read"] };
      const answer = await client(`/${version}/api-keys`, { method: "POST", body });
      if (credentials[credential] === "key") return void expect(answer.json.code).toBe("MEMBER_REQUIRED");
      expect(answer.status).toBe(201);
      return keep({ resource, id: answer.json.id }, answer.json);
    }
    const body = { body: { text: this.#tenants[actor] } };
    const answer = await client(`/${version}/documents/${collection}`, { method: "POST", body });
    expect(answer.status).toBe(201);
    const item: Item = { resource, id: answer.json.id, collection };
    keep(item, answer.json);
    const elsewhere = collections.find((other) => other !== collection) ?? "";
    await expectAbsent(client, version, { ...item, collection: elsewhere });
  }

  /** What is refused must leave nothing, which the lists show at the end of the run. */
  async #createWrongly(client: TenantClient, { resource, version, pick, name }: Step): Promise<void> {
    const wrong: Record<Resource, readonly [string, Ask] | null> = {
      members: null,
      roles: [
        `roles/wrong-${pick}`,
        { method: "PUT", body: { permissions: ["documents:read", "nothing:read"] } },
      ],
      "api-keys": ["api-keys", { method: "POST", body: { name, permissions: [], expiresAt: "soon" } }],
      documents: ["documents/alpha", { method: "POST", body: { body: { text: name }, extra: true } }],
    };
    const asked = wrong[resource];
    if (asked === null) return;
    this.#did("create wrongly");
    const { status } = await client(`/${version}/${asked[0]}`, asked[1]);
    expect([403, 422]).toContain(status);
  }

  /** One tenant tries what the other one has made, there and at home, and finds only its own. */
  async #intrude(step: Step): Promise<void> {
    const { version, credential } = step;
    const owner = step.actor === 0 ? 1 : 0;
    const item = this.#picked(owner, step);
    if (item === undefined || this.models[owner].get(item) === undefined) return;
    this.#did(`intrude on ${step.resource}`);
    await expectRefused(this.foreignClient(step.actor, credential), version, item);
    const actor = this.#plant.intruder?.(step.actor) ?? step.actor;
    const client = this.client(actor, credential);
    // A role of the same name is the intruder's own.
    if (this.models[step.actor].get(item) === undefined) await expectAbsent(client, version, item);
    else this.#expectModelled(await client(`/${version}/${pathOf(item)}`), step.actor, item);
    const seen = await this.client(owner, 0)(`/${version}/${pathOf(item)}`);
    this.#expectModelled(seen, owner, item);
  }

  #picked(actor: 0 | 1, { resource, pick, from }: Step): Item | undefined {
    const items = from === "gone" ? this.#memory.gone[actor] : this.#items[actor];
    const candidates = items.filter((item) => item.resource === resource);
    return candidates[pick % candidates.length];
  }

  #expectModelled(answer: Answer, actor: 0 | 1, item: Item): void {
    const view = this.models[actor].get(item);
    if (view === undefined)
      expect([answer.status, answer.json?.code]).toEqual([404, notFound[item.resource]]);
    else expect([answer.status, answer.json]).toEqual([200, expect.objectContaining(view)]);
  }

  async check(): Promise<void> {
    for (const actor of [0, 1] as const) await expectLists(this.client(actor, 0), this.models[actor]);
  }
}

async function bestCredentials(tenants: Pair): Promise<readonly (readonly string[])[]> {
  return Promise.all(
    tenants.map(async (tenant) => {
      const owner = await server.token(tenant);
      const body = { name: "best", permissions: [...tenantPermissions] };
      const made = await clientWith(server, tenant, owner)("/v2/api-keys", { method: "POST", body });
      expect(made.status).toBe(201);
      return [owner, String(made.json.key)];
    }),
  );
}

async function property(tenants: Pair, plant: Plant, runs: number): Promise<Memory["counts"]> {
  const tokens = await bestCredentials(tenants);
  const memory: Memory = { gone: [[], []], counts: new Map() };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 30, size: "max" }), async (steps) => {
      const world = new World(tenants, tokens, plant, memory);
      await world.learn();
      for (const one of steps) await world.run(one);
      await world.check();
    }),
    { numRuns: runs, endOnFailure: true },
  );
  return memory.counts;
}

test.each(pairs)(
  "whatever %s and %s do, each sees its own and only that, in both versions",
  { timeout: 120_000 },
  async (one, other) => {
    const counts = await property([one, other], {}, 25);
    // Runs in which little happened would prove little.
    for (const what of [
      ...["read", "change", "delete"].flatMap((verb) => [`${verb} what is there`, `${verb} what is gone`]),
      ...resources.map((resource) => `intrude on ${resource}`),
      "create wrongly",
    ]) {
      expect(counts.get(what) ?? 0, what).toBeGreaterThan(0);
    }
  },
);

test("ids that nobody has are found by nobody", async () => {
  const tenants: Pair = ["acme-corp", "globex-inc"];
  const tokens = await bestCredentials(tenants);
  const clients = tokens.flatMap((own, index) =>
    own.map((token) => clientWith(server, tenants[index] ?? "", token)),
  );
  await fc.assert(
    fc.asyncProperty(fc.uuid(), fc.constantFrom(...versions), async (id, version) => {
      for (const client of clients) {
        await expectAbsent(client, version, { resource: "members", id });
        await expectAbsent(client, version, { resource: "api-keys", id });
        await expectAbsent(client, version, { resource: "documents", id, collection: "alpha" });
      }
    }),
    { numRuns: 10 },
  );
});

/** A client that answers some requests otherwise than the runtime does. */
const instead =
  (
    isMeant: (path: string, options: Ask) => boolean,
    answer: (client: TenantClient, path: string, options: Ask) => Promise<Answer>,
  ) =>
  (client: TenantClient): TenantClient =>
  (path, options = {}) =>
    isMeant(path, options) ? answer(client, path, options) : client(path, options);

test.each<[string, Plant]>([
  ["a tenant that sees what another has made", { intruder: (actor) => (actor === 0 ? 1 : 0) }],
  [
    "a deletion that deletes nothing",
    {
      wrap: instead(
        (path, { method }) => method === "DELETE" && path.startsWith("/v1/documents"),
        async (client, path) => ({ ...(await client(path)), status: 204 }),
      ),
    },
  ],
  [
    "a failed creation that leaves something",
    {
      wrap: instead(
        (_path, { body }) => JSON.stringify(body ?? null).includes('"extra":true'),
        async (client, path, options) => {
          await client(path, { ...options, body: { body: {} } });
          return client(path, options);
        },
      ),
    },
  ],
  [
    "a version that shows less than the other",
    {
      wrap: instead(
        (path) => path.startsWith("/v2/members?"),
        async (client, path) => {
          const answer = await client(path);
          return { ...answer, json: { ...answer.json, items: answer.json.items.slice(1) } };
        },
      ),
    },
  ],
])("the check notices %s", { timeout: 120_000 }, async (_name, plant) => {
  await expect(property(["acme-corp", "globex-inc"], plant, 40)).rejects.toThrow(/Property failed/);
});
