import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@tenantry/base";
import { type EngineName, type RunProgram, systemPrograms } from "../../src/index.ts";

const program = join(import.meta.dirname, "fake-engine.mjs");

/** What an engine was asked. */
export interface EngineCall {
  readonly name: EngineName;
  readonly args: readonly string[];
  readonly stdin: string;
}

export interface EngineBehaviour {
  /** What every build has in it: another text makes another digest. */
  readonly content?: string;
  /** What images are built for, whatever was asked. */
  readonly architecture?: string;
  /** Commands, such as "version" or "buildx build", that fail. */
  readonly failures?: readonly {
    readonly command: string;
    readonly status: number;
    readonly lines: readonly string[];
  }[];
}

/** Programs with the names of engines, on a PATH of their own. */
export interface FakeEngines extends AsyncDisposable {
  readonly programs: RunProgram;
  behave(behaviour: Partial<Record<EngineName, EngineBehaviour>>): Promise<void>;
  calls(): Promise<readonly EngineCall[]>;
  /** The digests that were pushed, by where they went. */
  pushed(): Promise<Readonly<Record<string, string>>>;
}

export async function fakeEngines(
  names: readonly EngineName[],
  env: Readonly<Record<string, string>> = {},
): Promise<FakeEngines> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-engines-"));
  const bin = join(folder, "bin");
  await mkdir(bin);
  for (const name of names) {
    const script = `#!/bin/sh\nexec "${process.execPath}" "${program}" "${folder}" ${name} "$@"\n`;
    await writeFile(join(bin, name), script);
    await chmod(join(bin, name), 0o755);
  }
  const read = async (file: string) => readFile(join(folder, file), "utf8").catch(() => "");
  return {
    programs: systemPrograms(systemClock, { ...env, PATH: bin }),
    behave: (behaviour) => writeFile(join(folder, "behaviour.json"), JSON.stringify(behaviour)),
    calls: async () =>
      (await read("calls.jsonl"))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as EngineCall),
    pushed: async () => JSON.parse((await read("pushed.json")) || "{}") as Record<string, string>,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
