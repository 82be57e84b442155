import { rm } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@tenantry/base";
import { afterEach, describe, expect, test } from "vitest";
import { buildImages, type EngineName, type ImagesRequest, systemPrograms } from "../../src/index.ts";
import { manualPorts } from "../manual-ports.ts";
import { type FakeEngines, fakeEngines } from "./fake-engines.ts";
import { type ShopFolder, shopFolder } from "./shop-definition.ts";

const everything: ImagesRequest = {
  config: undefined,
  environment: "production",
  services: [],
  tag: undefined,
  engine: undefined,
};
const all: readonly EngineName[] = ["docker", "podman", "buildah"];
const dead = {
  failures: [{ command: "version", status: 1, lines: ["Cannot connect to the Docker daemon"] }],
};

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]();
});

async function prepare(
  names: readonly EngineName[],
  options: Parameters<typeof shopFolder>[0] = {},
): Promise<{ readonly engines: FakeEngines; readonly shop: ShopFolder }> {
  const engines = await fakeEngines(names);
  const shop = await shopFolder(options);
  opened.push(engines, shop);
  return { engines, shop };
}

async function build(
  { engines, shop }: { readonly engines: FakeEngines; readonly shop: ShopFolder },
  request: Partial<ImagesRequest> = {},
) {
  const ports = manualPorts(shop.folder);
  const result = await buildImages({ ...everything, ...request }, { ...ports, programs: engines.programs });
  return { result, events: ports.events };
}

/** What an engine is asked for web, between its build command and the context. */
const webArguments = (folder: string) => [
  "--file",
  join(folder, "web/Dockerfile"),
  "--platform",
  "linux/amd64",
  "--tag",
  "shop/web:1.0.0",
  "--label",
  "org.opencontainers.image.version=1.0.0",
  join(folder, "web"),
];

describe("building images", () => {
  test("builds each service that says how, for its architecture, and tells what the engine says", async () => {
    const place = await prepare(all);
    const { result, events } = await build(place);
    expect(result).toMatchObject({
      environment: "production",
      engine: "docker",
      images: [
        { services: ["web"], image: "shop/web:1.0.0", platform: "linux/amd64", sizeBytes: 12_345_678 },
        { services: ["api"], image: "shop/team/api:2.1.0", platform: "linux/arm64", sizeBytes: 12_345_678 },
      ],
    });
    for (const { id } of result.images) expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    const calls = (await place.engines.calls()).filter(({ args }) => args.includes("--tag"));
    const buildx = ["buildx", "build", "--load", "--progress", "plain", "--provenance", "false"];
    expect(calls[0]).toMatchObject({
      name: "docker",
      args: [...buildx, ...webArguments(place.shop.folder)],
    });
    expect(calls[1]?.args.join(" ")).toContain(
      `${join(place.shop.folder, "api/build/Dockerfile")} --platform linux/arm64`,
    );
    const lines = events.flatMap((event) => (event.code === "TOOLKIT_IMAGE_OUTPUT" ? [event.line] : []));
    expect(lines.toSorted()).toEqual(
      ["#1 load build definition", "#1 load build definition", "#2 DONE 0.1s", "#2 DONE 0.1s"].toSorted(),
    );
  });

  test.each<{ names: readonly EngineName[]; asked?: EngineName; command: readonly string[]; by: EngineName }>(
    [
      { names: ["podman", "buildah"], by: "podman", command: ["build", "--format", "docker"] },
      { names: ["buildah"], by: "buildah", command: ["build", "--format", "docker"] },
      { names: all, asked: "buildah", by: "buildah", command: ["build", "--format", "docker"] },
    ],
  )("with $names and $asked asked for, builds with $by", async ({ names, asked, by, command }) => {
    const place = await prepare(names);
    const { result } = await build(place, { engine: asked, services: ["web"] });
    expect(result).toMatchObject({ engine: by, images: [{ image: "shop/web:1.0.0" }] });
    const calls = (await place.engines.calls()).filter(({ args }) => args.includes("--tag"));
    expect(calls).toMatchObject([{ name: by, args: [...command, ...webArguments(place.shop.folder)] }]);
  });

  test("builds without buildx where Docker has none", async () => {
    const place = await prepare(["docker"]);
    await place.engines.behave({
      docker: { failures: [{ command: "buildx version", status: 1, lines: [] }] },
    });
    await build(place, { services: ["web"] });
    const calls = (await place.engines.calls()).filter(({ args }) => args.includes("--tag"));
    expect(calls).toMatchObject([{ args: ["build", ...webArguments(place.shop.folder)] }]);
  });

  test("goes on to the next engine when one is installed but does not work", async () => {
    const place = await prepare(["docker", "podman"]);
    await place.engines.behave({ docker: dead });
    expect((await build(place)).result.engine).toBe("podman");
  });

  test("says of every engine why it cannot be used, and of the one that was asked for alone", async () => {
    const place = await prepare(["docker"]);
    await place.engines.behave({ docker: dead });
    const why = "docker is installed but does not work (Cannot connect to the Docker daemon)";
    await expect(build(place)).rejects.toMatchObject({
      code: "TOOLKIT_ENGINE_MISSING",
      fix: expect.stringContaining("install Docker"),
      params: { tried: [why, "podman is not installed", "buildah is not installed"] },
    });
    await expect(build(place, { engine: "podman" })).rejects.toMatchObject({
      params: { tried: ["podman is not installed"] },
    });
  });

  test("ends with what the engine said last when a build fails", async () => {
    const place = await prepare(["docker"]);
    const lines = ["one", "two", "three", "four", "ERROR: RUN npm ci did not complete: exit code 1"];
    await place.engines.behave({ docker: { failures: [{ command: "buildx build", status: 17, lines }] } });
    await expect(build(place, { services: ["web"] })).rejects.toMatchObject({
      code: "TOOLKIT_ENGINE_FAILED",
      message: "docker could not build shop/web:1.0.0, and ended with 17",
      params: { lastLines: lines.slice(-4) },
    });
  });

  test("refuses an image that was made for another architecture", async () => {
    const place = await prepare(["docker"]);
    await place.engines.behave({ docker: { architecture: "arm64" } });
    await expect(build(place, { services: ["web"] })).rejects.toMatchObject({
      code: "TOOLKIT_IMAGE_ARCHITECTURE",
      params: { service: "web", found: "arm64", wanted: "amd64" },
    });
  });

  test("looks for every context and Dockerfile before it builds anything", async () => {
    const place = await prepare(["docker"]);
    await rm(join(place.shop.folder, "web/Dockerfile"));
    await expect(build(place)).rejects.toMatchObject({
      code: "TOOLKIT_IMAGE_SOURCE",
      params: { service: "web", path: join("web", "Dockerfile") },
    });
    expect(await place.engines.calls()).toEqual([]);
  });
});

