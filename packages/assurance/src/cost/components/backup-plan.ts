import type { Data, Properties, Resource } from "../../artifacts/shipment.ts";
import {
  type Charge,
  type CostOutcome,
  countText,
  daysPerMonth,
  noCharge,
  notPriced,
  type Sharers,
  usage,
} from "../charge.ts";
import { listAt, numberAt, objectsAt, textAt, valueAt } from "../property.ts";
import { bucketGiB, databaseGiB, sharersOfStore, type Site } from "../site.ts";
import type { CostOf } from "./cost-of.ts";

/** What a plan keeps of each store that it selects, and what it copies into other regions. */
export const costOfBackupPlan: CostOf = (plan, site) => {
  const selected = site.peers
    .filter(({ type }) => type === "AWS::Backup::BackupSelection")
    .filter(({ properties }) => isOf(properties, plan))
    .flatMap(({ properties }) => listAt(properties, "BackupSelection", "Resources"));
  const rules = objectsAt(plan.properties, "BackupPlan", "BackupPlanRule");
  if (selected.length === 0) return [noCharge("it selects nothing by name")];
  return selected.flatMap((arn) => {
    const protectedStore = storeOf(arn, site);
    return protectedStore === null
      ? [
          notPriced(
            "backup of a store",
            `what ${typeof arn === "string" ? arn : "it selects"} is, is not known`,
          ),
        ]
      : rules.flatMap((rule) => costOfRule(rule, protectedStore, site));
  });
};

function isOf(selection: Properties, plan: Resource): boolean {
  const id = textAt(selection, "BackupPlanId");
  return id !== null && (id === plan.physicalId || id.includes(plan.key));
}

interface ProtectedStore {
  readonly item: string;
  readonly gib: number;
  readonly assumes: Charge["assumes"];
  readonly sharers: Sharers;
  /**
   * Whether a copy into another region is the whole of it each time.
   * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-copy-snapshot.html
   */
  readonly isCopiedWhole: boolean;
}

function storeOf(arn: Data, site: Site): ProtectedStore | null {
  if (typeof arn !== "string") return null;
  const database = /:rds:[^:]*:[^:]*:(db|cluster):(.+)$/.exec(arn);
  if (database !== null) {
    const isCluster = database[1] === "cluster";
    const sharers = sharersOfStore(site, database[2] ?? null);
    return {
      item: snapshotItem(arn, isCluster, site),
      gib: databaseGiB(site, sharers),
      assumes: ["databaseGiBPerTenant", "changePercent"],
      sharers,
      isCopiedWhole: isCluster,
    };
  }
  const bucket = /:s3:::([^/]+)$/.exec(arn);
  if (bucket === null) return null;
  const sharers = sharersOfStore(site, bucket[1] ?? null);
  return {
    item: "S3 backup warm",
    gib: bucketGiB(site, sharers),
    assumes: ["storageGiBPerTenant", "changePercent"],
    sharers,
    isCopiedWhole: false,
  };
}

function snapshotItem(arn: string, isCluster: boolean, { inPlatform, region }: Site): string {
  if (!isCluster) return "RDS snapshot";
  return inPlatform.database(arn, region)?.type.startsWith("AWS::DocDB::") === true
    ? "DocumentDB snapshot"
    : "Aurora snapshot";
}

