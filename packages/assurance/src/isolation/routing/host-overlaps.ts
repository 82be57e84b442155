import { canMeet, type Meeting } from "../words/can-meet.ts";
import { parsePattern } from "../words/pattern.ts";
import type { RoutingModel } from "./routing-model.ts";
import { reservedTenantIds } from "@tenantry/model";

/** A host or pattern, and whose it is. */
export interface OwnedHost {
  readonly host: string;
  readonly owner: string;
  /** What answers for it. */
  readonly key: string;
}

export interface Overlap {
  readonly one: OwnedHost;
  readonly other: OwnedHost;
}

/** Patterns that are neither a name nor "*." before one are compared with all others; of so many pairs. */
const pairsMax = 1_000_000;

/**
 * The hosts of different owners that some name meets. Ten thousand tenants are told apart by their names; it is exact for names and for "*."
 * before a name, and other patterns are compared one by one.
 *
 * @returns null where there are too many such other patterns
 */
export function hostOverlaps(hosts: readonly OwnedHost[]): readonly Overlap[] | null {
  const odd = hosts.filter(({ host }) => /[*?]/.test(host.replace(/^\*\./, "")));
  if (odd.length * hosts.length > pairsMax) return null;
  const exact = grouped(hosts.filter(({ host }) => !/[*?]/.test(host)));
  const below = grouped(
    hosts
      .filter(({ host }) => host.startsWith("*.") && !/[*?]/.test(host.slice(2)))
      .map((one) => ({ ...one, name: one.host.slice(2) })),
  );
  const found: Overlap[] = [];
  const compare = (one: OwnedHost, others: readonly OwnedHost[]): void => {
    for (const other of others) if (one.owner !== other.owner) found.push({ one, other });
  };
  for (const [name, owners] of exact) {
    for (const [index, one] of owners.entries()) {
      compare(one, owners.slice(index + 1));
      for (const suffix of suffixesOf(name)) compare(one, below.get(suffix) ?? []);
    }
  }
  for (const [name, owners] of below) {
    for (const [index, one] of owners.entries()) {
      compare(one, owners.slice(index + 1));
      for (const suffix of suffixesOf(name)) compare(one, below.get(suffix) ?? []);
    }
  }
  for (const [index, one] of odd.entries()) {
    const others = hosts.filter(
      (other) => !odd.slice(0, index + 1).includes(other) && other.owner !== one.owner,
    );
    compare(
      one,
      others.filter((other) => patternsMeet(one.host, other.host)),
    );
  }
  return found;
}

function grouped(
  hosts: readonly (OwnedHost & { readonly name?: string })[],
): ReadonlyMap<string, readonly OwnedHost[]> {
  const groups = new Map<string, OwnedHost[]>();
  for (const one of hosts) {
    const name = one.name ?? one.host;
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [one]);
    else if (!known.some(({ owner }) => owner === one.owner)) known.push(one);
  }
  return groups;
}

/** What a name is below: of "a.b.c" it is "b.c" and "c". */
function suffixesOf(name: string): readonly string[] {
  const labels = name.split(".");
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join("."));
}

/** Whether some text matches both; both are without marks. */
function patternsMeet(one: string, other: string): boolean {
  return meetingOf(one, other).kind !== "never";
}

function meetingOf(one: string, other: string): Meeting {
  return canMeet(parsePattern(one, { wildcards: true }), parsePattern(other, { wildcards: true }), {
    lengthMax: 32,
  });
}

/** Whether some host matches both, for two different tenants of the platform, whichever they are. */
export function tenantsMeet(
  { definition }: RoutingModel,
  one: string,
  other: string,
  options: { readonly isName?: boolean; readonly others?: readonly string[] } = {},
): Meeting {
  const { isName = false, others = [] } = options;
  return canMeet(parsePattern(one, { wildcards: !isName }), parsePattern(other, { wildcards: true }), {
    lengthMax: definition.tenantIdLengthMax,
    others: [...reservedTenantIds, ...others],
  });
}