describe("which images are built", () => {
  const service = (name: string, image: string, context = "web", more = "") =>
    `${name}: service({ image: ${image}, build: { context: "${context}" }, route: "/${name}"${more} }),`;

  test("services with one image and one build share it", async () => {
    const image = '"{registry}/web:1.0.0"';
    const place = await prepare(["docker"], { services: service("a", image) + service("b", image) });
    expect((await build(place, { services: ["b"] })).result.images).toMatchObject([{ services: ["a", "b"] }]);
  });

  test("the tag is taken for images that have none", async () => {
    const services = service("web", "null") + service("api", '"{registry}/api"');
    const place = await prepare(["docker"], { services });
    const { result } = await build(place, { tag: "build-7" });
    expect(result.images.map(({ image }) => image)).toEqual(["shop/web:build-7", "shop/api:build-7"]);
    expect((await build(place)).result.images[0]?.image).toBe("shop/web:latest");
  });

  test("an image of another registry keeps its name", async () => {
    const place = await prepare(["docker"], { services: service("web", '"localhost:5000/acme/web:1"') });
    expect((await build(place)).result.images).toMatchObject([{ image: "localhost:5000/acme/web:1" }]);
  });

  const same = '"{registry}/web:1.0.0"';
  test.each([
    [service("a", same) + service("b", same, "api"), {}, "TOOLKIT_IMAGE_CONFLICT"],
    [service("a", same) + service("b", same, "web", ', architecture: "arm64"'), {}, "TOOLKIT_IMAGE_CONFLICT"],
    [service("a", `"{registry}/web@sha256:${"0".repeat(64)}"`), {}, "TOOLKIT_IMAGE_DIGEST"],
    [service("a", same), { services: ["web"] }, "TOOLKIT_IMAGE_SERVICE_UNKNOWN"],
    [service("a", same), { tag: "not a tag" }, "TOOLKIT_IMAGE_TAG"],
    ['proxy: service({ image: "nginx:1.29.0", route: "/" }),', {}, "TOOLKIT_IMAGE_NONE"],
  ])("refuses %s with %j", async (services, request, code) => {
    const place = await prepare(["docker"], { services });
    await expect(build(place, request)).rejects.toMatchObject({ code });
    expect(await place.engines.calls()).toEqual([]);
  });
});

test("a program that hangs is ended when its time is over", async () => {
  const run = systemPrograms(systemClock);
  const args = ["-e", "setInterval(() => {}, 1000)"];
  expect(await run(process.execPath, { args, limitMs: 200 })).toEqual({ kind: "overdue" });
  const quick = await run(process.execPath, { args: ["-e", "console.log(1)"], limitMs: 20_000 });
  expect(quick).toEqual({ kind: "ended", status: 0, stdout: "1", lastLines: ["1"] });
});
