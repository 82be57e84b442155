import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";

export const triggersKnown: DatabaseRule = {
  id: "triggers-known",
  why: "a trigger that runs with another's rights, or on every command, sees rows that the writer may not",
  fix: "drop the trigger, or let its function run with the invoker's rights",
  judge: ({ triggers, eventTriggers, database }, { definers, tenantSchemas }) => {
    const homes = new Set(tenantSchemas.map(({ schema }) => schema));
    const known = new Set(definers.map(({ schema, name }) => `${schema}.${name}`));
    const findings: Finding[] = eventTriggers.map((name) =>
      refuted(database, `has the event trigger ${name}`),
    );
    for (const trigger of triggers) {
      const isForeign = trigger.definer && (homes.has(trigger.schema) || !known.has(trigger.function));
      if (isForeign) {
        findings.push(
          refuted(
            `${trigger.schema}.${trigger.relation}`,
            `${trigger.name} calls ${trigger.function} with its owner's rights`,
          ),
        );
      }
    }
    return findings;
  },
};
