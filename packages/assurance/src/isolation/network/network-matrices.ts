import type { Shipment } from "../../artifacts/shipment.ts";
import type { Matrix } from "../../theme-result.ts";
import type { Connection, Party } from "./connections.ts";
import { describeAll } from "./describe-traffic.ts";
import type { Interface } from "./network-model.ts";
import type { NetworkView } from "./network-rule.ts";
import type { NetworkModel } from "./read-network.ts";
import { leavesBy } from "./routing.ts";

/** As many tenants as a table names; more are told by their tier. */
const namedMax = 12;

const closed = "–";

interface Cell {
  readonly row: string;
  readonly column: string;
  readonly text: string;
}

/** Who opens connections to whom in each region, and how each gets out. */
export function networkMatrices(shipment: Shipment, view: NetworkView): readonly Matrix[] {
  const { network, connections } = view;
  const label = labelsOf(shipment.tenants.size <= namedMax);
  const outside = network.definition.edge.cloudFront === null ? ["internet"] : ["internet", "cloudfront"];
  return (["primary", "recovery"] as const).flatMap((role) => {
    const here = network.interfaces.filter((one) => one.role === role && label.isShown(one));
    const sources = distinct([...outside.map(outsideName), ...here.flatMap(label.source)]);
    const destinations = distinct(here.flatMap(label.destination));
    if (destinations.length === 0) return [];
    const cells = connections.flatMap((connection) => cellsOf(connection, label, role));
    return [reachMatrix(role, sources, destinations, cells), exitMatrix(network, role, here, label)];
  });
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)];

interface Labels {
  /** The tenants that there are, where they are few; otherwise any two of each tier, which stand for all. */
  readonly isShown: (one: Interface) => boolean;
  readonly source: (one: Interface) => readonly string[];
  readonly destination: (one: Interface) => readonly string[];
}

function labelsOf(namesTenants: boolean): Labels {
  const isAny = ({ tenant }: Interface) => tenant?.includes("⟨") === true;
  // The mark of any tenant is ⟨tenant:silo-a⟩.
  const owner = ({ tenant, tier }: Interface) =>
    namesTenants ? tenant : `${tier} tenant ${tenant?.slice(-2, -1).toUpperCase()}`;
  const of = (one: Interface, what: string) => (one.tenant === null ? what : `${owner(one)}: ${what}`);
  const place = (one: Interface): readonly string[] => {
    switch (one.kind) {
      case "load-balancer":
        return [of(one, namesTenants ? `load balancer of cell ${one.cell}` : "load balancers")];
      case "tasks":
        return [of(one, `service ${one.name}`)];
      case "function":
        return [of(one, `function ${one.name}`)];
      case "instance":
        return [of(one, "instance")];
      default:
        return [];
    }
  };
  return {
    isShown: (one) => one.tenant === null || isAny(one) !== namesTenants,
    source: (one) => (one.kind === "rotation" ? [of(one, "rotation")] : place(one)),
    destination: (one) =>
      one.kind === "store" || one.kind === "store-proxy"
        ? [of(one, `${one.kind === "store" ? "store" : "proxy of"} ${one.name}`)]
        : place(one),
  };
}

function cellsOf(
  { source, destination, openings }: Connection,
  label: Labels,
  role: string,
): readonly Cell[] {
  const text = describeAll(openings.map(({ traffic }) => traffic));
  const to = namesOf(destination, label, label.destination, role);
  const from =
    typeof source === "string" ? [outsideName(source)] : namesOf(source, label, label.source, role);
  return from.flatMap((row) => to.map((column) => ({ row, column, text })));
}

const outsideName = (source: string): string => (source === "internet" ? "the internet" : "CloudFront");

function namesOf(
  { members }: Party,
  { isShown }: Labels,
  label: Labels["source"],
  role: string,
): readonly string[] {
  return distinct(members.filter((one) => one.role === role && isShown(one)).flatMap(label));
}

function reachMatrix(
  role: string,
  sources: readonly string[],
  destinations: readonly string[],
  cells: readonly Cell[],
): Matrix {
  const texts = Map.groupBy(cells, ({ row, column }) => `${row} → ${column}`);
  return {
    title: `Who opens connections to whom (${role} region)`,
    columns: ["from", ...destinations],
    rows: sources.map((row) => [
      row,
      ...destinations.map((column) => {
        const found = texts.get(`${row} → ${column}`) ?? [];
        return found.length === 0 ? closed : distinct(found.map(({ text }) => text)).join(", ");
      }),
    ]),
    legend: { [closed]: "no connection can be opened" },
  };
}

/** Exits are by design, so they are shown and not judged here. */
function exitMatrix(network: NetworkModel, role: string, here: readonly Interface[], label: Labels): Matrix {
  const rows = new Map<string, string>();
  for (const one of here) {
    for (const name of [...label.source(one), ...label.destination(one)]) {
      if (!rows.has(name)) rows.set(name, exitOf(network, one));
    }
  }
  return {
    title: `What gets out to the internet (${role} region)`,
    columns: ["from", "way out"],
    rows: [...rows],
    legend: { [closed]: "its groups or routes let nothing out to the internet" },
  };
}

function exitOf(network: NetworkModel, one: Interface): string {
  const traffic = (one.groups ?? []).flatMap((id) =>
    (network.groups.get(id)?.rules ?? []).flatMap((rule) => {
      const isWide = rule.peer.kind === "range" && rule.peer.range.to - rule.peer.range.from > 1n << 24n;
      return rule.direction === "egress" && isWide ? [rule.traffic] : [];
    }),
  );
  const ways = one.subnets.flatMap((id) => {
    const subnet = network.subnets.get(id);
    const way = subnet === undefined ? undefined : leavesBy(network, subnet, ["internet-gateway", "nat"]);
    return way === undefined ? [] : [way.target.kind === "nat" ? "a NAT gateway" : "the internet gateway"];
  });
  if (traffic.length === 0 || ways.length === 0) return closed;
  return `${describeAll(traffic)} through ${distinct(ways).join(" or ")}`;
}
