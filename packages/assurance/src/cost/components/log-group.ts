import type { Resource } from "../../artifacts/shipment.ts";
import {
  type CostOutcome,
  countText,
  everybody,
  noCharge,
  type Sharers,
  usage,
  type UsageKey,
} from "../charge.ts";
import { numberAt, objectsAt, textAt } from "../property.ts";
import { sharersOfStore, type Site } from "../site.ts";
import type { CostOf } from "./cost-of.ts";
import { sharersOfTask } from "./task-sharers.ts";

const bytesPerGiB = 1024 ** 3;
/** About what one event of CloudTrail, and one line of WAF, takes as JSON. */
const bytesPerEvent = 1500;
const storePrefix = /^\/aws\/(rds\/(?:cluster|instance)|docdb|vendedlogs\/elasticache)\/([^/]+)\//;

interface Written {
  readonly gib: number;
  readonly basis: string;
  readonly assumes: readonly UsageKey[];
  readonly sharers: Sharers;
}

/** Logs are charged for when they come in, and each month that they are kept. */
export const costOfLogGroup: CostOf = (group, site) => {
  const { gib, basis, assumes, sharers } = writtenTo(group, site);
  if (gib === 0) return [noCharge("hardly anything is written to it while its region waits")];
  const days = numberAt(group.properties, "RetentionInDays");
  // Without a retention logs stay for ever; a year of them is what is counted.
  const months = (days ?? 365) / 30;
  const isInfrequent = textAt(group.properties, "LogGroupClass") === "INFREQUENT_ACCESS";
  const charges: readonly CostOutcome[] = [
    usage(
      "logs",
      { service: "cloudwatch", item: `Logs ingestion (${isInfrequent ? "infrequent access" : "standard"})` },
      {
        quantity: gib,
        basis,
        assumes,
        sharers,
      },
    ),
    usage(
      "logs",
      { service: "cloudwatch", item: "Logs storage" },
      {
        quantity: gib * months,
        basis: `${countText(gib)} GiB a month, kept for ${days === null ? "ever (a year of it is counted)" : `${days} days`}`,
        assumes,
        sharers,
      },
    ),
  ];
  return charges;
};

/** How much comes in depends on who writes, which other resources of the stack say. */
function writtenTo(group: Resource, site: Site): Written {
  const { peers, usage: assumed } = site;
  const name = textAt(group.properties, "LogGroupName") ?? group.physicalId;
  const isNamed = (text: string | null) =>
    text !== null && (text === name || text === group.physicalId || text.includes(`:log-group:${name}:`));
  const writer = (type: string, of: (resource: Resource) => readonly (string | null)[]) =>
    peers.find((peer) => peer.type === type && of(peer).some(isNamed));
  const task = writer("AWS::ECS::TaskDefinition", ({ properties }) =>
    objectsAt(properties, "ContainerDefinitions").map((one) =>
      textAt(one, "LogConfiguration", "Options", "awslogs-group"),
    ),
  );
  if (task !== undefined) {
    const written = gibOf("logGiBPerService", "of the service", sharersOfTask(task.properties, site), site);
    return site.isStandby ? { ...written, gib: 0 } : written;
  }
  if (writer("AWS::EC2::FlowLog", ({ properties }) => [textAt(properties, "LogGroupName")]) !== undefined) {
    return gibOf("flowLogGiBPerVpc", "of flow logs", everybody, site);
  }
  const trail = writer("AWS::CloudTrail::Trail", ({ properties }) => [
    textAt(properties, "CloudWatchLogsLogGroupArn"),
  ]);
  if (trail !== undefined) {
    return {
      gib: (assumed.managementEvents * bytesPerEvent) / bytesPerGiB,
      basis: `${countText(assumed.managementEvents)} events of CloudTrail of ${bytesPerEvent} bytes`,
      assumes: ["managementEvents"],
      sharers: everybody,
    };
  }
  if (name.startsWith("aws-waf-logs-")) {
    const { requests } = site.demand(everybody);
    return {
      gib: (requests * bytesPerEvent) / bytesPerGiB,
      basis: `${countText(requests)} requests, each a line of ${bytesPerEvent} bytes`,
      assumes: ["requestsPerTenant"],
      sharers: everybody,
    };
  }
  const store = storePrefix.exec(name)?.[2] ?? null;
  return gibOf(
    "logGiBPerStore",
    store === null ? "of logs" : "of the store",
    sharersOfStore(site, store),
    site,
  );
}

function gibOf(
  key: "logGiBPerService" | "flowLogGiBPerVpc" | "logGiBPerStore",
  what: string,
  sharers: Sharers,
  { usage: assumed }: Site,
): Written {
  return { gib: assumed[key], basis: `${assumed[key]} GiB ${what} a month`, assumes: [key], sharers };
}
