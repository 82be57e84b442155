import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  type ImageDetail,
} from "@aws-sdk/client-ecr";
import { z } from "zod";
import type { CloudCalls } from "../aws/cloud/cloud-calls.ts";
import { readFailure } from "../aws/cloud/cloud-failure.ts";
import type { ClientConfig } from "../aws/cloud/connect-cloud.ts";
import { parameterService } from "../aws/cloud/parameter-service.ts";
import type { ImageRegistry } from "./image-registry.ts";

/** A manifest, or an index of several, of Docker or of OCI. */
const manifestShape = z.looseObject({
  config: z.looseObject({ digest: z.string() }).optional(),
  manifests: z.array(z.looseObject({ digest: z.string() })).optional(),
});

export function ecrRegistry(config: ClientConfig, calls: CloudCalls): ImageRegistry {
  const client = new ECRClient(config);
  const { region } = config;
  const run = <T>(operation: string, call: () => Promise<T>) =>
    calls.run({ service: "ecr", operation, region }, call);
  const parameters = parameterService(config, calls);

  const describe = (repositoryName: string, imageTag: string) =>
    run("DescribeImages", async (): Promise<ImageDetail | null> => {
      try {
        const ask = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] });
        return (await client.send(ask)).imageDetails?.[0] ?? null;
      } catch (failure) {
        if (readFailure(failure).name === "ImageNotFoundException") return null;
        throw failure;
      }
    });

  const manifestDigests = async (repositoryName: string, imageDigest: string) => {
    const ask = new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] });
    const { images } = await run("BatchGetImage", () => client.send(ask));
    return digestsIn(images?.[0]?.imageManifest);
  };

  return {
    region,
    parameters: (names) => parameters.values(names),
    authorize: async () => {
      const answer = await run("GetAuthorizationToken", () =>
        client.send(new GetAuthorizationTokenCommand({})),
      );
      const token = answer.authorizationData?.[0]?.authorizationToken ?? "";
      const [user = "", ...password] = Buffer.from(token, "base64").toString("utf8").split(":");
      return { user, password: password.join(":") };
    },
    find: async (repository, tag) => {
      const detail = await describe(repository, tag);
      if (detail?.imageDigest === undefined) return null;
      const digest = detail.imageDigest;
      return {
        digest,
        knownAs: [digest, ...(await manifestDigests(repository, digest))],
        sizeBytes: detail.imageSizeInBytes ?? null,
        findings: detail.imageScanFindingsSummary?.findingSeverityCounts ?? null,
      };
    },
  };
}

function digestsIn(manifest: string | undefined): readonly string[] {
  if (manifest === undefined) return [];
  const { config, manifests } = manifestShape.parse(JSON.parse(manifest));
  return [...(config === undefined ? [] : [config.digest]), ...(manifests ?? []).map(({ digest }) => digest)];
}
