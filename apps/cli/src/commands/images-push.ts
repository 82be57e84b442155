import type { CommandSpec } from "../command.ts";
import { imagesOptions } from "./images-options.ts";

export const imagesPush: CommandSpec = {
  path: ["images", "push"],
  summary: "push the images of services to the platform's registry",
  description: `Pushes what "tenantry images build" has made to the registry of each region of an environment, whose foundation must be
deployed. A tag is written once: one that exists with another content is refused.`,
  arguments: [
    {
      name: "environment",
      summary: "the environment, such as production",
      required: true,
      completes: "nothing",
    },
  ],
  options: imagesOptions,
  examples: [
    { line: "tenantry images push production", does: "all of them" },
    { line: "tenantry images push production --service web", does: "one of them" },
  ],
  run: async (input, terminal) => {
    const { runImagesPush } = await import("../run/images-push.ts");
    await runImagesPush(input, terminal);
  },
};
