import { errors } from "../errors.ts";
import { fillPattern, hasTenant } from "../pattern.ts";
import type { PlatformFunction, PlatformLogs, PlatformService, Tier } from "../platform.ts";
import type { ParsedDefinition } from "../schema/definition.ts";
import { checkServiceContradictions } from "./service-contradictions.ts";
import { fargateSizeFix } from "./fargate.ts";
import type { Report } from "./report.ts";

type ParsedService = ParsedDefinition["services"][string];
type Tiers = Readonly<Record<string, Tier>>;

export interface NameValues {
  readonly platform: string;
  readonly environment: string;
  readonly region: string;
  readonly domain: string;
}

export function resolveServices(
  parsed: ParsedDefinition,
  tiers: Tiers,
  values: NameValues,
  report: Report,
): Readonly<Record<string, PlatformService>> {
  const services: Record<string, PlatformService> = {};
  for (const [name, { kind: _kind, ...settings }] of Object.entries(parsed.services)) {
    const compute = settings.compute ?? parsed.compute;
    const allowFrom = settings.allowFrom ?? (settings.route === null ? [] : ["load-balancer"]);
    const availableMin = settings.availableMin ?? Math.min(1, Math.max(0, settings.scaling.min - 1));
    checkService(name, { ...settings, compute }, parsed, report);
    checkServiceContradictions({ ...settings, name, compute, allowFrom, availableMin }, parsed, report);
    const filled = { ...values, service: name };
    const fill = (pattern: string | null) => (pattern === null ? null : fillPattern(pattern, filled));
    services[name] = {
      ...settings,
      name,
      compute,
      allowFrom,
      availableMin,
      names: {
        taskRole: fill(settings.names.taskRole),
        executionRole: fill(settings.names.executionRole),
        targetGroup: fill(settings.names.targetGroup),
      },
      secrets: Object.fromEntries(
        Object.entries(settings.secrets).map(([key, value]) => [key, fillPattern(value, filled)]),
      ),
      logs: resolveLogs(name, settings.logs, tiers, filled, parsed.observability.logs.retentionDays),
    };
  }
  checkRoutes(parsed.services, report);
  return services;
}

function resolveLogs(
  service: string,
  logs: ParsedService["logs"],
  tiers: Tiers,
  values: Parameters<typeof fillPattern>[1],
  retentionDays: number,
): PlatformLogs {
  const isolations = Object.values(tiers).map((tier) => tier.services[service] ?? "pool");
  const standard = "/{platform}/{environment}/{service}";
  const written = logs.group ?? standard;
  const tenantPattern = hasTenant(written) ? written : `${written}/{tenant}`;
  const shared = hasTenant(written) ? standard : written;
  return {
    group: isolations.length === 0 || isolations.includes("pool") ? fillPattern(shared, values) : null,
    tenantGroup: isolations.includes("silo") ? fillPattern(tenantPattern, values) : null,
    retentionDays: logs.retentionDays ?? retentionDays,
  };
}

function checkService(
  name: string,
  service: Omit<ParsedService, "kind" | "compute"> & {
    readonly compute: NonNullable<ParsedService["compute"]>;
  },
  parsed: ParsedDefinition,
  report: Report,
): void {
  const path = ["services", name];
  const { compute, cpuUnits, memoryMiB } = service;
  if (service.image === null && service.build === null && service.local === null)
    report(path, errors.MODEL_NOTHING_TO_RUN({}));
  if (compute === "fargate") {
    const allowed = fargateSizeFix(cpuUnits, memoryMiB);
    const field = allowed?.startsWith("memoryMiB") === true ? "memoryMiB" : "cpuUnits";
    if (allowed !== null)
      report([...path, field], errors.MODEL_FARGATE_SIZE({ cpuUnits, memoryMiB, allowed }));
  }
  if (compute === "ec2" && service.instance === null) report(path, errors.MODEL_INSTANCE_MISSING({}));
  if (compute !== "ec2" && service.instance !== null)
    report([...path, "instance"], errors.MODEL_INSTANCE_UNUSED({ compute }));
  if (service.spotPercent > 0 && (compute === "eks" || compute === "lambda")) {
    report([...path, "spotPercent"], errors.MODEL_SPOT_COMPUTE({ compute }));
  }
  if (compute === "eks") {
    if (parsed.cluster === null) report(["cluster"], errors.MODEL_CLUSTER_MISSING({ service: name }));
    else if (!Object.hasOwn(parsed.cluster.namespaces, service.namespace)) {
      const known = Object.keys(parsed.cluster.namespaces);
      report([...path, "namespace"], errors.MODEL_NAMESPACE_UNKNOWN({ name: service.namespace, known }));
    }
  }
  if (parsed.network.subnets[service.subnets] === undefined) {
    const known = Object.keys(parsed.network.subnets);
    report([...path, "subnets"], errors.MODEL_SUBNETS_MISSING({ group: service.subnets, known }));
  }
}

/** Two services on one path would leave it to chance who answers. */
function checkRoutes(services: ParsedDefinition["services"], report: Report): void {
  const owners = new Map<string, string>();
  for (const [name, { route }] of Object.entries(services)) {
    if (route === null) continue;
    const other = owners.get(route);
    if (other !== undefined) report(["services", name, "route"], errors.MODEL_ROUTE_TAKEN({ route, other }));
    owners.set(route, name);
  }
}

export function resolveFunctions(
  parsed: ParsedDefinition,
  values: NameValues,
  report: Report,
): Readonly<Record<string, PlatformFunction>> {
  const functions: Record<string, PlatformFunction> = {};
  for (const [name, { kind: _kind, inVpc, ...settings }] of Object.entries(parsed.functions)) {
    const filled = { ...values, service: name };
    functions[name] = {
      ...settings,
      name,
      subnets: functionSubnets(name, inVpc, settings, parsed, report),
      secrets: Object.fromEntries(
        Object.entries(settings.secrets).map(([key, value]) => [key, fillPattern(value, filled)]),
      ),
      logs: {
        group: fillPattern(settings.logs.group ?? "/{platform}/{environment}/{service}", filled),
        retentionDays: settings.logs.retentionDays ?? parsed.observability.logs.retentionDays,
      },
    };
  }
  return functions;
}

/** Stores that nothing outside the VPC reaches. */
const inVpcKinds: readonly string[] = ["postgres", "documentdb", "redis", "broker"];

function functionSubnets(
  name: string,
  inVpc: boolean | undefined,
  { uses, subnets }: Pick<ParsedDefinition["functions"][string], "uses" | "subnets">,
  parsed: ParsedDefinition,
  report: Report,
): PlatformFunction["subnets"] {
  const inside = uses.find(
    (store) => Object.hasOwn(parsed.stores, store) && inVpcKinds.includes(parsed.stores[store]?.kind ?? ""),
  );
  if (inVpc === false && inside !== undefined) {
    report(["functions", name, "inVpc"], errors.MODEL_FUNCTION_OUTSIDE_VPC({ store: inside }));
  }
  if (!(inVpc ?? (inside !== undefined || subnets !== undefined))) return null;
  const there = parsed.network.subnets;
  const group = subnets ?? (there.private === undefined ? "app" : "private");
  if (there[group] === undefined) {
    report(
      ["functions", name, "subnets"],
      errors.MODEL_SUBNETS_MISSING({ group, known: Object.keys(there) }),
    );
  }
  return group;
}
