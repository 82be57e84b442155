import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import type { DnsRecord } from "../inspector.ts";
import { caller, orMissing, type Reading } from "./reading.ts";

type Start = Pick<
  ListResourceRecordSetsCommandInput,
  "StartRecordName" | "StartRecordType" | "StartRecordIdentifier"
>;

/** More records than this are not read: 300 come at a time. */
const pagesMax = 200;

export function recordReader(reading: Reading): (zone: string) => Promise<readonly DnsRecord[]> {
  const client = new Route53Client(reading.config);
  const run = caller(reading, "route53");
  return async (HostedZoneId) => {
    const records: DnsRecord[] = [];
    let from: Start | null = {};
    for (let page = 0; from !== null && page < pagesMax; page += 1) {
      const start: Start = from;
      const ask = new ListResourceRecordSetsCommand({ HostedZoneId, ...start });
      const answer = await run("ListResourceRecordSets", () =>
        orMissing(client.send(ask), "NoSuchHostedZone"),
      );
      records.push(...(answer?.ResourceRecordSets ?? []).filter(matters).map(recordOf));
      from =
        answer?.IsTruncated === true
          ? {
              StartRecordName: answer.NextRecordName,
              StartRecordType: answer.NextRecordType,
              StartRecordIdentifier: answer.NextRecordIdentifier,
            }
          : null;
    }
    return records;
  };
}

/** What leads somewhere, and the one that says what the zone is of. */
function matters({ Type }: ResourceRecordSet): boolean {
  return Type === "A" || Type === "AAAA" || Type === "CNAME" || Type === "SOA";
}

function recordOf({ Name, Type, AliasTarget, ResourceRecords }: ResourceRecordSet): DnsRecord {
  const values =
    AliasTarget === undefined ? (ResourceRecords ?? []).map(({ Value }) => Value) : [AliasTarget.DNSName];
  return { name: plain(Name), type: Type ?? "", values: values.map(plain) };
}

/** Route 53 writes * as \052, and load balancers with a prefix that only browsers of old want. */
function plain(name: string | undefined): string {
  return (name ?? "")
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^\\052/, "*")
    .replace(/^dualstack\./, "");
}
