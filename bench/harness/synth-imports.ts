// Imports the modules of CDK that the package aws imports, and nothing else: what no synthesis can do without.
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const sources = join(import.meta.dirname, "../../packages/aws/src");
// Resolved from there, because the modules are that package's dependencies.
const { resolve } = createRequire(join(sources, "index.ts"));
const modules = new Set<string>();
for (const file of globSync("**/*.ts", { cwd: sources })) {
  const text = readFileSync(join(sources, file), "utf8");
  for (const [, module] of text.matchAll(/ from "(aws-cdk-lib[^"]*)"/g))
    if (module !== undefined) modules.add(module);
}
for (const module of modules) await import(pathToFileURL(resolve(module)).href);
