import { finding, type RepositoryFile } from "./repository-files.ts";
import { visit } from "./syntax-tree.ts";

/** A word that this project does not use for one of its own, with the one it does. */
interface Synonym {
  readonly word: RegExp;
  readonly instead: string;
  /** Where the word means something else: a term of AWS or of Kubernetes, or the sentence that defines ours. */
  readonly exceptIn: RegExp;
}

/** Files whose subject has the word as its own term, by the word that the ban names. */
const synonyms: readonly Synonym[] = [
  {
    word: /^customers?$/,
    instead: "tenant",
    exceptIn: /customer compan|customer[- ]managed|customer gateway/i,
  },
  {
    word: /^(organi[sz]ations?|orgs?)$/,
    instead: "tenant",
    exceptIn: /AWS organizations?|organizations? (policy|policies|baseline|unit)/i,
  },
  { word: /^playbooks?$/, instead: "runbook", exceptIn: /(?!)/ },
  { word: /^(gamedays?)$/, instead: "drill", exceptIn: /(?!)/ },
];

/** `customerIdMax` → customer, id, max. */
function wordsOf(identifier: string): readonly string[] {
  return identifier
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** An organization is a thing of AWS where platforms are defined and generated. */
const isAwsTerm = (path: string, word: string) =>
  /^(organi[sz]ations?|org)$/.test(word) &&
  /^(packages\/(model|aws|assurance)|platforms|test\/assurance)\//.test(path);

/** Names in code. Strings are not read: they may quote what somebody else calls it. */
export function checkIdentifiers(file: RepositoryFile): readonly string[] {
  const findings = new Map<string, string>();
  visit(file, (node) => {
    if (node.type !== "Identifier" && node.type !== "PrivateIdentifier") return;
    const name = node["name"] as string;
    for (const word of wordsOf(name)) {
      const synonym = synonyms.find((candidate) => candidate.word.test(word));
      if (synonym === undefined || isAwsTerm(file.path, word)) continue;
      if (!findings.has(name))
        findings.set(name, finding(file, node.start, `${name}: say ${synonym.instead}`));
    }
  });
  return [...findings.values()];
}

/** Words in documents, line by line. */
export function checkProse(file: RepositoryFile): readonly string[] {
  let offset = 0;
  return file.text.split("\n").flatMap((line) => {
    const at = offset;
    offset += line.length + 1;
    // An address belongs to somebody else, and many end in .org.
    return wordsOf(line.replaceAll(/https?:\/\/[^\s)>]+/g, "")).flatMap((word) => {
      const synonym = synonyms.find((candidate) => candidate.word.test(word));
      if (synonym === undefined || synonym.exceptIn.test(line) || isAwsTerm(file.path, word)) return [];
      return [finding(file, at, `${word}: say ${synonym.instead}`)];
    });
  });
}
