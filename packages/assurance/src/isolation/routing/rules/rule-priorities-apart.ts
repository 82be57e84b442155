import { type Finding, refuted } from "../../../rule.ts";
import type { ListenerRule, Priority, RoutingModel } from "../routing-model.ts";
import { noLoadBalancer, routingRule, ruleType } from "../routing-rule.ts";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
const priorityMax = 50_000;

export const rulePrioritiesApart = routingRule({
  id: "routing/rule-priorities-apart",
  why: "AWS refuses a priority that another rule of the listener has, and the tenant's deployment fails half-way",
  fix: "let the priority follow from the tenant's slot, below those of shared services",
  reads: [ruleType],
  idle: noLoadBalancer,
  *judge(model) {
    yield* judgeNumbers(model);
    yield* judgeSlots(model);
  },
});

/** The rules of which nothing is open: shared services' and placed tenants'. */
function* judgeNumbers({ shared, placed }: RoutingModel): Iterable<Finding> {
  const taken = new Map<string, ListenerRule>();
  for (const rule of [...shared, ...placed].flatMap(({ rules }) => rules)) {
    if (rule.priority?.kind !== "number") continue;
    const { value } = rule.priority;
    if (value < 1 || value > priorityMax)
      yield refuted(rule.key, `its priority ${value} is not between 1 and ${priorityMax}`);
    const place = `${rule.listener} ${value}`;
    const other = taken.get(place);
    if (other !== undefined)
      yield refuted(rule.key, `it has the priority ${value} of ${other.key} in one listener`);
    taken.set(place, rule);
  }
}

/** Whatever slots two tenants of a cell have. */
function* judgeSlots({ anyTenants, definition, shared }: RoutingModel): Iterable<Finding> {
  const slotsMax = definition.cells.capacity;
  const fixed = shared.flatMap(({ rules }) => rules);
  for (const [index, { a }] of anyTenants.entries()) {
    for (const [position, rule] of a.rules.entries()) {
      yield* judgeRange(rule, slotsMax);
      for (const other of [...fixed, ...a.rules.slice(position + 1)])
        yield* judgePair(rule, other, slotsMax, "same");
      for (const { b } of anyTenants.slice(index)) {
        for (const other of b.rules) yield* judgePair(rule, other, slotsMax, "other");
      }
    }
  }
}

function judgeRange({ key, priority }: ListenerRule, slotsMax: number): readonly Finding[] {
  if (priority?.kind !== "slots") return [];
  const last = priorityIn(priority, slotsMax);
  return last <= priorityMax
    ? []
    : [refuted(key, `in slot ${slotsMax} its priority is ${last}, above ${priorityMax}`)];
}

export function priorityIn(priority: Priority, slot: number): number {
  return priority.kind === "number" ? priority.value : (slot - 1) * priority.count + priority.index + 1;
}

/** @param tenant whether the other rule is the same tenant's, which has one slot, or another's, which has another */
function judgePair(
  rule: ListenerRule,
  other: ListenerRule,
  slotsMax: number,
  tenant: "same" | "other",
): readonly Finding[] {
  if (rule.priority === null || other.priority === null || rule.listener !== other.listener) return [];
  // A slot beyond the priorities that there are is refuted already.
  const slots = Array.from({ length: Math.min(slotsMax, priorityMax) }, (_, index) => index + 1);
  const places = new Map<number, number>();
  const theirs = other.priority.kind === "slots" ? slots : [0];
  for (const slot of theirs) places.set(priorityIn(other.priority, slot), slot);
  for (const slot of slots) {
    const value = priorityIn(rule.priority, slot);
    const taken = places.get(value);
    if (taken === undefined) continue;
    if (taken !== 0 && (taken === slot) !== (tenant === "same")) continue;
    const where = taken === 0 ? "" : ` of the tenant in slot ${taken}`;
    return [refuted(rule.key, `in slot ${slot} it has the priority ${value} of ${other.key}${where}`)];
  }
  return [];
}
