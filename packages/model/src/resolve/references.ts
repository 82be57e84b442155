import { errors } from "../errors.ts";
import type { Path } from "../problem.ts";
import type { ParsedDefinition } from "../schema/definition.ts";
import type { Report } from "./report.ts";

/** Every name that one part of a definition uses for another must exist and be of the right kind. */
export function checkReferences(
  parsed: ParsedDefinition,
  environments: readonly string[],
  report: Report,
): void {
  const names: Names = {
    services: Object.keys(parsed.services),
    functions: Object.keys(parsed.functions),
    stores: parsed.stores,
    destinations: Object.keys(parsed.observability.alerts.destinations),
  };
  checkNamesApart(names, report);
  checkServices(parsed, names, report);
  checkFunctions(parsed, names, report);
  checkTopics(parsed, names, report);
  checkBackups(parsed, names, report);
  checkStores(["network", "bastion", "uses"], parsed.network.bastion?.uses ?? [], names, report);
  const { loki } = parsed.observability.logs;
  if (loki !== null)
    checkStore(["observability", "logs", "loki", "bucket"], loki.bucket, "bucket", names, report);
  checkAlerts(parsed, names, report);
  for (const [name, { service }] of Object.entries(parsed.observability.slos)) {
    if (!names.services.includes(service)) {
      report(
        ["observability", "slos", name, "service"],
        errors.MODEL_UNKNOWN_SERVICE({ name: service, known: names.services }),
      );
    }
  }
  for (const [index, environment] of (parsed.delivery.gitOps?.promotion ?? []).entries()) {
    if (environments.includes(environment)) continue;
    report(
      ["delivery", "gitOps", "promotion", index],
      errors.MODEL_UNKNOWN_ENVIRONMENT({ environment, known: environments }),
    );
  }
  if (parsed.delivery.gitOps !== null && parsed.cluster === null) {
    report(["delivery", "gitOps"], errors.MODEL_GITOPS_WITHOUT_CLUSTER({}));
  }
  if (parsed.edge.waf?.attachTo === "cloudfront" && parsed.edge.cloudFront === null) {
    report(["edge", "waf", "attachTo"], errors.MODEL_WAF_WITHOUT_EDGE({}));
  }
}

interface Names {
  readonly services: readonly string[];
  readonly functions: readonly string[];
  readonly stores: ParsedDefinition["stores"];
  readonly destinations: readonly string[];
}

/** Services, functions and stores share one space of names: all become resources of one environment. */
function checkNamesApart(names: Names, report: Report): void {
  const owners = new Map<string, string>(names.services.map((name) => [name, "service"]));
  for (const name of names.functions) {
    const other = owners.get(name);
    if (other !== undefined) report(["functions", name], errors.MODEL_NAME_TAKEN({ name, other }));
    owners.set(name, "function");
  }
  for (const name of Object.keys(names.stores)) {
    const other = owners.get(name);
    if (other !== undefined) report(["stores", name], errors.MODEL_NAME_TAKEN({ name, other }));
  }
}

const callers = ["load-balancer", "bastion"];

function checkServices(parsed: ParsedDefinition, names: Names, report: Report): void {
  for (const [name, service] of Object.entries(parsed.services)) {
    checkStores(["services", name, "uses"], service.uses, names, report);
    for (const [index, caller] of (service.allowFrom ?? []).entries()) {
      if (callers.includes(caller) || names.services.includes(caller)) continue;
      const known = [...callers, ...names.services.filter((other) => other !== name)];
      report(["services", name, "allowFrom", index], errors.MODEL_UNKNOWN_SERVICE({ name: caller, known }));
    }
  }
}

function checkStores(path: Path, used: readonly string[], names: Names, report: Report): void {
  const known = Object.keys(names.stores);
  for (const [index, store] of used.entries()) {
    if (!known.includes(store)) report([...path, index], errors.MODEL_UNKNOWN_STORE({ name: store, known }));
  }
}

