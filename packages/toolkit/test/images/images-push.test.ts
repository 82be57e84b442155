import { afterEach, describe, expect, test } from "vitest";
import { buildImages, type ImagesRequest, pushImages, type Registries } from "../../src/index.ts";
import type { RemoteImage } from "../../src/images/image-registry.ts";
import { manualPorts } from "../manual-ports.ts";
import { type FakeEngines, fakeEngines } from "./fake-engines.ts";
import { shopFolder } from "./shop-definition.ts";

const everything: ImagesRequest = {
  config: undefined,
  environment: "production",
  services: ["web"],
  tag: undefined,
  engine: undefined,
};
const hostOf = (region: string) => `123456789012.dkr.ecr.${region}.amazonaws.com`;
const password = "a-password-for-twelve-hours";

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]();
});

interface Place {
  readonly engines: FakeEngines;
  readonly ports: Parameters<typeof pushImages>[1] & ReturnType<typeof manualPorts>;
  /** What the registry has besides what is pushed, by reference. */
  readonly there: Map<string, RemoteImage>;
  readonly parameters: Map<string, string>;
}

/** Registries that have what the engine pushed, by the digest of its configuration. */
async function prepare(
  options: Parameters<typeof shopFolder>[0] & { readonly engine?: "docker" | "podman" } = {},
): Promise<Place> {
  const engines = await fakeEngines([options.engine ?? "docker"]);
  const shop = await shopFolder(options);
  opened.push(engines, shop);
  const there = new Map<string, RemoteImage>();
  const parameters = new Map<string, string>();
  for (const region of ["us-east-1", "us-west-2"]) {
    parameters.set(`${region}/shop/production/registry/web`, `${hostOf(region)}/shop/production/web`);
    parameters.set(`${region}/shop/production/registry/api`, `${hostOf(region)}/shop/production/team/api`);
  }
  const registries: Registries = (region) => ({
    region,
    parameters: async (names) =>
      new Map(
        names.flatMap((name) => {
          const value = parameters.get(`${region}${name}`);
          return value === undefined ? [] : [[name, value] as const];
        }),
      ),
    authorize: async () => ({ user: "AWS", password }),
    find: async (repository, tag) => {
      const reference = `${hostOf(region)}/${repository}:${tag}`;
      const id = (await engines.pushed())[reference];
      const remote = {
        digest: `sha256:of-${id ?? ""}`,
        knownAs: [id ?? ""],
        sizeBytes: 41,
        findings: { HIGH: 1 },
      };
      return there.get(reference) ?? (id === undefined ? null : remote);
    },
  });
  return {
    engines,
    there,
    parameters,
    ports: { ...manualPorts(shop.folder), programs: engines.programs, registries },
  };
}

const push = ({ ports }: Place, request: Partial<ImagesRequest> = {}) =>
  pushImages({ ...everything, ...request }, ports);
const build = ({ ports }: Place, request: Partial<ImagesRequest> = {}) =>
  buildImages({ ...everything, ...request }, ports);
const commandsOf = async ({ engines }: Place) => (await engines.calls()).map(({ args }) => args[0]);

const production = `${hostOf("us-east-1")}/shop/production/web:1.0.0`;

