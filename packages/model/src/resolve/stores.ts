import { errors } from "../errors.ts";
import { fillPattern, hasTenant } from "../pattern.ts";
import type { PlatformStore, Tier } from "../platform.ts";
import type { ParsedDefinition } from "../schema/definition.ts";
import type { Report } from "./report.ts";
import type { NameValues } from "./services.ts";
import { checkDatabase, replicationOf } from "./store-contradictions.ts";

type ParsedStore = ParsedDefinition["stores"][string];
type Tiers = Readonly<Record<string, Tier>>;

interface Place {
  readonly zones: readonly string[];
  readonly values: NameValues;
  /** The strategy of the environment's recovery; null without one. */
  readonly strategy: string | null;
}

/** Fills in what a store leaves open, which depends on the network and on the tiers. */
export function resolveStores(
  parsed: ParsedDefinition,
  tiers: Tiers,
  place: Place,
  report: Report,
): Readonly<Record<string, PlatformStore>> {
  const stores: Record<string, PlatformStore> = {};
  for (const [name, store] of Object.entries(parsed.stores)) {
    stores[name] = resolveStore(name, store, parsed, tiers, place, report);
  }
  return stores;
}

function resolveStore(
  name: string,
  store: ParsedStore,
  parsed: ParsedDefinition,
  tiers: Tiers,
  place: Place,
  report: Report,
): PlatformStore {
  const values = { ...place.values, store: name };
  switch (store.kind) {
    case "postgres": {
      const isMultiAz =
        store.multiAz ?? (store.engine === "rds" ? place.zones.length > 1 : store.instances > 1);
      checkDatabase(name, store, parsed, { ...place.values, strategy: place.strategy }, report);
      return {
        ...store,
        name,
        ...howItRecovers(store, place.strategy),
        multiAz: isMultiAz,
        instance: withPrefix("db.", store.instance),
        subnets: subnetsOf(name, store.subnets, parsed, report),
        credentials: fillCredentials(store.credentials, values),
      };
    }
    case "documentdb":
      checkDatabase(name, store, parsed, { ...place.values, strategy: place.strategy }, report);
      return {
        ...store,
        name,
        ...howItRecovers(store, place.strategy),
        instance: withPrefix("db.", store.instance),
        subnets: subnetsOf(name, store.subnets, parsed, report),
        credentials: fillCredentials(store.credentials, values),
      };
    case "redis": {
      const isMultiAz = store.multiAz ?? (store.nodes > store.shards && place.zones.length > 1);
      if (isMultiAz && place.zones.length < 2) {
        report(["stores", name, "multiAz"], errors.MODEL_MULTI_AZ_ONE_ZONE({ store: name }));
      }
      return {
        ...store,
        name,
        multiAz: isMultiAz,
        instance: withPrefix("cache.", store.instance),
        secret: fillPattern(store.secret, values),
        subnets: subnetsOf(name, store.subnets, parsed, report),
      };
    }
    case "bucket":
      if (store.servedByCloudFront && parsed.edge.cloudFront === null) {
        report(["stores", name, "servedByCloudFront"], errors.MODEL_SERVED_WITHOUT_EDGE({}));
      }
      if (store.replication !== null && place.strategy === null) {
        report(
          ["stores", name, "replication"],
          errors.MODEL_REPLICATION_NOWHERE({ environment: place.values.environment }),
        );
      }
      return { ...store, name, ...bucketNames(name, store.name, tiers, values, report) };
    case "broker":
      if (store.mode === "cluster" && place.zones.length < 3) {
        report(["stores", name, "mode"], errors.MODEL_BROKER_ZONES({ zones: place.zones.length }));
      }
      return {
        ...store,
        name,
        instance: withPrefix("mq.", store.instance),
        secret: fillPattern(store.secret, values),
        subnets: subnetsOf(name, store.subnets, parsed, report),
      };
    case "queue":
    case "topic":
      return { ...store, name };
  }
}

type Database = Extract<ParsedStore, { kind: "postgres" | "documentdb" }>;

/** How the recovery region gets a database's data. */
function howItRecovers<Store extends Database>(store: Store, strategy: string | null) {
  const replication = replicationOf(store, strategy) as NonNullable<Store["replication"]>;
  const copyToRecovery = store.backups.copyToRecovery ?? replication === "backup-copy";
  return { replication, backups: { ...store.backups, copyToRecovery } };
}

/** A bucket is one that tenants share, one per tenant, or both, as the tiers want it. */
function bucketNames(
  name: string,
  written: string | undefined,
  tiers: Tiers,
  values: Parameters<typeof fillPattern>[1],
  report: Report,
): { readonly bucket: string | null; readonly tenantBucket: string | null } {
  const all = Object.values(tiers);
  const silo = all.find((tier) => tier.stores[name] === "silo");
  const shared = all.find((tier) => tier.stores[name] !== "silo");
  const path = ["stores", name, "name"];
  if (written === undefined) {
    const standard = "{platform}-{environment}-{store}";
    return {
      bucket: silo === undefined || shared !== undefined ? fillPattern(standard, values) : null,
      tenantBucket: silo === undefined ? null : fillPattern(`${standard}-{tenant}`, values),
    };
  }
  if (silo !== undefined && !hasTenant(written)) {
    report(path, errors.MODEL_PATTERN_LACKS_TENANT({ name, pattern: written, tier: silo.name }));
  }
  if (hasTenant(written) && (shared !== undefined || all.length === 0)) {
    report(path, errors.MODEL_PATTERN_UNWANTED_TENANT({ name, pattern: written, tier: shared?.name ?? "" }));
  }
  return hasTenant(written)
    ? { bucket: null, tenantBucket: fillPattern(written, values) }
    : { bucket: fillPattern(written, values), tenantBucket: null };
}

function subnetsOf(
  name: string,
  wanted: "private" | "database" | undefined,
  parsed: ParsedDefinition,
  report: Report,
): "private" | "database" {
  const there = parsed.network.subnets;
  const group = wanted ?? (there.database === undefined ? "private" : "database");
  if (there[group] === undefined) {
    report(["stores", name, "subnets"], errors.MODEL_SUBNETS_MISSING({ group, known: Object.keys(there) }));
  }
  return group;
}

function withPrefix(prefix: string, instance: string): string {
  return instance.startsWith(prefix) ? instance : `${prefix}${instance}`;
}

function fillCredentials<C extends { readonly masterSecret: string; readonly tenantSecret: string }>(
  credentials: C,
  values: Parameters<typeof fillPattern>[1],
): C {
  return {
    ...credentials,
    masterSecret: fillPattern(credentials.masterSecret, values),
    tenantSecret: fillPattern(credentials.tenantSecret, values),
  };
}
