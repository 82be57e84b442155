import {
  type ApplicablePolicies,
  authorize,
  type Decision,
  type NamedPolicy,
} from "../evaluate/authorize.ts";
import { absent, type ContextLookup, type ContextValue } from "../evaluate/context.ts";
import type { AccessRequest } from "../evaluate/request.ts";
import { matchStatement } from "../evaluate/match-statement.ts";
import { printPattern } from "../evaluate/pattern.ts";
import { fillVariables } from "../evaluate/policy-variables.ts";
import type { Condition, Policy } from "../policy/policy.ts";
import { worstCaseMatching } from "./worst-case-matching.ts";

/** A request that is completely known, and what lets it through. */
export interface FoundRequest {
  readonly request: AccessRequest;
  /** The keys that were chosen, as they are in the context. */
  readonly chosen: Readonly<Record<string, string | readonly string[] | null>>;
  readonly decision: Decision;
}

const triesMax = 3_000;

/**
 * Looks for texts and values such that the plain evaluator allows a request that the worst case allows. Null where none was
 * found, which does not say that there is none.
 */
export function findRequest(request: AccessRequest, policies: ApplicablePolicies): FoundRequest | null {
  const all = allPolicies(policies);
  const keys = openKeys(all, request);
  const resources = resourceCandidates(request.resource, all);
  let tries = 0;
  for (const resource of resources)
    for (const chosen of assignments(keys)) {
      if (++tries > triesMax) return null;
      const context: ContextLookup = (key) => {
        const value = chosen.get(key) ?? request.context(key);
        return value.kind === "any" ? absent : value;
      };
      const concrete = { ...request, resource, context };
      const decision = authorize(concrete, policies, { reading: "surely" });
      if (decision.outcome === "allowed") return { request: concrete, chosen: readable(chosen), decision };
    }
  return null;
}

export function allPolicies({
  identity,
  resource,
  boundary,
  session,
  serviceControl,
  vpcEndpoint,
}: ApplicablePolicies): readonly NamedPolicy[] {
  const one = resource === null ? [] : [resource];
  return [
    ...identity,
    ...one,
    ...(boundary ?? []),
    ...(session ?? []),
    ...serviceControl.flat(),
    ...(vpcEndpoint ?? []),
  ];
}

/** Values worth a try for each key that may be anything: what conditions name, something near to it, and none. */
function openKeys(
  policies: readonly NamedPolicy[],
  request: AccessRequest,
): ReadonlyMap<string, readonly ContextValue[]> {
  const texts = new Map<string, Set<string>>();
  const listed = new Set<string>();
  const add = (key: string, values: readonly string[]) => {
    if (request.context(key).kind !== "any") return;
    texts.set(key, new Set([...(texts.get(key) ?? []), ...values]));
  };
  for (const { policy } of policies)
    for (const statement of policy.statements) {
      if (matchStatement(statement, policy.version, request, worstCaseMatching) === "no") continue;
      const { conditions, resources } = statement;
      for (const text of resources?.patterns ?? []) for (const key of variablesIn(text)) add(key, ["x"]);
      for (const condition of conditions) {
        add(
          condition.key,
          condition.values.flatMap((value) =>
            nearValues(condition, filled(value, policy.version, request.context)),
          ),
        );
        for (const key of condition.values.flatMap(variablesIn)) add(key, ["x"]);
        if (condition.operator.quantifier !== null) listed.add(condition.key);
      }
    }
  return new Map(
    [...texts].map(([key, values]) => [
      key,
      [
        absent,
        ...[...values, "something-else"].map((value): ContextValue =>
          listed.has(key) ? { kind: "many", values: [value] } : { kind: "single", value },
        ),
      ],
    ]),
  );
}

const variablesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\$\{([^{}$*?,\s']+)/gu)].map(([, key = ""]) => key.toLowerCase());

/** The text with the variables that have a value; it is only a guess. */
function filled(value: string, version: Policy["version"], context: ContextLookup): string {
  const pattern = value.includes("${") ? fillVariables(value, version, context, true) : null;
  return pattern === null ? value : printPattern(pattern);
}

function nearValues({ operator }: Condition, value: string): readonly string[] {
  switch (operator.comparison) {
    case "bool":
      return ["true", "false"];
    case "null":
      return ["x"];
    case "numeric":
      return [value, String(Number(value) - 1), String(Number(value) + 1)];
    case "date":
      return [value, "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"];
    case "ip":
      return [value.replace(/\/.*$/u, ""), "192.0.2.1"];
    default:
      return [value.replaceAll(/[*?]/gu, "x"), value.replaceAll("*", "").replaceAll("?", "x")];
  }
}

/** All combinations, those with few values first. */
function* assignments(
  keys: ReadonlyMap<string, readonly ContextValue[]>,
): Generator<ReadonlyMap<string, ContextValue>> {
  const names = [...keys.keys()];
  const place = names.map(() => 0);
  for (;;) {
    yield new Map(names.map((name, index) => [name, keys.get(name)?.[place[index] ?? 0] ?? absent]));
    let index = 0;
    for (; index < names.length; index++) {
      place[index] = (place[index] ?? 0) + 1;
      if ((place[index] ?? 0) < (keys.get(names[index] ?? "")?.length ?? 0)) break;
      place[index] = 0;
    }
    if (index === names.length) return;
  }
}

/** Texts for ⟨*⟩: what resource patterns say there, and any. */
function resourceCandidates(resource: string, policies: readonly NamedPolicy[]): readonly string[] {
  const [before, after] = resource.split(/⟨\*(?:id)?⟩/u);
  if (before === undefined || after === undefined) return [resource];
  const patterns = policies.flatMap(({ policy }) =>
    policy.statements.flatMap(({ resources }) => resources?.patterns ?? []),
  );
  const named = patterns
    .map((pattern) => pattern.replaceAll(/[*?]/gu, "x"))
    .filter(
      (text) => text.startsWith(before) && text.endsWith(after) && text.length > before.length + after.length,
    );
  return [...new Set([`${before}x${after}`, ...named])];
}

function readable(chosen: ReadonlyMap<string, ContextValue>): FoundRequest["chosen"] {
  return Object.fromEntries(
    [...chosen].map(([key, value]) => [
      key,
      value.kind === "single" ? value.value : value.kind === "many" ? value.values : null,
    ]),
  );
}
