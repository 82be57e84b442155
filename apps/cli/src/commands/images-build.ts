import type { CommandSpec } from "../command.ts";
import { imagesOptions } from "./images-options.ts";

export const imagesBuild: CommandSpec = {
  path: ["images", "build"],
  summary: "build the images of services",
  description: `Builds the image of each service whose definition says how, for the architecture that it runs on, with Docker, Podman
or Buildah. What the engine says goes to stderr.`,
  arguments: [
    {
      name: "environment",
      summary: "the environment, such as production (default: development, or the first)",
      required: false,
      completes: "nothing",
    },
  ],
  options: imagesOptions,
  examples: [
    { line: "tenantry images build production", does: "all of them" },
    { line: "tenantry images build production --service web,api", does: "two of them" },
    { line: "tenantry images build --engine podman --tag 1.4.2", does: "with Podman, under a tag" },
  ],
  run: async (input, terminal) => {
    const { runImagesBuild } = await import("../run/images-build.ts");
    await runImagesBuild(input, terminal);
  },
};
