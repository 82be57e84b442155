import type { Data, Resource, ShippedStack } from "../../artifacts/shipment.ts";
import { unknownIn } from "../../artifacts/mark.ts";

/** What a quota holds for: one of it has one value. */
export interface Container {
  /** Two uses of one key are counted together. */
  readonly key: string;
  /** The resource, region or stack, as a report names it. */
  readonly subject: string;
  /** Where it stands, which says what makes room: of a cell there can be another one, of an account's roles not. */
  readonly level: "account" | "region" | "cell" | "shared" | "tenant";
  /** Where its size follows from what is shipped and not from the account; null where that cannot be told. */
  readonly capacity?: number | null;
  /** Why the size cannot be told. */
  readonly why?: string;
}

/** So much of a quota, by one resource. */
export interface Use {
  /** The quota's id. */
  readonly quota: string;
  readonly container: Container;
  /** At the most that its services scale to. Not always whole: tasks spread over subnets. */
  readonly amount: number;
  /** Key of the resource. */
  readonly by: string;
}

/** Something that could not be counted. */
export interface Miss {
  readonly quota: string;
  readonly subject: string;
  readonly missing: string;
}

/** The resources of one stack, and what they name in it and in the stacks that all share. */
export interface StackView {
  readonly stack: ShippedStack;
  readonly ofType: (...types: readonly string[]) => readonly Resource[];
  /** Those of the stack and of the stacks that all share. */
  readonly everyOfType: (type: string) => readonly Resource[];
  /** The resource that a property's value names, if it is one of these types and shipped. */
  readonly find: (value: Data | undefined, ...types: readonly string[]) => Resource | null;
  readonly miss: (quota: string, subject: string, missing: string) => void;
}

export function viewOf(
  stack: ShippedStack,
  resources: readonly Resource[],
  shared: KnownResources | null,
  misses: Miss[],
): StackView {
  const own = new KnownResources(resources);
  return {
    stack,
    ofType: (...types) => types.flatMap((type) => own.ofType(type)),
    everyOfType: (type) => [...own.ofType(type), ...(shared?.ofType(type) ?? [])],
    find: (value, ...types) =>
      own.find(value, types, stack.region) ?? shared?.find(value, types, stack.region) ?? null,
    miss: (quota, subject, missing) => misses.push({ quota, subject, missing }),
  };
}

/** Finds resources by what others call them. */
export class KnownResources {
  readonly #known = new Map<string, Resource>();
  readonly #byType: ReadonlyMap<string, readonly Resource[]>;

  constructor(resources: readonly Resource[]) {
    this.#byType = Map.groupBy(resources, ({ type }) => type);
    for (const resource of resources) {
      const { type, physicalId, arn, key, stack } = resource;
      for (const name of [physicalId, arn, key]) {
        if (name === null) continue;
        this.#known.set(`${stack.region} ${type} ${name}`, resource);
        if (!this.#known.has(`${type} ${name}`)) this.#known.set(`${type} ${name}`, resource);
      }
    }
  }

  ofType(type: string): readonly Resource[] {
    return this.#byType.get(type) ?? [];
  }

  /** What has the name in the region, else anywhere: a database and its copy have one name in two regions. */
  find(value: Data | undefined, types: readonly string[], region: string): Resource | null {
    if (typeof value !== "string") return null;
    const names = [value, keyIn(value)];
    for (const place of [`${region} `, ""]) {
      for (const type of types) {
        for (const name of names) {
          const found = this.#known.get(`${place}${type} ${name}`);
          if (found !== undefined) return found;
        }
      }
    }
    return null;
  }
}

/** The key of the resource of which a mark is an attribute: marks of a tenant's resources hold its mark in them. */
function keyIn(value: string): string {
  if (!value.startsWith("⟨") || !value.endsWith("⟩")) return value;
  const inner = value.slice(1, -1);
  const start = inner.lastIndexOf("/") + 1;
  const [logicalId = ""] = inner.slice(start).split(".");
  return inner.slice(0, start) + logicalId;
}

export function containerOf({ key, logicalId, stack }: Resource): Container {
  if (stack.tenant !== null) return { key, subject: key, level: "tenant" };
  if (stack.cell === null) return { key, subject: key, level: "shared" };
  return { key: cellKey(stack.role, stack.cell, logicalId), subject: key, level: "cell" };
}

/** Cells are made of one template: what stands in one stands in each under the same logical id. */
function cellKey(role: ShippedStack["role"], cell: number, logicalId: string): string {
  return `${role} cell ${cell} ${logicalId}`;
}

export function inCell(key: string, cell: number): string {
  return key.replace(/^(\w+) cell \d+ /, `$1 cell ${cell} `);
}

export function regionOf({ stack }: Pick<StackView, "stack">, region: string = stack.region): Container {
  return { key: `region ${region}`, subject: region, level: "region" };
}

export const account: Container = { key: "account", subject: "the account", level: "account" };

/**
 * The container that a value names. What is not shipped, such as a hosted zone that was there before, is one too; what
 * cannot be resolved is a miss.
 */
export function containerNamed(
  view: StackView,
  quota: string,
  by: string,
  value: Data | undefined,
  ...types: readonly string[]
): Container | null {
  const found = view.find(value, ...types);
  if (found !== null) return containerOf(found);
  const why = typeof value === "string" ? unknownIn(value) : "it is no text";
  if (typeof value !== "string" || why !== undefined) {
    view.miss(quota, by, `which ${types[0]?.split("::").at(-1) ?? "resource"} it belongs to: ${why}`);
    return null;
  }
  return { key: `outside ${value}`, subject: value, level: "shared" };
}
