/**
 * Facts of the code that the guides repeat, as the lines of a table. A guide has them between
 * `<!-- name -->` and `<!-- /name -->`.
 */

/** One row for each permission, one column for each role. */
export function roleTable(
  permissions: readonly string[],
  roles: Readonly<Record<string, ReadonlySet<string>>>,
): readonly string[] {
  const names = Object.keys(roles);
  return [
    row(["permission", ...names]),
    row(["---", ...names.map(() => "---")]),
    ...permissions.map((permission) =>
      row([`\`${permission}\``, ...names.map((name) => (roles[name]?.has(permission) ? "yes" : ""))]),
    ),
  ];
}

/** One row for each kind of operation, with the types of the events that tell of it. */
export function operationEventTable(
  events: Readonly<
    Record<string, { readonly request: string; readonly success: string; readonly failure: string }>
  >,
): readonly string[] {
  return [
    row(["operation", "asked for", "ended well", "did not"]),
    row(["---", "---", "---", "---"]),
    ...Object.entries(events).map(([kind, { request, success, failure }]) =>
      row([kind, ...[request, success, failure].map((type) => `\`${type}\``)]),
    ),
  ];
}

/** The lines between the marks of a name; undefined where the document has no such marks, or more than one pair. */
export function markedLines(text: string, name: string): readonly string[] | undefined {
  const [, between, another] = text.split(new RegExp(`<!-- /?${name} -->`));
  if (between === undefined || another === undefined || text.split(`<!-- ${name} -->`).length !== 2) {
    return undefined;
  }
  return between.split("\n").filter((line) => line !== "");
}

/** Codes that a guide names in a span of code and that nobody can meet. */
export function unknownCodes(spans: readonly string[], known: ReadonlySet<string>): readonly string[] {
  return spans.filter((text) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(text) && !known.has(text));
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`.replaceAll(/\| +(?=\|)/g, "| ");
}
