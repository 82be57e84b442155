import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isCodedError, systemClock } from "@tenantry/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadDefinition } from "./load-definition.ts";

// Goal: every way in which a definition can fail to load is told with its place. Method: files
// in a folder without node_modules, loaded by a Node of their own.

const platform =
  'export default definePlatform({ name: "shop", environments: { development: { region: "us-east-1" } } });';
const model = 'import { definePlatform } from "@tenantry/model";';

const files: Readonly<Record<string, string>> = {
  "good.ts": `${model}\n${platform}\n`,
  "beside/tiers.ts": `import { tier } from "@tenantry/model";\nexport const pool = tier({ monthlyPriceUsd: 29 });\n`,
  "imports-beside.ts": `${model}\nimport { pool } from "./beside/tiers.ts";\nvoid pool;\n${platform}\n`,
  "in-commonjs/package.json": '{ "type": "commonjs" }',
  "in-commonjs/config.ts": `${model}\n${platform}\n`,
  "syntax.ts": `${model}\n\nexport default { name: "shop",, };\n`,
  "twice.ts": "const name = 1;\n\nconst name = 2;\nexport default name;\n",
  "enum.ts": `${model}\n\nenum Tier { Pool }\n${platform}\n`,
  "parameter-property.ts":
    "class Shop {\n  constructor(private name: string) {}\n}\nexport default new Shop('a');\n",
  "namespace.ts": "\nnamespace Shop {\n  export const name = 1;\n}\nexport default Shop;\n",
  "throws.ts": 'function price(): never {\n  throw new RangeError("no price for pool");\n}\nprice();\n',
  "throws-beside.ts": 'import "./throws.ts";\nexport default 1;\n',
  "throws-text.ts": 'throw "no price";\n',
  "throws-nothing.ts": "throw undefined;\n",
  "missing-file.ts": 'import "./nowhere.ts";\nexport default 1;\n',
  "missing-package.ts": 'import "no-such-package";\nexport default 1;\n',
  "missing-export.ts":
    'import { definePlatfrom } from "@tenantry/model";\nexport default definePlatfrom({});\n',
  "no-default.ts": `${model}\nexport const shop = definePlatform({ name: "shop", environments: {} });\n`,
  "empty.ts": "",
  "plain-object.ts": 'export default { name: "shop" };\n',
  "number.ts": "export default 42;\n",
  "null.ts": "export default null;\n",
  "function.ts": "export default () => 1;\n",
  "list.ts": "export default [];\n",
  "waits-for-ever.ts": "await new Promise(() => {});\nexport default 1;\n",
};

let folder: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "tenantry-load-")));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const script = fileURLToPath(new URL("../../test/load-in-node.ts", import.meta.url));

test("every way to fail says the code, the place and the fix", async () => {
  const names = Object.keys(files).filter((name) => name.endsWith(".ts") && !name.startsWith("beside/"));
  const paths = names.map((name) => join(folder, name));
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...paths], { cwd: folder });
  const results = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string>);
  expect(results).toHaveLength(names.length);
  const text = results.map(({ path = "", name, code, message, fix, location }) => {
    const file = path.slice(folder.length + 1);
    if (code === undefined) return `${file}\n  loads: ${name}\n`;
    return `${file}\n  ${code}: ${message}\n  at ${location}\n  fix: ${fix}\n`;
  });
  await expect(text.join("\n")).toMatchFileSnapshot("load-definition.golden.txt");
});

test.each(["20.20.2", "22.17.1", "23.5.0"])("Node %s is refused before the import", async (nodeVersion) => {
  const failure = await loadDefinition(join(folder, "good.ts"), {
    clock: systemClock,
    cwd: folder,
    nodeVersion,
  }).catch((error: unknown) => error);
  expect(isCodedError(failure) && failure.code).toBe("TOOLKIT_NODE_TOO_OLD");
});
