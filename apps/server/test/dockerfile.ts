import { cpSync, globSync, lstatSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";

export interface Instruction {
  /** In capitals, such as COPY. */
  readonly keyword: string;
  /** `--from=…` and the like. */
  readonly flags: Readonly<Record<string, string>>;
  /** What follows, on one line. */
  readonly text: string;
}

export interface Stage {
  readonly image: string;
  readonly name: string | null;
  readonly instructions: readonly Instruction[];
}

/** Reads a Dockerfile as far as ours go: no heredocs, no escape directive. */
export function parseDockerfile(text: string): readonly Stage[] {
  const lines = text
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages: { image: string; name: string | null; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const instruction = parseInstruction(line);
    if (instruction.keyword === "FROM") {
      const [image = "", , name = null] = instruction.text.split(/\s+/);
      stages.push({ image, name, instructions: [] });
    } else {
      const stage = stages.at(-1);
      if (stage === undefined) throw new Error(`${line} stands before the first FROM`);
      stage.instructions.push(instruction);
    }
  }
  return stages;
}

function parseInstruction(line: string): Instruction {
  const [, keyword = "", rest = ""] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
  const flags: Record<string, string> = {};
  let text = rest;
  for (let flag = /^--([a-z-]+)=(\S+)\s*/.exec(text); flag; flag = /^--([a-z-]+)=(\S+)\s*/.exec(text)) {
    flags[flag[1] ?? ""] = flag[2] ?? "";
    text = text.slice(flag[0].length);
  }
  return { keyword: keyword.toUpperCase(), flags, text: text.trim() };
}

/** The sources and the target of a COPY. */
export function copyOf({ text }: Instruction): {
  readonly sources: readonly string[];
  readonly target: string;
} {
  const words = text.split(/\s+/);
  return { sources: words.slice(0, -1), target: words.at(-1) ?? "" };
}

/** What .dockerignore leaves of a context: the last pattern that fits a path, or a folder above it, counts. */
export function createIgnore(text: string): (path: string) => boolean {
  const patterns = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  return (path) => {
    const parts = path.split("/");
    const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
    let ignored = false;
    for (const pattern of patterns) {
      const glob = globPattern(pattern.replace(/^!/, ""));
      if (prefixes.some((prefix) => glob.test(prefix))) ignored = !pattern.startsWith("!");
    }
    return ignored;
  };
}

/** A star is anything but a slash, hidden names included, and two are any folders. */
function globPattern(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/|\*|[.+^${}()|[\]\\]/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    return part === "*" ? "[^/]*" : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

/** The files of the context below a source of a COPY, links not followed. */
export function contextFiles(
  context: string,
  source: string,
  isIgnored: (path: string) => boolean,
): readonly string[] {
  const place = source.replace(/\/$/, "");
  const isFile = lstatSync(join(context, place), { throwIfNoEntry: false })?.isFile() === true;
  const found = isFile
    ? [place]
    : globSync(`${place}/**`, { cwd: context, exclude: (path) => basename(path) === "node_modules" });
  return found.filter((path) => lstatSync(join(context, path)).isFile() && !isIgnored(path));
}

/** Does what a COPY from the context does, below a folder that stands for the root of the image. */
export function copyContext(
  context: string,
  instruction: Instruction,
  imageFolder: string,
  isIgnored: (path: string) => boolean,
): void {
  const { sources, target } = copyOf(instruction);
  for (const source of sources) {
    const place = source.replace(/\/$/, "");
    for (const path of contextFiles(context, source, isIgnored)) {
      const inside = path === place ? basename(path) : path.slice(place.length + 1);
      const to = join(imageFolder, target, inside);
      mkdirSync(join(to, ".."), { recursive: true });
      cpSync(join(context, path), to);
    }
  }
}
