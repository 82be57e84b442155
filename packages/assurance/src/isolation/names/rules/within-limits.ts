import { type Finding, refuted, unknown } from "../../../rule.ts";
import { parsePattern, type PatternPart } from "../../words/pattern.ts";
import type { NameKind } from "../name-kinds.ts";
import { platformRule } from "../names-rule.ts";
import { type GivenName, shownName } from "../read-names.ts";

export const withinLimits = platformRule({
  id: "names/within-limits",
  why: "a tenant with a long id cannot be made, or AWS cuts its name so that it is another's",
  fix: "shorten the fixed part of the name, let ids be shorter (tenantIdLengthMax), or use characters that AWS takes",
  judge: ({ shipment: { definition }, shared, tiers }) =>
    [...shared, ...tiers.map(({ a }) => a)].flatMap(({ names }) =>
      names.flatMap((name) => judgeName(name, definition.tenantIdLengthMax)),
    ),
});

function judgeName({ kind, name, subject }: GivenName, idLengthMax: number): readonly Finding[] {
  const parts = parsePattern(name, { wildcards: false });
  const open = parts.find((part) => part.kind === "unknown");
  if (open !== undefined) return [unknown(subject, `the name of the ${kind.what}: ${open.why}`)];
  const is = `the ${kind.what} ${shownName(name)}`;
  const [shortest, longest] = [3, idLengthMax].map((length) =>
    parts.map((part) => exampleOf(part, length)).join(""),
  ) as [string, string];
  const wrong = [...new Set(parts.flatMap((part) => [...charactersOf(part)]))].filter(
    (character) => !kind.characters.test(character),
  );
  return [
    ...(longest.length > kind.lengthMax
      ? [
          refuted(
            subject,
            `${is} has up to ${longest.length} characters, of ${kind.lengthMax} that AWS takes (${longest})`,
          ),
        ]
      : []),
    ...(shortest.length < (kind.lengthMin ?? 1)
      ? [refuted(subject, `${is} has ${shortest.length} characters, and AWS wants ${kind.lengthMin ?? 1}`)]
      : []),
    ...(wrong.length === 0 ? [] : [refuted(subject, `${is} may hold ${JSON.stringify(wrong.join(""))}`)]),
    ...wrongForm(kind, longest).map((form) => refuted(subject, `${is} ${form} (${longest})`)),
  ];
}

/** What AWS says of a name besides its length and characters. */
function wrongForm({ what }: NameKind, example: string): readonly string[] {
  if (what === "bucket" && !/^[a-z0-9](?!.*\.\.).*[a-z0-9]$/u.test(example))
    return ["begins or ends with a sign, or has two dots side by side"];
  if (/^database (cluster|instance)$/u.test(what) && !/^[a-z](?!.*--).*[a-z0-9]$/u.test(example))
    return ["does not begin with a letter, ends with a hyphen, or has two side by side"];
  if ((what === "target group" || what === "load balancer") && /^-|-$|^internal-/u.test(example))
    return ["begins or ends with a hyphen, or begins with internal-"];
  if (what === "DNS name" && example.split(".").some((label) => label.length > 63))
    return ["has a label of more than 63 characters"];
  return [];
}

function exampleOf(part: PatternPart, idLength: number): string {
  if (part.kind === "text") return part.text;
  if (part.kind === "tenant-id" || part.kind === "username") return "x".repeat(idLength);
  // An account has twelve digits; what AWS makes up for a name has no more characters.
  return "x".repeat(12);
}

function charactersOf(part: PatternPart): string {
  if (part.kind === "text") return part.text;
  if (part.kind === "tenant-id") return "a0-";
  return part.kind === "username" ? "a0_" : "a0";
}
