import type { NamedPolicy } from "../evaluate/authorize.ts";
import { serviceOf } from "../evaluate/request.ts";
import { knownActions } from "./known-actions.ts";

/**
 * The actions of a service that are worth asking about: what is known, what the policies name, and for each pattern in
 * them one action that matches it whatever it is called.
 */
export function candidateActions(service: string, policies: readonly NamedPolicy[]): readonly string[] {
  const actions = new Set(knownActions(service));
  for (const { policy } of policies)
    for (const { actions: clause } of policy.statements)
      for (const pattern of clause.patterns) {
        const ofService = pattern === "*" || serviceOf(pattern) === service;
        if (!ofService) continue;
        const name = pattern.slice(pattern.indexOf(":") + 1);
        actions.add(
          `${service}:${pattern === "*" ? "Anything" : name.replaceAll("*", "").replaceAll("?", "x")}`,
        );
      }
  return [...actions].filter((action) => !action.endsWith(":"));
}
