import { assert } from "@tenantry/base";
import type { ParameterSource } from "../stack/parameter-source.ts";
import { providedNames } from "./provided-names.ts";
import type { Template } from "./template-limits.ts";

/** As much of a stack as its order follows from. */
export interface OrderedStack {
  readonly id: string;
  readonly region: string;
  readonly template: Template;
  readonly sources: Readonly<Record<string, ParameterSource>>;
  /** Values of cells that tenants' stacks need, whichever the cell. */
  readonly cellValues?: readonly string[];
}

/**
 * Which stacks must be there before a stack: those that hand over a value that it needs. Nobody keeps a list of it, so
 * a stack that begins to need another value waits for it from then on.
 */
export class StackOrder {
  /** Ids by region and path in Parameter Store. */
  readonly #providers = new Map<string, string[]>();

  constructor(stacks: readonly OrderedStack[]) {
    for (const { id, region, sources, template } of stacks) {
      for (const name of providedNames(template, sources)) {
        const place = `${region} ${name}`;
        this.#providers.set(place, [...(this.#providers.get(place) ?? []), id]);
      }
    }
  }

  /** Sorted ids. A value that nobody provides is nobody's to wait for; a test finds it. */
  dependenciesOf(stack: OrderedStack): readonly string[] {
    const ids = needsOf(stack).flatMap((place) => this.#providers.get(place) ?? []);
    const places = (stack.cellValues ?? []).length === 0 ? [] : [...this.#providers];
    const ofCells = places.filter(([place]) => isOfCell(place, stack)).flatMap(([, found]) => found);
    return [...new Set([...ids, ...ofCells])].filter((id) => id !== stack.id).toSorted();
  }
}

/** Stacks in an order in which each comes after those that it waits for, and otherwise as they were given. */
export function inOrder<Stack extends { readonly id: string; readonly dependsOn: readonly string[] }>(
  stacks: readonly Stack[],
): readonly Stack[] {
  const placed = new Set<string>();
  const ordered: Stack[] = [];
  while (ordered.length < stacks.length) {
    const next = stacks.find(
      ({ id, dependsOn }) => !placed.has(id) && dependsOn.every((other) => placed.has(other)),
    );
    const left = stacks.filter(({ id }) => !placed.has(id)).map(({ id }) => id);
    assert(next !== undefined, `these stacks wait for one another: ${left.join(", ")}`);
    placed.add(next.id);
    ordered.push(next);
  }
  return ordered;
}

function needsOf({ region, template, sources }: OrderedStack): readonly string[] {
  const here = Object.entries(template.Parameters ?? {}).flatMap(([id, { Type, Default }]) => {
    const source = sources[id];
    const name = source?.kind === "literal" ? source.value : Default;
    return Type.startsWith("AWS::SSM::") && name !== undefined ? [`${region} ${name}`] : [];
  });
  const elsewhere = Object.values(sources).flatMap((source) =>
    source.kind === "stack-value" ? [`${source.region} ${source.name}`] : [],
  );
  return [...here, ...elsewhere];
}

function isOfCell(place: string, { region, cellValues = [] }: OrderedStack): boolean {
  return cellValues.some(
    (value) => place.startsWith(`${region} /`) && /\/cells\/\d+\//.test(place) && place.endsWith(`/${value}`),
  );
}