function costOfRule(rule: Properties, store: ProtectedStore, site: Site): readonly CostOutcome[] {
  const runs = runsPerMonth(textAt(rule, "ScheduleExpression"));
  if (runs === null) {
    return [
      notPriced("backup rule", `how often ${textAt(rule, "ScheduleExpression") ?? "it"} runs is not known`),
    ];
  }
  const changed = site.usage.changePercent / 100;
  const kept = (days: number | null) => store.gib * (1 + changed * ((days ?? 365) / 30));
  const { sharers, assumes } = store;
  const days = numberAt(rule, "Lifecycle", "DeleteAfterDays");
  return [
    usage(
      "backups",
      { service: "backup", item: store.item },
      {
        quantity: kept(days),
        basis: `${countText(store.gib)} GiB and what changes in ${days ?? 365} days`,
        assumes,
        sharers,
      },
    ),
    ...objectsAt(rule, "CopyActions").flatMap((copy): readonly CostOutcome[] => {
      const region = regionOf(valueAt(copy, "DestinationBackupVaultArn"));
      if (region === null) return [notPriced("backup copy", "where it goes is not known")];
      const copyDays = numberAt(copy, "Lifecycle", "DeleteAfterDays");
      const points = (runs / daysPerMonth) * (copyDays ?? 365);
      const stored = store.isCopiedWhole ? store.gib * Math.max(1, points) : kept(copyDays);
      const moved = store.isCopiedWhole ? store.gib * runs : store.gib * changed;
      const whole = store.isCopiedWhole
        ? `${countText(runs)} copies a month, each the whole of it`
        : "what changes";
      const caution = store.isCopiedWhole
        ? { caution: "snapshots of clusters are copied whole into other regions" }
        : {};
      return [
        usage(
          "backups",
          { service: "backup", item: store.item },
          {
            quantity: stored,
            basis: `copies in ${region} for ${copyDays ?? 365} days: ${whole}`,
            assumes,
            region,
            sharers,
            ...caution,
          },
        ),
        usage(
          "backups",
          { service: "backup", item: "Cross-region copy transfer" },
          {
            quantity: moved,
            basis: `${countText(store.gib)} GiB to ${region}: ${whole}`,
            assumes,
            sharers,
            ...caution,
          },
        ),
      ];
    }),
  ];
}

function regionOf(vaultArn: Data): string | null {
  return typeof vaultArn === "string"
    ? (/^arn:[^:]*:backup:([a-z0-9-]+):/.exec(vaultArn)?.[1] ?? null)
    : null;
}

/** How often a schedule of EventBridge's grammar runs in a month. Null where it is one that is not counted. */
export function runsPerMonth(schedule: string | null): number | null {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule ?? "");
  if (rate !== null) {
    const perDay = { minute: 1440, hour: 24, day: 1 }[rate[2] ?? ""] ?? 0;
    return Number(rate[1]) === 0 ? null : (perDay * daysPerMonth) / Number(rate[1]);
  }
  const fields = /^cron\((.*)\)$/.exec(schedule ?? "")?.[1]?.split(" ") ?? [];
  if (fields.length !== 6) return null;
  const [minutes = "", hours = "", dayOfMonth = "", month = "", dayOfWeek = ""] = fields;
  const perHour = valuesOf(minutes, 60);
  const perDay = valuesOf(hours, 24);
  const days = dayOfWeek === "?" ? valuesOf(dayOfMonth, daysPerMonth) : valuesOf(dayOfWeek, 7);
  if (perHour === null || perDay === null || days === null || month !== "*") return null;
  return perHour * perDay * (dayOfWeek === "?" ? days : (days * daysPerMonth) / 7);
}

/** How many values a field has: each, some by number or name, a range, or every so many. */
function valuesOf(field: string, all: number): number | null {
  if (field === "*" || field === "?") return all;
  const step = /^(?:\*|0)\/(\d+)$/.exec(field);
  if (step !== null) return Number(step[1]) === 0 ? null : Math.ceil(all / Number(step[1]));
  const list = field.split(",");
  if (list.every((one) => /^(\d+|[A-Z]{3})$/.test(one))) return list.length;
  const range = /^(\d+)-(\d+)$/.exec(field);
  if (range !== null && Number(range[2]) >= Number(range[1])) return Number(range[2]) - Number(range[1]) + 1;
  return field === "MON-FRI" ? 5 : null;
}

export const costOfRestoreTest: CostOf = () => [
  notPriced("restore tests", "each test, and each hour of what it restores, is charged for"),
];
