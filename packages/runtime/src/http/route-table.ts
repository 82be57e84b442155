/** Which methods a path supports: for 405 with Allow, and for OPTIONS. */
export class RouteTable {
  readonly #exact: { readonly pattern: RegExp; readonly template: string; readonly methods: Set<string> }[] =
    [];
  readonly #prefixes: { readonly prefix: string; readonly methods: Set<string> }[] = [];

  add(template: string, methods: readonly string[]): void {
    if (template.endsWith("*")) {
      this.#prefixes.push({ prefix: template.slice(0, -1), methods: new Set(methods) });
      this.#prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
      return;
    }
    const known = this.#exact.find((route) => route.template === template);
    if (known !== undefined) {
      for (const method of methods) known.methods.add(method);
      return;
    }
    const source = template
      .split("/")
      .map((part) => (part.startsWith(":") ? "[^/]+" : part.replaceAll(".", "\\.")))
      .join("/");
    this.#exact.push({ pattern: new RegExp(`^${source}$`), template, methods: new Set(methods) });
  }

  /** The value of Allow for a path that is a route of its own, or null. */
  allow(path: string): string | null {
    return listOf(this.#exact.find((route) => route.pattern.test(path))?.methods);
  }

  /** The value of Allow for a path that a route with a wildcard takes, or null. */
  allowByPrefix(path: string): string | null {
    return listOf(this.#prefixes.find((route) => path.startsWith(route.prefix))?.methods);
  }
}

function listOf(methods: ReadonlySet<string> | undefined): string | null {
  return methods === undefined ? null : [...new Set([...methods, "OPTIONS"])].sort().join(", ");
}
