import type { CompiledResource, CompiledTemplate } from "./compile-template.ts";
import { textOf } from "./intrinsics.ts";
import { mark, unknownIn, unknownMark } from "./mark.ts";
import type { ShippedStack } from "./shipment.ts";
import type { StackInstance } from "./stack-instance.ts";

/** A shared stack, which may hand values over in Parameter Store. */
export interface Provider {
  readonly stack: ShippedStack;
  readonly account: string;
  readonly template: CompiledTemplate;
  readonly instance: StackInstance;
}

/** Where a value is looked up. */
export interface Store {
  readonly region: string;
  readonly account: string;
}

interface StoredValue {
  readonly provider: Provider;
  readonly resource: CompiledResource;
}

/** Parameter Store as the shared stacks fill it. */
export interface StoredValues {
  /** The value, or an unknown mark, which is reported for the subject. */
  readonly valueOf: (store: Store, name: string, subject: string) => string;
  /** Reports what is stored twice. */
  readonly reportTwice: () => void;
}

const type = "AWS::SSM::Parameter";

export function storedValues(
  providers: () => readonly Provider[],
  report: (subject: string, missing: string) => void,
): StoredValues {
  const indexes = new Map<string, ReadonlyMap<string, StoredValue>>();
  const values = new Map<StoredValue, string | null>();

  const indexOf = (store: Store): ReadonlyMap<string, StoredValue> => {
    const key = `${store.account} ${store.region}`;
    const known = indexes.get(key);
    if (known !== undefined) return known;
    const index = new Map<string, StoredValue>();
    // A name that itself hangs on a stored value finds only those before it.
    indexes.set(key, index);
    for (const provider of providers()) {
      if (provider.stack.region !== store.region || provider.account !== store.account) continue;
      for (const resource of provider.template.resources.values()) {
        if (resource.type !== type || !provider.instance.has(resource)) continue;
        const name = textOf(provider.instance.property(resource, "Name"));
        if (name === null) continue;
        const other = index.get(name);
        if (other === undefined) index.set(name, { provider, resource });
        else
          report(keyOf({ provider, resource }), `${name} is in Parameter Store from ${keyOf(other)} already`);
      }
    }
    return index;
  };

  const resolve = (stored: StoredValue, subject: string): string => {
    const known = values.get(stored);
    if (known === null) return missing(subject, `the value of ${keyOf(stored)} needs itself`);
    if (known !== undefined) return known;
    values.set(stored, null);
    const { provider, resource } = stored;
    const text = textOf(provider.instance.property(resource, "Value"));
    const value = text ?? missing(keyOf(stored), "its value is no text");
    values.set(stored, value);
    return value;
  };

  const missing = (subject: string, what: string): string => {
    report(subject, what);
    return unknownMark(what);
  };

  return {
    reportTwice: () => {
      for (const { stack, account } of providers()) indexOf({ region: stack.region, account });
    },
    valueOf: (store, name, subject) => {
      if (unknownIn(name) !== undefined) return name;
      if (name.startsWith("/aws/")) return mark(`parameter:${name}`);
      const stored = indexOf(store).get(name);
      if (stored !== undefined) return resolve(stored, subject);
      return missing(
        subject,
        `nothing puts ${name || "a value without name"} into Parameter Store of ${store.region}`,
      );
    },
  };
}

function keyOf({ provider, resource }: StoredValue): string {
  return `${provider.stack.id}/${resource.logicalId}`;
}
