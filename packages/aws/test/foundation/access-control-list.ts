import { resourcesOf, type Template } from "../test-stack.ts";

interface Entry {
  readonly Egress: boolean;
  readonly RuleNumber: number;
  readonly RuleAction: "allow" | "deny";
  readonly CidrBlock: string;
  readonly Protocol: number;
  readonly PortRange?: { readonly From: number; readonly To: number };
  readonly NetworkAclId: { readonly "Fn::GetAtt": readonly [string, string] };
}

export interface Connection {
  /** Address and subnet group of the caller; no group for the internet. */
  readonly from: { readonly address: string; readonly group?: string };
  readonly to: { readonly address: string; readonly group?: string };
  readonly port: number;
  readonly protocol?: "tcp" | "udp";
}

/** Whether the ACLs of a template let a connection through: there by its port, back by an ephemeral one. As AWS reads them. */
export function passes(template: Template, connection: Connection): boolean {
  const { from, to, port, protocol = "tcp" } = connection;
  const entries = Object.values(resourcesOf(template, "AWS::EC2::NetworkAclEntry")).map(
    ({ Properties }) => Properties as unknown as Entry,
  );
  const lets = (group: string | undefined, egress: boolean, far: string, onPort: number) => {
    if (group === undefined) return true;
    const own = entries
      .filter((entry) => entry.Egress === egress)
      .filter((entry) => entry.NetworkAclId["Fn::GetAtt"][0].toLowerCase().endsWith(`acls${group}`))
      .sort((a, b) => a.RuleNumber - b.RuleNumber);
    const first = own.find((entry) => matches(entry, far, protocol === "tcp" ? 6 : 17, onPort));
    return first?.RuleAction === "allow";
  };
  // Clients of every system choose from these.
  return [1024, 33_000, 65_535].every(
    (ephemeral) =>
      lets(from.group, true, to.address, port) &&
      lets(to.group, false, from.address, port) &&
      lets(to.group, true, from.address, ephemeral) &&
      lets(from.group, false, to.address, ephemeral),
  );
}

function matches(entry: Entry, address: string, protocol: number, port: number): boolean {
  const [base = "", prefix = "32"] = entry.CidrBlock.split("/");
  const size = 2 ** (32 - Number(prefix));
  const isInside = Math.floor(numberOf(address) / size) === Math.floor(numberOf(base) / size);
  const { From = 0, To = 65_535 } = entry.PortRange ?? {};
  return isInside && (entry.Protocol === -1 || (entry.Protocol === protocol && From <= port && port <= To));
}

function numberOf(address: string): number {
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
