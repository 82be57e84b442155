import { errors } from "../errors.ts";
import { fillPattern, hasTenant } from "../pattern.ts";
import type { Placements, PlacementLock } from "../placement/lock.ts";
import { place, placementsOf } from "../placement/place.ts";
import type { Platform, PlatformRecovery, PlatformRegion, Tier } from "../platform.ts";
import type { Mistake, Path } from "../problem.ts";
import type { ParsedDefinition } from "../schema/definition.ts";
import { environmentLayer, type Layer, locate, recoveryLayer } from "./environment.ts";
import type { Data } from "./layers.ts";
import { checkContradictions } from "./contradictions.ts";
import { checkHosts } from "./hosts.ts";
import { checkNames, namedPatterns } from "./names.ts";
import { resolveNetwork } from "./network.ts";
import { isNear, parseLayer } from "./parse-layer.ts";
import { checkRecovery, checkTierPromises } from "./recovery.ts";
import { checkReferences } from "./references.ts";
import { collect, type Report } from "./report.ts";
import { resolveFunctions, resolveServices } from "./services.ts";
import { resolveStores } from "./stores.ts";
import { checkFifo, checkZonesNeeded } from "./store-contradictions.ts";
import { type Deployment, resolveTags } from "./tags.ts";
import { checkTenants, resolveTenants } from "./tenants.ts";
import { resolveDefaultTier, resolveTenantStore, resolveTiers } from "./tiers.ts";
import { resolveZones } from "./zones.ts";

export interface EnvironmentInput {
  readonly definition: Data;
  readonly environment: string;
  /** Names of all environments. */
  readonly environments: readonly string[];
  readonly lock: PlacementLock;
  readonly reserved: Placements;
  readonly deployment: Deployment;
  /** Paths of what was not data and is left out. */
  readonly alreadyWrong: readonly Path[];
}

export interface ResolvedEnvironment {
  /** Null where mistakes of shape left nothing to build. */
  readonly platform: Platform | null;
  readonly mistakes: readonly Mistake[];
}

export function resolveEnvironment(input: EnvironmentInput): ResolvedEnvironment {
  const layer = environmentLayer(input.definition, input.environment);
  const primary = checkLayer(layer, input.alreadyWrong, (parsed, report) =>
    buildPlatform(input, parsed, report),
  );
  const recovery = primary.built?.recovery ?? null;
  if (primary.built === null || recovery === null)
    return { platform: primary.built, mistakes: primary.mistakes };
  const second = checkLayer(recoveryLayer(layer, input.environment), input.alreadyWrong, (parsed, report) =>
    buildRecovery(input.environment, parsed, primary.built?.tiers ?? {}, recovery, report),
  );
  const platform = second.built === null ? null : { ...primary.built, recovery: second.built };
  return { platform, mistakes: [...primary.mistakes, ...second.mistakes] };
}

/** Parses a layer, builds from it, and says where each mistake is written. */
function checkLayer<Built>(
  layer: Layer,
  alreadyWrong: readonly Path[],
  build: (parsed: ParsedDefinition, report: Report) => Built | null,
): { readonly built: Built | null; readonly mistakes: readonly Mistake[] } {
  const { parsed, mistakes, taken } = parseLayer(layer.data, alreadyWrong);
  const found: Mistake[] = [];
  const built = parsed === null ? null : build(parsed, collect(found));
  const located = [...mistakes, ...found.filter((mistake) => isBelievable(mistake, taken))].map((mistake) =>
    locate(mistake, layer),
  );
  return { built, mistakes: [...layer.mistakes, ...located] };
}

function environmentOf(parsed: ParsedDefinition, name: string) {
  return Object.hasOwn(parsed.environments, name) ? parsed.environments[name] : undefined;
}

/** Whether a mistake stands although some values were taken away for mistakes of their own. */
function isBelievable({ path, error }: Mistake, taken: readonly Path[]): boolean {
  // Without a whole section nobody can say what is missing elsewhere.
  if (taken.some((other) => other.length === 1)) return false;
  const name = error.params["name"];
  // A name is wrong whatever stands beside it, unless what it names was taken away.
  if (typeof name === "string" && "known" in error.params)
    return !taken.some((other) => other.includes(name));
  return !isNear(path, taken);
}

