import { randomBytes } from "node:crypto";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { systemClock, systemRandom } from "@tenantry/base";
import { afterEach, describe, expect, inject, test, vi } from "vitest";
import { buildImages, connectRegistries, type ImagesRequest, pushImages } from "../../src/index.ts";
import { manualPorts } from "../manual-ports.ts";
import { fakeEngines } from "./fake-engines.ts";
import { shopFolder } from "./shop-definition.ts";

const endpoint = inject("awsEndpoint");
const region = "us-east-1";
const request: ImagesRequest = {
  config: undefined,
  environment: "production",
  services: ["web"],
  tag: undefined,
  engine: undefined,
};

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]();
});

/** A platform of its own in the emulator, with or without its foundation. */
async function prepare(foundation: "deployed" | "missing") {
  const env = {
    AWS_ENDPOINT_URL: endpoint ?? "",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const name = `shop-${randomBytes(4).toString("hex")}`;
  const engines = await fakeEngines(["docker"], env);
  const shop = await shopFolder({ name });
  opened.push(engines, shop);
  if (foundation === "deployed") {
    const create = { repositoryName: `${name}/production/web`, imageTagMutability: "IMMUTABLE" } as const;
    const { repository } = await new ECRClient({ region }).send(new CreateRepositoryCommand(create));
    const uri = {
      Name: `/${name}/production/registry/web`,
      Value: repository?.repositoryUri,
      Type: "String",
    } as const;
    await new SSMClient({ region }).send(new PutParameterCommand(uri));
  }
  const clocks = { clock: systemClock, random: systemRandom };
  const registries = await connectRegistries(clocks);
  const ports = { ...manualPorts(shop.folder), ...clocks, programs: engines.programs, registries };
  return { name, engines, ports };
}

describe.runIf(endpoint !== null)("pushing images to ECR", () => {
  test("finds the repository in Parameter Store, signs in, pushes, and reads the outcome back", async () => {
    const { name, engines, ports } = await prepare("deployed");
    const { images: built } = await buildImages(request, ports);
    const { images } = await pushImages(request, ports);
    const host = `123456789012.dkr.ecr.${region}.amazonaws.com`;
    expect(images).toMatchObject([
      { image: `${host}/${name}/production/web:1.0.0`, outcome: "pushed", region, findings: null },
    ]);
    expect(images[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    // The registry's digest is of the manifest, the engine's of the configuration in it.
    expect(images[0]?.digest).not.toBe(built[0]?.id);
    const login = (await engines.calls()).find(({ args }) => args[0] === "login");
    expect(login?.args.slice(1, 3)).toEqual(["--username", "AWS"]);
    expect(login?.stdin).not.toBe("");

    expect((await pushImages(request, ports)).images).toMatchObject([
      { outcome: "unchanged", digest: images[0]?.digest },
    ]);

    await engines.behave({ docker: { content: "another" } });
    await buildImages(request, ports);
    await expect(pushImages(request, ports)).rejects.toMatchObject({
      code: "TOOLKIT_IMAGE_TAG_TAKEN",
      params: { digest: images[0]?.digest },
    });
  });

  test("names the next step where the foundation is not deployed", async () => {
    const { name, ports } = await prepare("missing");
    await buildImages(request, ports);
    await expect(pushImages(request, ports)).rejects.toMatchObject({
      code: "TOOLKIT_REGISTRY_MISSING",
      params: { region, parameter: `/${name}/production/registry/web` },
    });
  });
});
