import { unknownIn } from "../../artifacts/mark.ts";
import type { Data, Properties, Resource } from "../../artifacts/shipment.ts";
import { everywhere, parseRange } from "./address-range.ts";
import { managedList } from "./known-prefix-lists.ts";
import type { AddressRange, GroupRule, Peer, SecurityGroup } from "./network-model.ts";
import { everything } from "./packet-box.ts";
import { isRecord, listOf, type Notes, property, textOf } from "./property-values.ts";
import { groupTraffic } from "./read-traffic.ts";

/** Ranges of the prefix lists that templates make, by their ids. */
export type PrefixLists = ReadonlyMap<string, readonly AddressRange[]>;

type Direction = GroupRule["direction"];

/** A security group with the rules that stand in it; those of other resources are added later. */
export function readGroup(resource: Resource, lists: PrefixLists, notes: Notes): SecurityGroup {
  const { key, physicalId, properties, stack } = resource;
  const inline = (direction: Direction, name: string): readonly GroupRule[] =>
    listOf(properties[name]).flatMap((rule, index) =>
      readRule({ rule, direction, where: `${key} ${name}[${index}]`, stack: stack.id, lists, notes }),
    );
  const egress = inline("egress", "SecurityGroupEgress");
  return {
    id: physicalId,
    where: key,
    stack: stack.id,
    tenant: stack.tenant,
    vpc: property(resource, "VpcId"),
    isDefault: false,
    rules: [
      ...inline("ingress", "SecurityGroupIngress"),
      // AWS gives a group without a rule out one that lets everything out.
      ...(egress.length === 0 && listOf(properties["SecurityGroupEgress"]).length === 0
        ? allowAllOut(stack.id, `${key} (AWS's rule of a group that names none)`)
        : egress),
    ],
  };
}

function allowAllOut(stack: string, where: string): readonly GroupRule[] {
  return ([4, 6] as const).map((family) => ({
    direction: "egress",
    traffic: everything,
    peer: { kind: "range", range: everywhere(family) },
    stack,
    where,
  }));
}

/** The group that AWS makes with every VPC: its members reach one another, and everything out. */
export function defaultGroup(id: string, vpc: string, where: string, stack: string): SecurityGroup {
  const name = `the default security group of ${where}`;
  const fromItself: GroupRule = {
    direction: "ingress",
    traffic: everything,
    peer: { kind: "group", group: id },
    stack,
    where: name,
  };
  return {
    id,
    where: name,
    stack,
    tenant: null,
    vpc,
    isDefault: true,
    rules: [fromItself, ...allowAllOut(stack, name)],
  };
}

/** The rules of a resource of its own, and the group that they are of. */
export function readSeparateRule(
  resource: Resource,
  lists: PrefixLists,
  notes: Notes,
): { readonly group: string; readonly rules: readonly GroupRule[] } | null {
  const direction = resource.type.endsWith("Ingress") ? "ingress" : "egress";
  const group = property(resource, "GroupId");
  const where = resource.key;
  if (group === null) {
    notes.gaps.push({ subject: where, missing: "the id of the security group that the rule is of" });
    return null;
  }
  const rule = resource.properties;
  return { group, rules: readRule({ rule, direction, where, stack: resource.stack.id, lists, notes }) };
}

interface WrittenRule {
  readonly rule: Data;
  readonly direction: Direction;
  readonly where: string;
  readonly stack: string;
  readonly lists: PrefixLists;
  readonly notes: Notes;
}

/** One rule for each peer that it names. */
function readRule({ rule, direction, where, stack, lists, notes }: WrittenRule): readonly GroupRule[] {
  if (!isRecord(rule)) {
    const why = "what is no rule";
    notes.gaps.push({ subject: where, missing: why });
    return [{ direction, traffic: everything, peer: { kind: "unknown", why }, stack, where }];
  }
  const traffic = groupTraffic(rule);
  if (traffic === null) {
    const why = `protocol and ports: ${JSON.stringify([rule["IpProtocol"], rule["FromPort"], rule["ToPort"]])}`;
    notes.gaps.push({ subject: where, missing: why });
    return [{ direction, traffic: everything, peer: { kind: "unknown", why }, stack, where }];
  }
  return peersOf(rule, direction, where, lists, notes).map((peer) => ({
    direction,
    traffic,
    peer,
    stack,
    where,
  }));
}

function peersOf(
  rule: Properties,
  direction: Direction,
  where: string,
  lists: PrefixLists,
  notes: Notes,
): readonly Peer[] {
  const side = direction === "ingress" ? "Source" : "Destination";
  const peers: Peer[] = [];
  const unknown = (why: string) => {
    notes.gaps.push({ subject: where, missing: why });
    peers.push({ kind: "unknown", why });
  };
  for (const name of ["CidrIp", "CidrIpv6"]) {
    if (rule[name] === undefined) continue;
    const range = readRange(rule[name], `${where} ${name}`, notes);
    if (range !== null) peers.push({ kind: "range", range });
    else if (unknownIn(textOf(rule[name]) ?? "⟨unknown:⟩") !== undefined) unknown(`the range in ${name}`);
  }
  const group = rule[`${side}SecurityGroupId`];
  if (group !== undefined) {
    const id = textOf(group);
    if (id === null || unknownIn(id) !== undefined) unknown(`the group in ${side}SecurityGroupId`);
    else peers.push({ kind: "group", group: id });
  }
  if (rule[`${side}SecurityGroupName`] !== undefined)
    unknown("a group that is named and not known by its id");
  const list = rule[`${side}PrefixListId`];
  if (list !== undefined) peers.push(...listPeers(list, where, lists, notes));
  const names = ["CidrIp", "CidrIpv6", `${side}SecurityGroupId`, `${side}SecurityGroupName`];
  if (list === undefined && names.every((name) => rule[name] === undefined)) unknown("who the rule is about");
  return peers;
}

function listPeers(value: Data, where: string, lists: PrefixLists, notes: Notes): readonly Peer[] {
  const id = textOf(value) ?? "";
  const own = lists.get(id);
  if (own !== undefined) return own.map((range) => ({ kind: "range", range }));
  const known = managedList(id);
  if (known !== undefined) return [{ kind: "managed-list", ...known, id }];
  const why = `what the prefix list ${id} holds`;
  notes.gaps.push({ subject: where, missing: why });
  return [{ kind: "unknown", why }];
}

/** Null where it cannot be read, which is noted: an impossible range as a fault, an unknown one by whoever asks. */
export function readRange(value: Data | undefined, where: string, notes: Notes): AddressRange | null {
  const text = textOf(value);
  if (text === null || text.includes("⟨")) return null;
  const parsed = parseRange(text);
  if (parsed.kind === "impossible") {
    notes.faults.push({ subject: where, witness: parsed.why });
    return null;
  }
  if (parsed.hasHostBits) {
    notes.faults.push({ subject: where, witness: `${text} has bits behind its prefix, which AWS refuses` });
  }
  return parsed.range;
}

/** The prefix lists that a stack makes. */
export function readPrefixList(resource: Resource, notes: Notes): readonly AddressRange[] {
  return listOf(resource.properties["Entries"]).flatMap((entry, index) => {
    const where = `${resource.key} Entries[${index}]`;
    const range = readRange(isRecord(entry) ? entry["Cidr"] : undefined, where, notes);
    if (range === null) notes.gaps.push({ subject: where, missing: "a range of the prefix list" });
    return range === null ? [] : [range];
  });
}