function buildPlatform(input: EnvironmentInput, parsed: ParsedDefinition, report: Report): Platform | null {
  const environment = environmentOf(parsed, input.environment);
  if (environment === undefined) return null;
  const path = ["environments", input.environment];
  checkReferences(parsed, input.environments, report);
  checkEdge(parsed, input.environment, environment.recovery !== null, report);
  checkContradictions(parsed, { environment: input.environment, recovery: environment.recovery }, report);
  checkFifo(parsed, report);
  const tiers = resolveTiers(parsed, report);
  const zonesPath = environment.zones === undefined ? ["network", "zones"] : [...path, "zones"];
  const zones = resolveZones(
    environment.region,
    environment.zones ?? parsed.network.zones,
    zonesPath,
    report,
  );
  const ids = checkTenants(parsed, report);
  checkTierPromises(tiers, environment.recovery, report);
  const defaultTier = resolveDefaultTier(parsed, report);
  const tenantStore = resolveTenantStore(parsed, report);
  if (zones === null) return null;
  checkZonesNeeded(parsed, zones, zonesPath, report);
  const region = buildRegion(
    {
      environment: input.environment,
      region: environment.region,
      zones,
      strategy: environment.recovery?.strategy ?? null,
    },
    parsed,
    tiers,
    report,
  );
  checkNames(namedPatterns(region), parsed.tenantIdLengthMax, report);
  const tags = resolveTags(parsed.tags, input.environment, input.deployment, report);
  const lock = place(input.lock, input.environment, ids, {
    capacity: parsed.cells.capacity,
    reserved: input.reserved,
  });
  const tenants = resolveTenants(parsed, ids, tags, input.environment, placementsOf(lock, input.environment));
  const { name, description, domain, compute, routing, edge, cluster, machines, tenantIdLengthMax, cells } =
    parsed;
  const { identity, audit, organization, compliance, encryption, observability, delivery } = parsed;
  const { backups, cost, parameters, patching, incidents, runbooks, dataProtection } = parsed;
  return {
    kind: "platform",
    name,
    description,
    environment: input.environment,
    purpose: environment.purpose,
    domain,
    account: environment.account,
    dataProtection,
    compute,
    ...region,
    recovery: environment.recovery === null ? null : withoutRegion(environment.recovery),
    routing,
    edge,
    cluster,
    machines,
    tiers,
    defaultTier,
    tenants,
    tenantStore,
    tenantIdLengthMax,
    cells,
    tags,
    identity,
    audit,
    organization,
    compliance,
    encryption,
    observability,
    delivery,
    backups,
    cost,
    parameters,
    patching,
    incidents,
    runbooks,
  };
}

type ParsedRecovery = NonNullable<ParsedDefinition["environments"][string]["recovery"]>;

/** What is known of the recovery before its own overrides are laid over; the rest follows. */
function withoutRegion(recovery: ParsedRecovery): PlatformRecovery {
  const { region, strategy, rtoMinutes, rpoSeconds, drill } = recovery;
  return { region, strategy, rtoMinutes, rpoSeconds, drill } as PlatformRecovery;
}

function buildRecovery(
  environment: string,
  parsed: ParsedDefinition,
  tiers: Readonly<Record<string, Tier>>,
  recovery: PlatformRecovery,
  report: Report,
): PlatformRecovery | null {
  const written = environmentOf(parsed, environment);
  if (written === undefined || written.recovery === null) return null;
  const path = ["environments", environment, "recovery"];
  checkRecovery(recovery, written.region, path, report);
  const wanted = written.recovery.zones ?? written.zones ?? parsed.network.zones;
  // Names of zones belong to the primary region; their number is what carries over.
  const zonesWanted =
    written.recovery.zones === undefined && typeof wanted !== "number" ? wanted.length : wanted;
  const zonesPath = [...path, written.recovery.zones === undefined ? "region" : "zones"];
  const zones = resolveZones(recovery.region, zonesWanted, zonesPath, report);
  if (zones === null) return null;
  checkZonesNeeded(parsed, zones, zonesPath, report);
  const region = buildRegion(
    { environment, region: recovery.region, zones, strategy: recovery.strategy },
    parsed,
    tiers,
    report,
  );
  return { ...recovery, ...region, cluster: parsed.cluster };
}

function buildRegion(
  at: {
    readonly environment: string;
    readonly region: string;
    readonly zones: readonly string[];
    readonly strategy: string | null;
  },
  parsed: ParsedDefinition,
  tiers: Readonly<Record<string, Tier>>,
  report: Report,
): PlatformRegion {
  const values = {
    platform: parsed.name,
    environment: at.environment,
    region: at.region,
    domain: parsed.domain,
  };
  return {
    region: at.region,
    zones: at.zones,
    network: resolveNetwork(parsed.network, at.zones, report),
    services: resolveServices(parsed, tiers, values, report),
    functions: resolveFunctions(parsed, values, report),
    stores: resolveStores(parsed, tiers, { zones: at.zones, values, strategy: at.strategy }, report),
  };
}

function checkEdge(
  parsed: ParsedDefinition,
  environment: string,
  hasRecovery: boolean,
  report: Report,
): void {
  if (parsed.edge.dns.failover && !hasRecovery) {
    report(["edge", "dns", "failover"], errors.MODEL_FAILOVER_WITHOUT_RECOVERY({ environment }));
  }
  const values = { domain: parsed.domain, platform: parsed.name, environment };
  for (const [index, pattern] of parsed.routing.tenantHosts.entries()) {
    const filled = fillPattern(pattern, values);
    if (!hasTenant(filled))
      report(["routing", "tenantHosts", index], errors.MODEL_HOST_WITHOUT_TENANT({ pattern }));
  }
  checkHosts(
    parsed.routing.tenantHosts.map((pattern) => fillPattern(pattern, values)),
    report,
  );
}