/** One store that must be of a kind. */
function checkStore(path: Path, name: string, expected: string, names: Names, report: Report): void {
  const known = Object.keys(names.stores);
  const kind = Object.hasOwn(names.stores, name) ? names.stores[name]?.kind : undefined;
  if (kind === undefined) report(path, errors.MODEL_UNKNOWN_STORE({ name, known }));
  else if (kind !== expected) {
    const fitting = known.filter((store) => names.stores[store]?.kind === expected);
    report(path, errors.MODEL_STORE_KIND({ name, kind, expected, known: fitting }));
  }
}

function checkFunctions(parsed: ParsedDefinition, names: Names, report: Report): void {
  for (const [name, fn] of Object.entries(parsed.functions)) {
    const path = ["functions", name];
    checkStores([...path, "uses"], fn.uses, names, report);
    if (fn.onFailure !== null) checkStore([...path, "onFailure"], fn.onFailure, "queue", names, report);
    for (const [index, trigger] of fn.triggers.entries()) {
      const at = [...path, "triggers", index];
      if (trigger.kind === "bucket") {
        checkStore([...at, "bucket"], trigger.bucket, "bucket", names, report);
        if (trigger.through !== null) checkStore([...at, "through"], trigger.through, "queue", names, report);
      }
      if (trigger.kind !== "queue") continue;
      checkStore([...at, "queue"], trigger.queue, "queue", names, report);
      const queue = Object.hasOwn(names.stores, trigger.queue) ? names.stores[trigger.queue] : undefined;
      // Lambda refuses the mapping: a message would be shown again while it is being worked on.
      if (queue?.kind === "queue" && queue.visibilityTimeoutSeconds < fn.timeoutSeconds) {
        const visibilitySeconds = queue.visibilityTimeoutSeconds;
        report(
          [...path, "timeoutSeconds"],
          errors.MODEL_QUEUE_VISIBILITY({
            queue: trigger.queue,
            visibilitySeconds,
            timeoutSeconds: fn.timeoutSeconds,
          }),
        );
      }
    }
  }
}

function checkTopics(parsed: ParsedDefinition, names: Names, report: Report): void {
  const queues = Object.keys(names.stores).filter((store) => names.stores[store]?.kind === "queue");
  const known = [...queues, ...names.functions];
  for (const [name, store] of Object.entries(parsed.stores)) {
    if (store.kind !== "topic") continue;
    for (const [index, subscriber] of store.subscribers.entries()) {
      if (known.includes(subscriber)) continue;
      report(
        ["stores", name, "subscribers", index],
        errors.MODEL_UNKNOWN_SUBSCRIBER({ name: subscriber, known }),
      );
    }
  }
}

function checkBackups(parsed: ParsedDefinition, names: Names, report: Report): void {
  for (const [name, plan] of Object.entries(parsed.backups.plans)) {
    if (plan.stores !== "all") checkStores(["backups", "plans", name, "stores"], plan.stores, names, report);
  }
  checkStores(["backups", "restoreTest", "stores"], parsed.backups.restoreTest?.stores ?? [], names, report);
  for (const [name, { to }] of Object.entries(parsed.backups.exports)) {
    checkStore(["backups", "exports", name, "to"], to, "bucket", names, report);
  }
}

function checkAlerts(parsed: ParsedDefinition, names: Names, report: Report): void {
  const known = names.destinations;
  const check = (path: Path, used: readonly string[]) => {
    for (const [index, name] of used.entries()) {
      if (!known.includes(name)) report([...path, index], errors.MODEL_UNKNOWN_DESTINATION({ name, known }));
    }
  };
  const { routes, destinations } = parsed.observability.alerts;
  for (const [severity, route] of Object.entries(routes)) {
    check(["observability", "alerts", "routes", severity, "to"], route?.to ?? []);
  }
  check(["cost", "budget", "notify"], parsed.cost.budget?.notify ?? []);
  const titles = parsed.observability.dashboards.map(({ title }) => title);
  for (const [name, destination] of Object.entries(destinations)) {
    if (destination.kind !== "dashboard" || titles.includes(destination.dashboard)) continue;
    report(
      ["observability", "alerts", "destinations", name, "dashboard"],
      errors.MODEL_UNKNOWN_DASHBOARD({ name: destination.dashboard, known: titles }),
    );
  }
}
