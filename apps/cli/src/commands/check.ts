import type { CommandSpec } from "../command.ts";
import { artifactsOption, environmentArgument } from "./deployment-options.ts";

export const check: CommandSpec = {
  path: ["check"],
  summary: "prove that tenants are kept apart in what would be deployed",
  description: `Reads what a deployment would take to AWS, and proves rule by rule what holds for any two tenants and for
those that are there: IAM, network, routing, names, data, quotas, posture, recoverability. What is refuted
has a witness; what cannot be decided is unknown, and neither passes. Offline, and it changes nothing.`,
  arguments: [environmentArgument],
  options: [
    {
      ...artifactsOption,
      summary: 'a folder that "tenantry synth" wrote (default: the definition, synthesized in memory)',
    },
    {
      name: "format",
      summary: "of the report: text, json, sarif, markdown or html (default: text)",
      value: {
        kind: "choice",
        placeholder: "format",
        choices: ["text", "json", "sarif", "markdown", "html"],
      },
    },
    {
      name: "out",
      summary: "a file to write the report to; the text is printed as well",
      value: { kind: "text", placeholder: "file", completes: "file" },
    },
    {
      name: "baseline",
      summary: "findings that are accepted for a time (default: tenantry.baseline.json)",
      value: { kind: "text", placeholder: "file", completes: "file" },
    },
    {
      name: "database",
      summary: 'judge the databases too: a postgres:// URL, or "local" for the platform that runs here',
      value: { kind: "text", placeholder: "url", completes: "nothing" },
    },
    {
      name: "accept",
      summary:
        "write the finding of this id into the baseline; several times for several, with --reason and --until",
      value: { kind: "texts", placeholder: "id" },
    },
    {
      name: "reason",
      summary: "why it is accepted",
      value: { kind: "text", placeholder: "text", completes: "nothing" },
    },
    {
      name: "until",
      summary: "the last day on which it is, such as 2027-01-31",
      value: { kind: "text", placeholder: "date", completes: "nothing" },
    },
  ],
  examples: [
    { line: "tenantry check production", does: "what the definition would deploy" },
    { line: "tenantry check production --artifacts build", does: "what was synthesized, edited or not" },
    { line: "tenantry check production --format html --out check.html", does: "a page for an auditor" },
    { line: "tenantry check production --format sarif --out check.sarif", does: "for code scanning" },
    { line: "tenantry check production --database local", does: "the databases that run here too" },
  ],
  run: async (input, terminal) => {
    const { runCheck } = await import("../run/check.ts");
    await runCheck(input, terminal);
  },
};
