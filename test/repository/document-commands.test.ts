import { describe, expect, it } from "vitest";
import { globalOptions } from "../../apps/cli/src/command.ts";
import { allCommands } from "../../apps/cli/src/commands/all-commands.ts";
import { checkCommands, type KnownCommands } from "./document-commands.ts";
import { parseMarkdown } from "./markdown.ts";
import { filesEndingIn } from "./repository-files.ts";
import { readWorkspaces } from "./workspaces.ts";

const scripts = readWorkspaces().root.scripts ?? {};

describe("this repository", () => {
  it("documents only commands, options and scripts that exist", () => {
    const known: KnownCommands = { commands: allCommands, globalOptions, scripts: Object.keys(scripts) };
    expect(allCommands.length).toBeGreaterThan(5);
    expect(filesEndingIn(".md").flatMap((file) => checkCommands(parseMarkdown(file), known))).toEqual([]);
  });

  it("gives examples in its help that its own table allows", () => {
    const known: KnownCommands = { commands: allCommands, globalOptions, scripts: Object.keys(scripts) };
    const lines = allCommands.flatMap((command) => command.examples.map(({ line }) => line));
    const text = ["```sh", ...lines, "```"].join("\n");
    expect(checkCommands(parseMarkdown({ path: "help", text }), known)).toEqual([]);
  });

  it("starts and tests with the two commands of the README, which install first", () => {
    const readme = parseMarkdown({
      path: "README.md",
      text: filesEndingIn("README.md").find(({ path }) => path === "README.md")?.text ?? "",
    });
    const lines = readme.blocks
      .filter(({ language }) => language === "sh")
      .flatMap(({ text }) => text.split("\n"));
    const commands = lines.map((line) => line.replace(/\s+#.*$/, "").trim());
    expect(commands).toContain("npm start");
    expect(commands).toContain("npm test");
    for (const script of Object.values(scripts)) expect(script).toMatch(/^node tools\/with-install\.mjs /);
  });
});

describe("the check of commands", () => {
  const flag = { kind: "flag" };
  const text = { kind: "text" };
  const known: KnownCommands = {
    commands: [
      { path: ["up"], arguments: [], options: [{ name: "fresh", value: flag }] },
      { path: ["tenant", "add"], arguments: [{}], options: [{ name: "tier", value: text }] },
    ],
    globalOptions: [
      { name: "config", value: text },
      { name: "json", value: flag },
    ],
    scripts: ["start", "test", "check"],
  };
  const check = (line: string) =>
    checkCommands(parseMarkdown({ path: "a.md", text: `\`\`\`sh\n${line}\n\`\`\`` }), known);

  it.each([
    "npm start",
    "npm test -- --project unit",
    "npm run check   # all of it",
    "npx tenantry up --fresh --config a.ts",
    "tenantry tenant add umbrella-co --tier pool --json",
    "tenantry tenant add <id>",
    "tenantry --help",
    "tenantry <command> --json",
    "TENANTRY_DEBUG=1 tenantry up",
    "$ tenantry up > up.txt",
    'curl -H "authorization: Bearer $(npx tenantry up)" http://127.0.0.1:8080/v2/tenant',
    "echo tenantry fly",
  ])("lets %s pass", (line) => expect(check(line)).toEqual([]));

  it.each([
    ["npm run fly", "package.json has no such script"],
    ["npm fly", "npm has no such command"],
    ["tenantry fly", "there is no such command"],
    ["cd x && npx tenantry fly", "there is no such command"],
    ["tenantry tenant fly acme-corp", "there is no such command"],
    ["tenantry up --slowly", "there is no option --slowly"],
    ["tenantry up now", "takes 0 arguments"],
    ["tenantry tenant add --tier pool a-b c-d", "takes 1 arguments"],
    ['curl -H "x: $(npx tenantry fly)" http://127.0.0.1', "there is no such command"],
    ["tenantry up \\\n  --slowly", "there is no option --slowly"],
  ])("finds %s", (line, message) => expect(check(line)).toEqual([expect.stringContaining(message)]));

  it("reads commands in the text as well", () => {
    const document = parseMarkdown({
      path: "a.md",
      text: "Run `tenantry fly` or `npm run fly`, see `tenantry up`.",
    });
    expect(checkCommands(document, known)).toHaveLength(2);
  });
});
