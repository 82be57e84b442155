import { row } from "./row.ts";
import { chooseFrom, list, show } from "./show.ts";

interface Limits {
  readonly value: unknown;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

function range({ min, max }: Limits): string {
  if (min !== undefined && max !== undefined) return `between ${min} and ${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}

/** A definition that is not the right shape of data. */
export const shapeErrors = {
  MODEL_NOT_DATA: row(
    ({ what }: { what: string }) => `is ${what}, which is not data`,
    () => "write text, a number, true, false, a list or an object literal",
  ),
  MODEL_CYCLE: row(
    ({ at }: { at: string }) => `contains itself (it is ${at} again)`,
    () => "copy the values instead of pointing back at an outer object",
  ),
  MODEL_TOO_DEEP: row(
    ({ depthMax }: { depthMax: number }) => `is nested deeper than ${depthMax} levels`,
    () => "write the field flat, as its type describes it",
  ),
  MODEL_TOO_LARGE: row(
    ({ valuesMax }: { valuesMax: number }) => `the definition holds more than ${valuesMax} values`,
    () => "declare the tenants that must exist from the start, and add the others with tenantry tenant add",
  ),
  MODEL_FORBIDDEN_KEY: row(
    ({ key }: { key: string }) => `"${key}" cannot be a name: JavaScript gives it a meaning of its own`,
    () => "choose another name",
  ),
  MODEL_UNKNOWN_KEY: row(
    ({ key }: { key: string; known: readonly string[] }) => `there is no field "${key}" here`,
    ({ key, known }) => chooseFrom(key, known),
  ),
  MODEL_MISSING: row(
    (_: { expected: string }) => "is missing",
    ({ expected }) => `write ${expected}`,
  ),
  MODEL_WRONG_TYPE: row(
    ({ value, expected }: { value: unknown; expected: string; meant?: string | null }) =>
      `is ${show(value)}, not ${expected}`,
    ({ expected, meant }) => `write ${meant ?? expected}`,
  ),
  MODEL_WRONG_KIND: row(
    ({ kind, expected }: { kind: unknown; expected: string; belongs: string | null }) =>
      `is a ${typeof kind === "string" ? kind : show(kind)}, where a ${expected} belongs`,
    ({ expected, belongs }) => (belongs === null ? `make it with ${expected}(…)` : `move it to ${belongs}`),
  ),
  MODEL_NOT_ONE_OF: row(
    ({ value }: { value: unknown; known: readonly string[] }) => `is ${show(value)}, which is not a choice`,
    ({ value, known }) => chooseFrom(value, known),
  ),
  MODEL_OUT_OF_RANGE: row(
    (params: Limits) => `is ${show(params.value)}, outside what is allowed`,
    (params) => `write a number ${range(params)}`,
  ),
  MODEL_NOT_WHOLE: row(
    ({ value }: { value: unknown }) => `is ${show(value)}, not a whole number`,
    () => "write a whole number",
  ),
  MODEL_LENGTH: row(
    (params: Limits & { readonly unit: string }) =>
      `has ${show(params.value)} ${params.unit}, outside what is allowed`,
    (params) => `give it ${range(params)} ${params.unit}`,
  ),
  MODEL_TWICE: row(
    ({ value, what }: { value: unknown; what: string }) => `names the ${what} ${show(value)} twice`,
    () => "keep one of the two",
  ),
  MODEL_UNKNOWN_ENVIRONMENT: row(
    ({ environment }: { environment: unknown; known: readonly string[] }) =>
      `there is no environment ${show(environment)}`,
    ({ environment, known }) => chooseFrom(environment, known),
  ),
  MODEL_NO_ENVIRONMENT: row(
    () => "no environment is declared",
    () => 'declare one, such as environments: { production: { region: "us-east-1" } }',
  ),
  MODEL_OVERRIDE_UNKNOWN: row(
    ({ name, what }: { name: string; what: string; known: readonly string[] }) =>
      `overrides the ${what} "${name}", which the definition does not have`,
    ({ name, known }) => chooseFrom(name, known),
  ),
  MODEL_LOCK_SYNTAX: row(
    ({ line, reason }: { line: number; reason: string }) =>
      `tenantry.lock.json line ${line} is not JSON: ${reason}`,
    () => "take the file from version control again, or mend that line; one tenant per line",
  ),
  MODEL_LOCK_VERSION: row(
    ({ version }: { version: unknown }) =>
      `tenantry.lock.json has version ${show(version)}, and only 1 is known`,
    () => "use the release of tenantry that wrote the file, or take the file from version control again",
  ),
  MODEL_LOCK_FIELD: row(
    ({ path, value, expected }: { path: string; value: unknown; expected: string; line: number | null }) =>
      `tenantry.lock.json: ${path} is ${show(value)}, not ${expected}`,
    ({ path, expected, line }) =>
      `${line === null ? "" : `line ${line}: `}write ${expected} at ${path}, as it was in version control`,
  ),
  MODEL_LOCK_SLOT_TWICE: row(
    ({
      environment,
      cell,
      slot,
      tenants,
    }: {
      environment: string;
      cell: number;
      slot: number;
      tenants: readonly string[];
      line: number | null;
    }) => `tenantry.lock.json: ${list(tenants)} share cell ${cell} slot ${slot} in ${environment}`,
    ({ tenants, line }) =>
      `${line === null ? "" : `line ${line}: `}remove the line of the one that was added last (${tenants.at(-1) ?? ""}); it gets a free slot`,
  ),
  MODEL_PLACEMENT_CONFLICT: row(
    ({ tenant, other, cell, slot }: { tenant: string; other: string; cell: number; slot: number }) =>
      `"${tenant}" is locked to cell ${cell} slot ${slot}, which the running platform gave to "${other}"`,
    ({ tenant }) => `remove the line of "${tenant}" from tenantry.lock.json; it gets a free slot`,
  ),
  MODEL_PLACEMENT_MOVED: row(
    ({ tenant, locked, running }: { tenant: string; locked: string; running: string }) =>
      `"${tenant}" is locked to ${locked}, but the running platform has it at ${running}`,
    ({ tenant, running }) =>
      `write ${running} in the line of "${tenant}"; a tenant is moved with tenantry tenant move`,
  ),
} as const;
