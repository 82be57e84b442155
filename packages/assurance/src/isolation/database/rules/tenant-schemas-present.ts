import { unknown } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";

export const tenantSchemasPresent: DatabaseRule = {
  id: "tenant-schemas-present",
  why: "what is not in the catalogue was not looked at",
  fix: "onboard the tenant again",
  judge: ({ schemas }, { tenantSchemas, platformSchema }) => {
    const present = new Set(schemas.map(({ name }) => name));
    return [platformSchema, ...tenantSchemas.map(({ schema }) => schema)]
      .filter((schema) => !present.has(schema))
      .map((schema) => unknown(`schema ${schema}`, "the schema is not in the catalogue"));
  },
};
