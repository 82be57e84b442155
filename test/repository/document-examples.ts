import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Markdown } from "./markdown.ts";
import { repositoryRoot } from "./repository-files.ts";

/**
 * Compiles every ```ts block of the documents as a module of its own, with the settings of this
 * repository, in one run of the compiler. A block keeps its line numbers, so that a mistake is
 * reported where it stands in the document.
 */
export function compileExamples(documents: readonly Markdown[]): readonly string[] {
  // Inside the checkout, where the packages of the workspaces resolve as they do for everybody.
  mkdirSync(join(repositoryRoot, ".tenantry"), { recursive: true });
  const folder = mkdtempSync(join(repositoryRoot, ".tenantry", "examples-"));
  try {
    const sources = writeExamples(folder, documents);
    if (sources.size === 0) return [];
    return findingsOf(compile(folder), sources);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeExamples(folder: string, documents: readonly Markdown[]): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const document of documents) {
    for (const block of document.blocks.filter(({ language }) => /^(ts|typescript)$/.test(language))) {
      const name = `example-${sources.size}.ts`;
      sources.set(name, document.path);
      writeFileSync(join(folder, name), `${"\n".repeat(block.line - 1)}${block.text}\n`);
    }
  }
  const config = {
    extends: relative(folder, join(repositoryRoot, "tsconfig.json")),
    // An example may show a value without using it, and two examples may use one name.
    compilerOptions: { moduleDetection: "force", noUnusedLocals: false, noUnusedParameters: false },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  return sources;
}

function compile(folder: string): string {
  const compiler = join(repositoryRoot, "node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [compiler, "--project", folder, "--pretty", "false"],
    {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status === null || stderr !== "") throw new Error(`the compiler did not run: ${stderr}`);
  return stdout;
}

/** `example-0.ts(12,3): error …` → `README.md:12: …`; what is wrong in our own sources is for the type check. */
function findingsOf(output: string, sources: ReadonlyMap<string, string>): readonly string[] {
  return output.split("\n").flatMap((line) => {
    const match = /^(example-\d+\.ts)\((\d+),\d+\): error (.*)$/.exec(line);
    const path = sources.get(match?.[1] ?? "");
    return match === null || path === undefined ? [] : [`${path}:${match[2] ?? ""}: ${match[3] ?? ""}`];
  });
}
