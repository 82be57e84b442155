import type { OptionSpec } from "../command.ts";

/** What building and pushing images have in common. */
export const imagesOptions: readonly OptionSpec[] = [
  {
    name: "service",
    summary: "only these services, with commas between (default: all that are built)",
    value: { kind: "text", placeholder: "names", completes: "nothing" },
  },
  {
    name: "tag",
    summary: "the tag of images for which the definition names none (default: latest)",
    value: { kind: "text", placeholder: "tag", completes: "nothing" },
  },
  {
    name: "engine",
    summary: "what builds and pushes (default: the first that works)",
    // As in the toolkit's engineNames, which help and completion do not load.
    value: { kind: "choice", placeholder: "engine", choices: ["docker", "podman", "buildah"] },
  },
];
