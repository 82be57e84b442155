import type { OptionSpec } from "../command.ts";

/** What plan, deploy and destroy work on. */
export const artifactsOption: OptionSpec = {
  name: "artifacts",
  summary: 'a folder that "tenantry synth" wrote (default: the definition is synthesized first)',
  value: { kind: "text", placeholder: "folder", completes: "file" },
};

export const administrationOption: OptionSpec = {
  name: "administration",
  summary: "what says who may deploy, and binds accounts, instead of the platform: for administrators",
  value: { kind: "flag" },
};

export const allowOption: OptionSpec = {
  name: "allow",
  summary: "losses of data that are meant, by name, with commas between",
  value: { kind: "text", placeholder: "names", completes: "nothing" },
};

export const takeOverOption: OptionSpec = {
  name: "take-over-lock",
  summary: "go on although another deployment holds the environment",
  value: { kind: "flag" },
};

export const environmentArgument = {
  name: "environment",
  summary: "the environment, such as production",
  required: true,
  completes: "nothing",
} as const;
