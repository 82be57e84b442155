import { type Finding, refuted } from "../../../rule.ts";
import { containsRange, intersectRanges } from "../address-range.ts";
import { describeTraffic } from "../describe-traffic.ts";
import type { AclEntry, NetworkAcl, Traffic } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import { intersectTraffic, type PacketBox, subtractBox } from "../packet-box.ts";

export const aclEntriesInOrder: NetworkRule = {
  id: "network/acl-entries-in-order",
  why: "the first entry that matches decides: a deny behind a wider allow denies nothing, and looks as if it did",
  fix: "give the narrower entry the smaller number, and every entry of a direction a number of its own",
  judge: ({ network }) =>
    [...network.acls.values()].flatMap((acl) =>
      (["inbound", "outbound"] as const).flatMap((direction) => judgeDirection(acl, direction)),
    ),
};

function judgeDirection(
  { entries, isDefault }: NetworkAcl,
  direction: AclEntry["direction"],
): readonly Finding[] {
  const ordered = entries
    .filter((entry) => entry.direction === direction)
    .toSorted((a, b) => a.number - b.number);
  const own = isDefault ? [] : ordered;
  return own.flatMap((entry, index) => {
    const before = own.slice(0, index);
    const twin = before.find(({ number }) => number === entry.number);
    if (twin !== undefined) {
      return [refuted(entry.where, `has the number ${entry.number}, as ${twin.where} has; AWS takes one`)];
    }
    if (entry.number < 1 || entry.number > 32_766) {
      return [refuted(entry.where, `has the number ${entry.number}; AWS takes 1 to 32766`)];
    }
    return [...undermined(entry, before), ...dead(entry, before)];
  });
}

/** A deny that comes after an allow of more addresses, which lets through a part of what it denies. */
function undermined(entry: AclEntry, before: readonly AclEntry[]): readonly Finding[] {
  const { match } = entry;
  if (entry.action === "allow" || match === null) return [];
  return before.flatMap((other) => {
    if (other.action === "deny" || other.match === null) return [];
    const traffic = intersectTraffic(match.traffic, other.match.traffic);
    if (traffic === null || isErrorMessage(traffic)) return [];
    if (intersectRanges(match.range, other.match.range) === null) return [];
    if (containsRange(match.range, other.match.range)) return [];
    return [
      refuted(entry.where, `denies ${describeTraffic(traffic)} that ${other.where} lets through before it`),
    ];
  });
}

/** ICMP's "destination unreachable", "time exceeded" and "parameter problem" open no connection. */
function isErrorMessage({ protocols, ports }: Traffic): boolean {
  const errors = protocols.from === 1 ? [3, 11, 12] : protocols.from === 58 ? [1, 2, 3, 4] : [];
  const types = [ports.from >> 8, (ports.to - 1) >> 8];
  return protocols.to - protocols.from === 1 && types[0] === types[1] && errors.includes(types[0] ?? -1);
}

/** An entry whose every packet is decided before it, and otherwise. */
function dead(entry: AclEntry, before: readonly AclEntry[]): readonly Finding[] {
  const { match } = entry;
  const others = before.filter(({ action }) => action !== entry.action);
  if (match === null || others.length === 0) return [];
  let left: readonly PacketBox[] = [{ ...match, by: [] }];
  for (const other of others) {
    const { match: decided } = other;
    if (decided !== null) left = left.flatMap((box) => subtractBox(box, decided.range, decided.traffic));
  }
  const last = others.at(-1);
  return left.length > 0 || last === undefined
    ? []
    : [
        refuted(
          entry.where,
          `decides nothing: ${last.where} and what stands before it have decided otherwise`,
        ),
      ];
}
