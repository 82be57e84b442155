import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type CodedError, isCodedError } from "@tenantry/base";
import { errors } from "../errors.ts";
import { displayPath } from "./find-definition.ts";

/**
 * Says what went wrong when Node imported the definition at `path`. Node tells the kinds of
 * failure apart by `code`, and the place only in the text of the stack: above the message for
 * syntax, in the first frame of the user's for what was thrown.
 */
export async function explainImportFailure(failure: unknown, path: string, cwd: string): Promise<CodedError> {
  if (isCodedError(failure)) return failure;
  const show = (place: Place | undefined) =>
    place === undefined ? displayPath(path, cwd) : `${displayPath(place.path, cwd)}:${place.line}`;
  if (!(failure instanceof Error)) {
    return errors.TOOLKIT_DEFINITION_THREW({ location: show(undefined), detail: describe(failure) }, failure);
  }
  const code = "code" in failure ? failure.code : undefined;
  const stack = failure.stack ?? "";
  const detail = firstLine(failure.message);
  if (code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") {
    const syntax = /^(.*?) (?:is|are) not supported/.exec(detail)?.[1] ?? detail;
    return errors.TOOLKIT_DEFINITION_UNSUPPORTED_SYNTAX(
      { location: show(placeAbove(stack)), syntax },
      failure,
    );
  }
  if (code === "ERR_MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") {
    const missing = /^Cannot find (?:package|module) '(.*?)' imported from (.*)$/.exec(detail);
    const importer = missing?.[2] ?? path;
    const specifier = missing?.[1] === undefined ? detail : displayPath(missing[1], cwd);
    return errors.TOOLKIT_DEFINITION_IMPORT_MISSING(
      { location: displayPath(importer.replace(/^file:\/\//, ""), cwd), specifier },
      failure,
    );
  }
  const missingExport = /^The requested module '(.*?)' does not provide an export named '(.*?)'/.exec(detail);
  if (missingExport !== null) {
    const specifier = `${missingExport[2]} of ${missingExport[1]}`;
    return errors.TOOLKIT_DEFINITION_IMPORT_MISSING(
      { location: show(placeAbove(stack)), specifier },
      failure,
    );
  }
  if (failure instanceof SyntaxError) {
    const place = placeAbove(stack) ?? placeAbove(await syntaxCheck(path));
    return errors.TOOLKIT_DEFINITION_SYNTAX({ location: show(place), detail }, failure);
  }
  return errors.TOOLKIT_DEFINITION_THREW(
    { location: show(firstFrame(stack)), detail: `${failure.name}: ${detail}` },
    failure,
  );
}

interface Place {
  readonly path: string;
  readonly line: number;
}

/** The `file:line` that stands alone in the first line, as Node writes it above a syntax error. */
function placeAbove(stack: string): Place | undefined {
  const match = /^((?:file:\/\/)?\/.*?|[A-Za-z]:\\.*?)(?:\?[^:\n]*)?:(\d+)\n/.exec(stack);
  return match === null ? undefined : place(match[1], match[2]);
}

const ownPackages = new URL("../../../", import.meta.url).href;

/** The innermost frame in a file of the user's: not Node's, not a package's, not ours. */
function firstFrame(stack: string): Place | undefined {
  for (const line of stack.split("\n")) {
    const match = /(file:\/\/\/.*?)(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(line);
    const url = match?.[1];
    if (url === undefined || url.includes("/node_modules/") || url.startsWith(ownPackages)) continue;
    return place(url, match?.[2]);
  }
  return undefined;
}

function place(file = "", line = ""): Place {
  return { path: file.startsWith("file:") ? fileURLToPath(file) : file, line: Number(line) };
}

/**
 * What Node says of a file that it only parses. An ES module with an early error (a name
 * declared twice) is rejected without a place; the check of the file as a program has one.
 */
async function syntaxCheck(path: string): Promise<string> {
  try {
    await promisify(execFile)(process.execPath, ["--check", path]);
    return "";
  } catch (failure) {
    return failure !== null && typeof failure === "object" && "stderr" in failure
      ? String(failure.stderr)
      : "";
  }
}

function describe(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