describe("pushing images", () => {
  test("signs in over the standard input, pushes, says what the registry has, and forgets the password", async () => {
    const place = await prepare();
    await build(place);
    const result = await push(place);
    expect(result).toMatchObject({
      environment: "production",
      engine: "docker",
      images: [
        {
          services: ["web"],
          region: "us-east-1",
          image: production,
          outcome: "pushed",
          sizeBytes: 41,
          findings: { HIGH: 1 },
        },
      ],
    });
    const calls = await place.engines.calls();
    const login = calls.find(({ args }) => args[0] === "login");
    expect(login).toEqual({
      name: "docker",
      args: ["login", "--username", "AWS", "--password-stdin", hostOf("us-east-1")],
      stdin: password,
    });
    expect(JSON.stringify(calls.map(({ args }) => args))).not.toContain(password);
    expect(JSON.stringify(place.ports.events)).not.toContain(password);
    expect(calls.at(-1)?.args).toEqual(["logout", hostOf("us-east-1")]);
  });

  test("keeps the password of Podman in a file that is removed", async () => {
    const place = await prepare({ engine: "podman" });
    await build(place);
    await push(place);
    const calls = await place.engines.calls();
    const files = calls.flatMap(({ args }) => {
      const at = args.indexOf("--authfile");
      return at === -1 ? [] : [args[at + 1] ?? ""];
    });
    expect(files).toHaveLength(2);
    expect(new Set(files).size).toBe(1);
    const { existsSync } = await import("node:fs");
    expect(existsSync(files[0] ?? "")).toBe(false);
    expect(calls.map(({ args }) => args[0])).not.toContain("logout");
  });

  test("pushes to the registry of each region, and signs in to each once", async () => {
    const environment =
      'recovery: { region: "us-west-2", strategy: "pilot-light", rtoMinutes: 30, rpoSeconds: 60 }';
    const place = await prepare({ environment });
    await build(place, { services: [] });
    const { images } = await push(place, { services: [] });
    expect(images.map(({ image }) => image)).toEqual([
      production,
      `${hostOf("us-east-1")}/shop/production/team/api:2.1.0`,
      production.replace("us-east-1", "us-west-2"),
      `${hostOf("us-west-2")}/shop/production/team/api:2.1.0`,
    ]);
    const commands = await commandsOf(place);
    expect(commands.filter((command) => command === "login")).toHaveLength(2);
    expect(commands.filter((command) => command === "push")).toHaveLength(4);
  });

  test("leaves an image alone that the registry has already", async () => {
    const place = await prepare();
    await build(place);
    const [first] = (await push(place)).images;
    const before = (await commandsOf(place)).length;
    const [second] = (await push(place)).images;
    expect(second).toMatchObject({ outcome: "unchanged", digest: first?.digest });
    const commands = (await commandsOf(place)).slice(before);
    expect(commands).not.toContain("push");
    expect(commands).not.toContain("login");
  });

  test("refuses a tag that exists with another content, before anything is pushed", async () => {
    const place = await prepare();
    await build(place, { services: [] });
    const api = `${hostOf("us-east-1")}/shop/production/team/api:2.1.0`;
    place.there.set(api, { digest: "sha256:other", knownAs: ["sha256:other"], sizeBytes: 1, findings: null });
    await expect(push(place, { services: [] })).rejects.toMatchObject({
      code: "TOOLKIT_IMAGE_TAG_TAKEN",
      message: expect.stringContaining("sha256:other"),
      fix: expect.stringContaining("a new tag"),
      params: { reference: api },
    });
    expect(await place.engines.pushed()).toEqual({});
  });

  test("writes a tag again where the definition lets it", async () => {
    const place = await prepare({ settings: "delivery: { registry: { immutableTags: false } }," });
    await build(place);
    await push(place);
    await place.engines.behave({ docker: { content: "two" } });
    await build(place);
    expect((await push(place)).images).toMatchObject([{ outcome: "pushed" }]);
  });

  test("says so when the registry refuses the push because somebody else was faster", async () => {
    const place = await prepare();
    await build(place);
    const lines = ["tag invalid: The image tag '1.0.0' already exists and cannot be overwritten"];
    await place.engines.behave({ docker: { failures: [{ command: "push", status: 1, lines }] } });
    let asked = 0;
    const { registries } = place.ports;
    const ports = {
      ...place.ports,
      registries: (region: string) => ({
        ...registries(region),
        // Nothing at the first look, and somebody else's image after the push.
        find: async () =>
          (asked += 1) === 1
            ? null
            : { digest: "sha256:faster", knownAs: ["sha256:faster"], sizeBytes: 1, findings: null },
      }),
    };
    await expect(push({ ...place, ports })).rejects.toMatchObject({
      code: "TOOLKIT_IMAGE_TAG_TAKEN",
      params: { digest: "sha256:faster" },
    });
    expect((await commandsOf(place)).at(-1)).toBe("logout");
  });

  test("fails when a push that ended well has not arrived", async () => {
    const place = await prepare({ settings: "delivery: { registry: { immutableTags: false } }," });
    await build(place);
    place.there.set(production, {
      digest: "sha256:old",
      knownAs: ["sha256:old"],
      sizeBytes: 1,
      findings: null,
    });
    await expect(push(place)).rejects.toMatchObject({ code: "TOOLKIT_IMAGE_LOST" });
  });
});

describe("what is refused before a push", () => {
  test("an image that was not built", async () => {
    const place = await prepare();
    await expect(push(place)).rejects.toMatchObject({
      code: "TOOLKIT_IMAGE_NOT_BUILT",
      fix: "make it with `tenantry images build production`",
    });
  });

  test("a registry that is not deployed", async () => {
    const place = await prepare();
    await build(place);
    place.parameters.clear();
    await expect(push(place)).rejects.toMatchObject({
      code: "TOOLKIT_REGISTRY_MISSING",
      fix: "deploy the foundation first, with `tenantry deploy production`",
      params: { region: "us-east-1", parameter: "/shop/production/registry/web" },
    });
  });

  test.each([
    ["localhost:5000/web", "TOOLKIT_REGISTRY_URI"],
    ["999999999999.dkr.ecr.us-east-1.amazonaws.com/web", "TOOLKIT_ACCOUNT_MISMATCH"],
  ])("a repository at %s", async (uri, code) => {
    const place = await prepare({ environment: 'account: "123456789012"' });
    await build(place);
    place.parameters.set("us-east-1/shop/production/registry/web", uri);
    await expect(push(place)).rejects.toMatchObject({ code });
    expect(await commandsOf(place)).not.toContain("login");
  });

  test("an image of somebody else's registry", async () => {
    const services = 'web: service({ image: "acme/web:1", build: { context: "web" }, route: "/" }),';
    const place = await prepare({ services });
    await expect(push(place)).rejects.toMatchObject({
      code: "TOOLKIT_IMAGE_FOREIGN",
      params: { image: "acme/web:1" },
    });
  });

  test("an engine that cannot sign in, whose password is forgotten all the same", async () => {
    const place = await prepare();
    await build(place);
    const lines = ["Error response from daemon: login attempt failed with status: 400 Bad Request"];
    await place.engines.behave({ docker: { failures: [{ command: "login", status: 1, lines }] } });
    await expect(push(place)).rejects.toMatchObject({
      code: "TOOLKIT_ENGINE_FAILED",
      message: `docker could not sign in to ${hostOf("us-east-1")}, and ended with 1`,
    });
    expect((await commandsOf(place)).at(-1)).toBe("logout");
  });
});
