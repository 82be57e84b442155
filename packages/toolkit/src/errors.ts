import { defineErrors } from "@tenantry/base";
import { deploymentErrors } from "./aws/deployment-errors.ts";
import { checkErrors } from "./check/check-errors.ts";
import { imageErrors } from "./images/image-errors.ts";
import { tenantsOnAwsErrors } from "./tenants-on-aws/tenant-errors.ts";

interface AtLocation {
  /** File, or file:line, as the user would write it. */
  readonly location: string;
}

interface OperationFailure {
  readonly id: string;
  readonly kind: string;
  readonly tenant: string;
  /** The step that failed; null where none had begun. */
  readonly step: string | null;
  readonly detail: string;
}

/** The expected failures of the actions. */
export const errors = defineErrors({
  TOOLKIT_NODE_TOO_OLD: {
    message: ({ version }: { version: string }) =>
      `this is Node ${version}, which cannot run TypeScript without a build`,
    fix: () => "run with Node 22.18 or later",
    retriable: false,
  },
  TOOLKIT_DEFINITION_MISSING: {
    message: ({ folder }: { folder: string }) =>
      `there is no tenantry.config.ts in ${folder} or in a folder above it`,
    fix: () => "write one with `tenantry init`, or name one with --config",
    retriable: false,
  },
  TOOLKIT_CONFIG_MISSING: {
    message: ({ path }: { path: string }) => `the file ${path} that --config names does not exist`,
    fix: () => "correct the path, or write a definition there with `tenantry init`",
    retriable: false,
  },
  TOOLKIT_DEFINITION_SYNTAX: {
    message: ({ detail }: AtLocation & { detail: string }) => `the definition is not TypeScript: ${detail}`,
    fix: ({ location }: AtLocation & { detail: string }) => `correct the syntax at ${location}`,
    retriable: false,
  },
  TOOLKIT_DEFINITION_UNSUPPORTED_SYNTAX: {
    message: ({ syntax }: AtLocation & { syntax: string }) =>
      `the definition uses a ${syntax}, which does not disappear when types are stripped`,
    fix: () =>
      "write it without: a constant object for an enum, a field for a parameter property, exports for a namespace",
    retriable: false,
  },
  TOOLKIT_DEFINITION_IMPORT_MISSING: {
    message: ({ specifier }: AtLocation & { specifier: string }) =>
      `the definition imports ${specifier}, which is not there`,
    fix: () => "correct the import (a relative one names its file with .ts), or install the package",
    retriable: false,
  },
  TOOLKIT_DEFINITION_THREW: {
    message: ({ detail }: AtLocation & { detail: string }) => `the definition threw on import: ${detail}`,
    fix: ({ location }: AtLocation & { detail: string }) => `look at ${location}, where it was thrown`,
    retriable: false,
  },
  TOOLKIT_DEFINITION_NEVER_SETTLES: {
    message: ({ timeoutMs }: AtLocation & { timeoutMs: number }) =>
      `the definition still awaits something after ${timeoutMs} ms`,
    fix: () => "remove the await: a definition is data and waits for nothing",
    retriable: false,
  },
  TOOLKIT_DEFINITION_NO_DEFAULT: {
    message: (_: AtLocation) => "the definition has no default export",
    fix: () => "write `export default definePlatform({ … })`",
    retriable: false,
  },
  TOOLKIT_DEFINITION_NOT_MADE: {
    message: ({ found }: AtLocation & { found: string }) =>
      `the default export of the definition is ${found}, not what definePlatform returns`,
    fix: () => 'write `export default definePlatform({ … })`, imported from "@tenantry/model"',
    retriable: false,
  },
  TOOLKIT_FILE_UNWRITABLE: {
    message: ({ path, detail }: { path: string; detail: string }) => `cannot write ${path}: ${detail}`,
    fix: () => "make the folder writable, or choose another one",
    retriable: true,
  },
  TOOLKIT_FILE_UNREADABLE: {
    message: ({ path, detail }: { path: string; detail: string }) => `cannot read ${path}: ${detail}`,
    fix: () => "make the file readable",
    retriable: true,
  },
  TOOLKIT_INIT_EXISTS: {
    message: ({ path }: { path: string }) => `${path} exists already and is not overwritten`,
    fix: () => "choose another folder, or remove that file first",
    retriable: false,
  },
  TOOLKIT_SYNTH_FOLDER: {
    message: ({ folder }: { folder: string }) => `${folder} holds files that no synthesis wrote`,
    fix: () => "choose an empty folder, or one that was synthesized into before",
    retriable: false,
  },
  TOOLKIT_PLATFORM_MISSING: {
    message: ({ folder }: { folder: string }) =>
      `no platform runs on this machine, and there is no tenantry.config.ts in ${folder} or above it`,
    fix: () => "name a definition with --config, or start one with `tenantry up` in its folder",
    retriable: true,
  },
  TOOLKIT_NOT_RUNNING: {
    message: ({ what }: { what: string; up: string }) => `${what} is not running`,
    fix: ({ up }: { what: string; up: string }) => `start it with \`${up}\``,
    retriable: true,
  },
  TOOLKIT_SEVERAL_RUNNING: {
    message: ({ configs }: { configs: readonly string[] }) =>
      `${configs.length} platforms run here and no definition says which one is meant`,
    fix: ({ configs }: { configs: readonly string[] }) =>
      `choose with --config, one of: ${configs.join(", ")}`,
    retriable: false,
  },
  TOOLKIT_SECRETS_MISSING: {
    message: ({ path }: { path: string }) => `there is no key to sign with: ${path} does not exist`,
    fix: () => "start the platform once with `tenantry up`, which makes it",
    retriable: true,
  },
  TOOLKIT_TENANT_ID_INVALID: {
    message: ({ tenant }: { tenant: string }) => `${JSON.stringify(tenant)} is not a tenant id`,
    fix: () =>
      "write 3 to 32 lower-case letters and digits, words joined by single hyphens, a letter first: umbrella-co",
    retriable: false,
  },
  TOOLKIT_TENANT_ID_RESERVED: {
    message: ({ tenant }: { tenant: string }) => `the id ${tenant} is kept for the platform itself`,
    fix: () => "choose another id, such as the name of the company",
    retriable: false,
  },
  TOOLKIT_TENANT_UNKNOWN: {
    message: ({ tenant }: { tenant: string; nearest: readonly string[] }) => `there is no tenant ${tenant}`,
    fix: ({ tenant, nearest }: { tenant: string; nearest: readonly string[] }) =>
      nearest.length > 0
        ? `did you mean ${nearest.join(" or ")}? otherwise \`tenantry tenant add ${tenant}\``
        : `see \`tenantry tenant list\`, or add it with \`tenantry tenant add ${tenant}\``,
    retriable: false,
  },
  TOOLKIT_TENANT_NOT_DECLARED: {
    message: ({ tenant }: { tenant: string; nearest: readonly string[]; up: string }) =>
      `the definition declares no tenant ${tenant}, and the platform is not running to be asked`,
    fix: ({ nearest, up }: { tenant: string; nearest: readonly string[]; up: string }) =>
      nearest.length > 0
        ? `did you mean ${nearest.join(" or ")}? otherwise start the platform with \`${up}\``
        : `start the platform with \`${up}\` and try again`,
    retriable: true,
  },
  TOOLKIT_TENANT_EXISTS: {
    message: ({ detail }: { tenant: string; detail: string }) => detail,
    fix: ({ tenant }: { tenant: string; detail: string }) =>
      `choose another id, or look at this one with \`tenantry tenant show ${tenant}\``,
    retriable: false,
  },
  TOOLKIT_TIER_UNKNOWN: {
    message: ({ tier }: { tier: string | null; detail: string }) =>
      tier === null
        ? "no tier was named, and the platform has no default tier"
        : `the platform has no tier ${tier}`,
    fix: ({ detail }: { tier: string | null; detail: string }) => `--tier ${detail}`,
    retriable: false,
  },
  TOOLKIT_ROLE_UNKNOWN: {
    message: ({ role }: { role: string; known: readonly string[] }) => `there is no role ${role}`,
    fix: ({ known }: { role: string; known: readonly string[] }) => `choose one of: ${known.join(", ")}`,
    retriable: false,
  },
  TOOLKIT_TTL_INVALID: {
    message: ({ ttl }: { ttl: string }) => `${JSON.stringify(ttl)} is not a time to live`,
    fix: () => "write a number and a unit, between 1s and 24h: 90s, 15m, 8h",
    retriable: false,
  },
  TOOLKIT_CONTROL_UNREACHABLE: {
    message: ({ url, detail }: { url: string; detail: string }) =>
      `the control plane at ${url} does not answer: ${detail}`,
    fix: () => "look at `tenantry status`; start the platform again with `tenantry up`",
    retriable: true,
  },
  TOOLKIT_CONTROL_REFUSED: {
    message: ({ status, code, detail }: { status: number; code: string; detail: string }) =>
      `the control plane answered ${status} ${code}: ${detail}`,
    fix: () => "correct the request as the answer says",
    retriable: false,
  },
  TOOLKIT_CONTROL_FAILED: {
    message: ({ status, code, detail }: { status: number; code: string; detail: string }) =>
      `the control plane failed with ${status} ${code}: ${detail}`,
    fix: () => "try again; what the running platform prints says what happened",
    retriable: true,
  },
  TOOLKIT_TENANT_API_UNREACHABLE: {
    message: ({ url, detail }: { url: string; detail: string }) =>
      `the tenant's API at ${url} does not answer: ${detail}`,
    fix: () => "look at `tenantry status`; start the platform again with `tenantry up`",
    retriable: true,
  },
  TOOLKIT_TENANT_API_REFUSED: {
    message: ({ status, code, detail }: { status: number; code: string; detail: string }) =>
      `the tenant's API answered ${status} ${code}: ${detail}`,
    fix: () => "correct the request as the answer says",
    retriable: false,
  },
  TOOLKIT_TENANT_API_FAILED: {
    message: ({ status, code, detail }: { status: number; code: string; detail: string }) =>
      `the tenant's API failed with ${status} ${code}: ${detail}`,
    fix: () => "try again; `tenantry logs` says what happened",
    retriable: true,
  },
  TOOLKIT_OPERATION_FAILED: {
    message: ({ kind, tenant, step, detail }: OperationFailure) =>
      `${kind} of ${tenant} failed${step === null ? "" : ` at ${step}`}: ${detail}`,
    fix: ({ id }: OperationFailure) =>
      `correct the cause and run the command again; \`tenantry operation show ${id}\` has the steps`,
    retriable: true,
  },
  TOOLKIT_OPERATION_RUNNING: {
    message: ({ detail }: { detail: string }) => detail,
    fix: () =>
      "wait until it ends (`tenantry operation list`), or cancel it with `tenantry operation cancel`",
    retriable: true,
  },
  TOOLKIT_OPERATION_UNKNOWN: {
    message: ({ id }: { id: string }) => `there is no operation ${id}`,
    fix: () => "list them with `tenantry operation list`",
    retriable: false,
  },
  TOOLKIT_GRACE_INVALID: {
    message: ({ grace }: { grace: string }) => `${JSON.stringify(grace)} is not a number of days`,
    fix: () => "write whole days from 0 to 365, such as 30",
    retriable: false,
  },
  TOOLKIT_EXPIRY_INVALID: {
    message: ({ expires }: { expires: string }) => `${JSON.stringify(expires)} is not a time until expiry`,
    fix: () => "write a number of days from 1d to 365d",
    retriable: false,
  },
  TOOLKIT_MEMBER_UNKNOWN: {
    message: ({ tenant, member }: { tenant: string; member: string }) => `${tenant} has no member ${member}`,
    fix: ({ tenant }: { tenant: string; member: string }) =>
      `list them with \`tenantry member list ${tenant}\``,
    retriable: false,
  },
  TOOLKIT_KEY_UNKNOWN: {
    message: ({ tenant, key }: { tenant: string; key: string }) => `${tenant} has no API key ${key}`,
    fix: ({ tenant }: { tenant: string; key: string }) => `list them with \`tenantry key list ${tenant}\``,
    retriable: false,
  },
  TOOLKIT_TENANT_NOT_LEAVING: {
    message: ({ tenant, status }: { tenant: string; status: string }) =>
      `${tenant} is ${status}; there is no removal to stop`,
    fix: () => "look at `tenantry tenant list`",
    retriable: false,
  },
  TOOLKIT_LOG_MISSING: {
    message: ({ path }: { path: string }) => `there is no log yet: ${path} does not exist`,
    fix: () => "start the platform with `tenantry up`; it writes its log there",
    retriable: true,
  },
  ...checkErrors,
  ...deploymentErrors,
  ...imageErrors,
  ...tenantsOnAwsErrors,
});
