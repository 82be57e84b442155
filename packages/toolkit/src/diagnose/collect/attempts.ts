import { isCodedError } from "@tenantry/base";
import type { Found, Lookup, Unread } from "../snapshot.ts";

/** How many readings go on at the same time; the rate of calls is bounded besides. */
const concurrencyMax = 16;

/** Readings that may fail: what could not be read is noted, once for each kind of call, and the others go on. */
export class Attempts {
  readonly #unread = new Map<string, Unread>();

  get unread(): readonly Unread[] {
    return [...this.#unread.values()];
  }

  /**
   * @param service the prefix of its actions in IAM
   * @throws TOOLKIT_AWS_CREDENTIALS, and what is no failure of AWS
   */
  async read<T>(service: string, region: string | null, read: () => Promise<T>): Promise<Found<T>> {
    try {
      return { kind: "found", value: await read() };
    } catch (failure) {
      // Without credentials nothing can be read, and with a bug nothing is right.
      if (!isCodedError(failure) || failure.code === "TOOLKIT_AWS_CREDENTIALS") throw failure;
      const { operation } = failure.params;
      const action = `${service}:${typeof operation === "string" ? operation : "*"}`;
      const unread = {
        action,
        region,
        isDenied: failure.code === "TOOLKIT_AWS_DENIED",
        detail: failure.message,
      };
      this.#unread.set(`${action} ${region ?? ""}`, this.#unread.get(`${action} ${region ?? ""}`) ?? unread);
      return { kind: "unread" };
    }
  }

  /** The value, or what stands for one that could not be read. */
  async readOr<T, U>(
    service: string,
    region: string | null,
    otherwise: U,
    read: () => Promise<T>,
  ): Promise<T | U> {
    const found = await this.read(service, region, read);
    return found.kind === "found" ? found.value : otherwise;
  }

  /** Looks up each of the ids once. */
  async lookup<T>(
    service: string,
    region: string | null,
    ids: Iterable<string>,
    read: (id: string) => Promise<T | null>,
  ): Promise<Lookup<T>> {
    const entries = await mapBounded([...new Set(ids)], async (id): Promise<[string, Found<T>]> => {
      const found = await this.read(service, region, () => read(id));
      if (found.kind !== "found") return [id, { kind: "unread" }];
      return [id, found.value === null ? { kind: "missing" } : { kind: "found", value: found.value }];
    });
    return Object.fromEntries(entries);
  }
}

/** Maps with a bounded number of items at work, in order. */
export async function mapBounded<T, U>(
  items: readonly T[],
  map: (item: T) => Promise<U>,
): Promise<readonly U[]> {
  const results: U[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrencyMax, items.length) }, work));
  return results;
}
