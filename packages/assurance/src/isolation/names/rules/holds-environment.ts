import { marksIn } from "../../../artifacts/mark.ts";
import { type Finding, refuted } from "../../../rule.ts";
import { platformRule } from "../names-rule.ts";
import { fullName, type GivenName, shownName } from "../read-names.ts";

export const holdsEnvironment = platformRule({
  id: "names/hold-the-environment",
  why: "environments may share an account: without its name in them, staging and production have the same names",
  fix: "put {environment} into the name",
  judge: ({ shipment: { platform, environment }, shared, tiers }) =>
    [...shared, ...tiers.map(({ a }) => a)].flatMap(({ names }) =>
      names.flatMap((name) => judgeName(name, platform, environment)),
    ),
});

function judgeName(name: GivenName, platform: string, environment: string): readonly Finding[] {
  const text = fullName(name);
  if (holdsWord(text, environment) || holdsDigest(text, `${platform}-${environment}-`)) return [];
  // What holds something that AWS made for this platform is not that of another.
  if (marksIn(text).some((content) => content.includes("/") && !content.startsWith("unknown:"))) return [];
  return [
    refuted(name.subject, `the ${name.kind.what} ${shownName(name.name)} does not hold "${environment}"`),
  ];
}

function holdsWord(text: string, word: string): boolean {
  const literal = text.replaceAll(/⟨[^⟩]*⟩/gu, "\n").toLowerCase();
  return ` ${literal.replaceAll(/[^a-z0-9]+/gu, " ")} `.includes(
    ` ${word.toLowerCase().replaceAll(/[^a-z0-9]+/gu, " ")} `,
  );
}

/** How much of the platform's name is left at least where a name is cut. */
const headLengthMin = 4;

/** A long name is cut, and ends in a digest of the whole: before it stands the beginning of what the name held. */
function holdsDigest(text: string, beginning: string): boolean {
  return [...text.matchAll(/([a-z0-9-]+)-[0-9a-f]{8}(?![0-9a-z])/gu)].some(([, head = ""]) =>
    Array.from({ length: head.length }, (_, start) => head.slice(start)).some(
      (end) => end.length >= headLengthMin && beginning.startsWith(end),
    ),
  );
}
