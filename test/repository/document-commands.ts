import type { CodeBlock, Markdown } from "./markdown.ts";

/** What the command line knows, in the form of its own table. */
export interface KnownCommand {
  readonly path: readonly string[];
  readonly arguments: readonly unknown[];
  readonly options: readonly KnownOption[];
}

export interface KnownOption {
  readonly name: string;
  readonly value: { readonly kind: string };
}

export interface KnownCommands {
  readonly commands: readonly KnownCommand[];
  readonly globalOptions: readonly KnownOption[];
  /** The names of the npm scripts. */
  readonly scripts: readonly string[];
}

interface Written {
  readonly text: string;
  readonly line: number;
}

/** Every command of ours that a document tells its reader to type. */
export function checkCommands(document: Markdown, known: KnownCommands): readonly string[] {
  return writtenCommands(document).flatMap(({ text, line }) => {
    const wrong = checkTenantry(text, known) ?? checkNpm(text, known);
    return wrong === undefined ? [] : [`${document.path}:${line}: ${text}: ${wrong}`];
  });
}

function writtenCommands(document: Markdown): readonly Written[] {
  const inBlocks = document.blocks
    .filter(({ language }) => /^(sh|bash|shell|console|zsh)$/.test(language))
    .flatMap(commandLines);
  // A decision may speak of what is planned; what it shows as typed must exist there as well.
  const spans = document.path.startsWith("docs/decisions/") ? [] : document.spans;
  const inText = spans.filter(({ text }) => /^(npx )?tenantry |^npm (run|start|test)\b/.test(text));
  return [...inBlocks, ...inText].flatMap(({ text, line }) =>
    text
      .split(/&&|\|\||[|;()`"]|\$\(/)
      .map((part) => part.trim().replace(/^([$>]\s+|[A-Z_]+=\S*\s+)+/, ""))
      .filter((part) => /^((npx (--no-install )?)?tenantry|npm)(\s|$)/.test(part))
      .map((part) => ({ text: part, line })),
  );
}

/** The lines of a block, those that a backslash continues joined, without comments and redirections. */
function commandLines(block: CodeBlock): readonly Written[] {
  let line = block.line;
  return block.text
    .replaceAll("\\\n", "\u0000")
    .split("\n")
    .map((joined) => {
      const at = line;
      line += joined.split("\u0000").length;
      const text = joined.replaceAll("\u0000", " ");
      return { text: text.replace(/(^|\s)#.*$/, "").replaceAll(/\s\d?>{1,2}(&\d|\s*\S+)/g, ""), line: at };
    });
}

function checkTenantry(text: string, known: KnownCommands): string | undefined {
  const match = /^(?:npx (?:--no-install )?)?tenantry(?:\s+(.*))?$/.exec(text);
  if (match === null) return undefined;
  const words = (match[1] ?? "").split(/\s+/).filter((word) => word !== "");
  const first = words.find((word) => !word.startsWith("-"));
  if (first === undefined || first === "help" || isPlaceholder(first))
    return checkOptions(words, [], known).wrong;
  const command = known.commands
    .filter(({ path }) => path.every((word, index) => words[index] === word))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (command === undefined) {
    const isGroup = known.commands.some(({ path }) => path[0] === first);
    return isGroup && words.length === 1 ? undefined : "there is no such command";
  }
  const { positional, wrong } = checkOptions(words.slice(command.path.length), command.options, known);
  if (wrong !== undefined) return wrong;
  return positional > command.arguments.length ? `takes ${command.arguments.length} arguments` : undefined;
}

function checkOptions(
  words: readonly string[],
  options: readonly KnownOption[],
  { globalOptions }: KnownCommands,
): { readonly positional: number; readonly wrong: string | undefined } {
  let positional = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = (words[at] ?? "").replace(/^\[|\]$/g, "");
    const option = /^--([a-z][a-z-]*)(=.*)?$/.exec(word);
    if (option === null) {
      positional += 1;
      continue;
    }
    const name = option[1] ?? "";
    if (name === "help" || name === "version") continue;
    const found = [...options, ...globalOptions].find((candidate) => candidate.name === name);
    if (found === undefined) return { positional, wrong: `there is no option --${name}` };
    if (found.value.kind !== "flag" && option[2] === undefined) at += 1;
  }
  return { positional, wrong: undefined };
}

const isPlaceholder = (word: string) => /^[<[…]/.test(word);

/** Of npm's own commands those that our documents have a use for. */
const npmCommands = new Set(["ci", "install", "config", "exec", "--version", "-v"]);

function checkNpm(text: string, { scripts }: KnownCommands): string | undefined {
  const [program, verb, name] = text.split(/\s+/);
  if (program !== "npm") return undefined;
  if (verb === "run") {
    if (name === undefined || isPlaceholder(name)) return undefined;
    return scripts.includes(name) ? undefined : "package.json has no such script";
  }
  if (verb === "start" || verb === "test")
    return scripts.includes(verb) ? undefined : "package.json has no such script";
  return npmCommands.has(verb ?? "") ? undefined : "npm has no such command, or no document of ours needs it";
}
