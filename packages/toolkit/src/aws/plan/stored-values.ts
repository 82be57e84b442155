import type { Cloud } from "../cloud/cloud.ts";

/** Reads values of Parameter Store in bulk, and each name once. Made anew whenever values may have changed. */
export class StoredValues {
  readonly #cloud: Cloud;
  readonly #known = new Map<string, Map<string, string | null>>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** The values of the names; null where there is none. */
  async read(region: string, names: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const known = this.#known.get(region) ?? new Map<string, string | null>();
    this.#known.set(region, known);
    const unknown = [...new Set(names)].filter((name) => !known.has(name)).sort();
    if (unknown.length > 0) {
      const found = await this.#cloud.region(region).parameters.values(unknown);
      for (const name of unknown) known.set(name, found.get(name) ?? null);
    }
    return new Map(names.map((name) => [name, known.get(name) ?? null]));
  }
}
