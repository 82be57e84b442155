import type { CodedError } from "@tenantry/base";
import { errors as toolkitErrors } from "@tenantry/toolkit";
import { expect, test } from "vitest";
import { awsErrorExamples } from "../test/aws-error-examples.ts";
import { checkErrorExamples } from "../test/check-error-examples.ts";
import { errors as cliErrors } from "./errors.ts";
import { exitStatusOf } from "./exit-status.ts";
import { printError } from "./print-error.ts";
import type { Terminal } from "./terminal.ts";

// Goal: every coded error of the toolkit and of the command line stands in the golden files as a
// user sees it. Method: one example of each code; the list of examples is compared with the tables.

const at = { location: "tenantry.config.ts:12" };
const tenant = { tenant: "acme-crop", nearest: ["acme-corp"] };
const control = { status: 500, code: "INTERNAL", detail: "the request failed for a reason that is ours" };
const help = "tenantry up --help";
const operation = {
  id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37",
  kind: "move",
  tenant: "acme-corp",
  detail: "the copy of documents has 41 rows, the source has 42",
};

const examples: readonly CodedError[] = [
  ...awsErrorExamples,
  ...checkErrorExamples,
  toolkitErrors.TOOLKIT_NODE_TOO_OLD({ version: "20.20.2" }),
  toolkitErrors.TOOLKIT_DEFINITION_MISSING({ folder: "/home/ada/shop" }),
  toolkitErrors.TOOLKIT_CONFIG_MISSING({ path: "shop/tenantry.config.ts" }),
  toolkitErrors.TOOLKIT_DEFINITION_SYNTAX({ ...at, detail: "Unexpected token `,`" }),
  toolkitErrors.TOOLKIT_DEFINITION_UNSUPPORTED_SYNTAX({ ...at, syntax: "TypeScript enum" }),
  toolkitErrors.TOOLKIT_DEFINITION_IMPORT_MISSING({ ...at, specifier: "./tiers" }),
  toolkitErrors.TOOLKIT_DEFINITION_THREW({ ...at, detail: "RangeError: no price for pool" }),
  toolkitErrors.TOOLKIT_DEFINITION_NEVER_SETTLES({ ...at, timeoutMs: 10_000 }),
  toolkitErrors.TOOLKIT_DEFINITION_NO_DEFAULT(at),
  toolkitErrors.TOOLKIT_DEFINITION_NOT_MADE({ ...at, found: "a plain object" }),
  toolkitErrors.TOOLKIT_FILE_UNWRITABLE({ path: "tenantry.lock.json", detail: "permission denied" }),
  toolkitErrors.TOOLKIT_FILE_UNREADABLE({ path: "tenantry.lock.json", detail: "permission denied" }),
  toolkitErrors.TOOLKIT_INIT_EXISTS({ path: "tenantry.config.ts" }),
  toolkitErrors.TOOLKIT_PLATFORM_MISSING({ folder: "/home/ada" }),
  toolkitErrors.TOOLKIT_NOT_RUNNING({
    what: "the platform of shop/tenantry.config.ts",
    up: "tenantry up --config shop/tenantry.config.ts",
  }),
  toolkitErrors.TOOLKIT_SEVERAL_RUNNING({ configs: ["blog/tenantry.config.ts", "shop/tenantry.config.ts"] }),
  toolkitErrors.TOOLKIT_SECRETS_MISSING({ path: ".tenantry/secrets.json" }),
  toolkitErrors.TOOLKIT_TENANT_ID_INVALID({ tenant: "Acme Corp" }),
  toolkitErrors.TOOLKIT_TENANT_ID_RESERVED({ tenant: "admin" }),
  toolkitErrors.TOOLKIT_TENANT_UNKNOWN(tenant),
  toolkitErrors.TOOLKIT_TENANT_UNKNOWN({ tenant: "hooli", nearest: [] }),
  toolkitErrors.TOOLKIT_TENANT_NOT_DECLARED({ ...tenant, up: "tenantry up" }),
  toolkitErrors.TOOLKIT_TENANT_NOT_DECLARED({
    tenant: "hooli",
    nearest: [],
    up: "tenantry up --config shop/tenantry.config.ts",
  }),
  toolkitErrors.TOOLKIT_TENANT_EXISTS({
    tenant: "acme-corp",
    detail: "the tenant acme-corp exists on the tier pool",
  }),
  toolkitErrors.TOOLKIT_TIER_UNKNOWN({ tier: "gold", detail: "must be one of bridge, pool, silo" }),
  toolkitErrors.TOOLKIT_TIER_UNKNOWN({
    tier: null,
    detail: "is needed, because the platform has no default tier; one of pool, silo",
  }),
  toolkitErrors.TOOLKIT_ROLE_UNKNOWN({ role: "boss", known: ["owner", "admin", "member", "viewer"] }),
  toolkitErrors.TOOLKIT_TTL_INVALID({ ttl: "8 hours" }),
  toolkitErrors.TOOLKIT_CONTROL_UNREACHABLE({
    url: "http://127.0.0.1:8081",
    detail: "nothing listens there",
  }),
  toolkitErrors.TOOLKIT_CONTROL_REFUSED({
    ...control,
    status: 403,
    code: "PERMISSION_MISSING",
    detail: "the role of the token does not include this action",
  }),
  toolkitErrors.TOOLKIT_CONTROL_FAILED(control),
  toolkitErrors.TOOLKIT_TENANT_API_UNREACHABLE({
    url: "http://acme-corp.localhost:8080",
    detail: "nothing listens there",
  }),
  toolkitErrors.TOOLKIT_TENANT_API_REFUSED({
    status: 409,
    code: "LAST_OWNER",
    detail: "the tenant would have no active owner",
  }),
  toolkitErrors.TOOLKIT_TENANT_API_FAILED(control),
  toolkitErrors.TOOLKIT_OPERATION_FAILED({ ...operation, step: "copy" }),
  toolkitErrors.TOOLKIT_OPERATION_FAILED({ ...operation, step: null }),
  toolkitErrors.TOOLKIT_OPERATION_RUNNING({
    detail: `the operation ${operation.id} on acme-corp has not ended`,
  }),
  toolkitErrors.TOOLKIT_OPERATION_UNKNOWN({ id: operation.id }),
  toolkitErrors.TOOLKIT_GRACE_INVALID({ grace: "a month" }),
  toolkitErrors.TOOLKIT_EXPIRY_INVALID({ expires: "forever" }),
  toolkitErrors.TOOLKIT_MEMBER_UNKNOWN({ tenant: "acme-corp", member: "ada@example.com" }),
  toolkitErrors.TOOLKIT_KEY_UNKNOWN({ tenant: "acme-corp", key: "reports" }),
  toolkitErrors.TOOLKIT_TENANT_NOT_LEAVING({ tenant: "acme-corp", status: "active" }),
  toolkitErrors.TOOLKIT_LOG_MISSING({ path: ".tenantry/logs/runtime.jsonl" }),
  cliErrors.CLI_COMMAND_UNKNOWN({
    command: "tenantry tennant",
    nearest: "tenantry tenant",
    help: "tenantry --help",
  }),
  cliErrors.CLI_COMMAND_UNKNOWN({ command: "tenantry fly", nearest: undefined, help: "tenantry --help" }),
  cliErrors.CLI_COMMAND_INCOMPLETE({ command: "tenantry tenant", next: ["list", "show", "add"] }),
  cliErrors.CLI_OPTION_UNKNOWN({ option: "--prot", nearest: "--port", help }),
  cliErrors.CLI_OPTION_UNKNOWN({ option: "--wings", nearest: undefined, help }),
  cliErrors.CLI_OPTION_WITHOUT_VALUE({ option: "--port <port>", help }),
  cliErrors.CLI_OPTION_VALUE({
    option: "--port",
    value: "eighty",
    expected: "a port from 1 to 65535, or 0 for any that is free",
  }),
  cliErrors.CLI_OPTION_CONFLICT({
    option: "--environment",
    other: "--grace-days",
    reason: "in AWS there is no grace period",
  }),
  cliErrors.CLI_OPTION_MISSING({
    option: "--tier",
    usage: "tenantry tenant move <tenant> --tier <tier>",
  }),
  cliErrors.CLI_ARGUMENT_MISSING({ argument: "tenant", usage: "tenantry tenant add <tenant>" }),
  cliErrors.CLI_ARGUMENT_EXCESS({ argument: "west", usage: "tenantry up [environment]" }),
  cliErrors.CLI_CONFIRMATION_NEEDED({ what: "deleting the data in .tenantry" }),
  cliErrors.CLI_DECLINED({ what: "deleting the data in .tenantry" }),
  cliErrors.CLI_DETACHED_UP_FAILED({
    how: "was ended by SIGKILL",
    log: "/home/ada/.local/state/tenantry/logs/0.log",
  }),
  cliErrors.CLI_FORCED({}),
  cliErrors.CLI_BUG({ detail: "TypeError: undefined is not a function" }),
];

function print(
  error: unknown,
  options: { readonly json: boolean; readonly env?: Readonly<Record<string, string>> },
) {
  const out: string[] = [];
  const progress: string[] = [];
  const terminal = {
    json: options.json,
    paintError: (_: unknown, text: string) => text,
    document: (value: unknown) => out.push(JSON.stringify(value, undefined, 2)),
    progress: (line: string) => progress.push(line),
  } as unknown as Terminal;
  printError(error, terminal, { env: options.env ?? {} });
  return { out: out.join("\n"), progress: progress.join("\n") };
}

test("every code has an example", () => {
  const codes = [...toolkitErrors.codes, ...cliErrors.codes].sort();
  expect([...new Set(examples.map(({ code }) => code))].sort()).toEqual(codes);
});

test("every error as a person sees it, with its exit status", async () => {
  const text = examples.map(
    (error) => `${print(error, { json: false }).progress}\n(exit status ${exitStatusOf(error)})\n`,
  );
  await expect(text.join("\n")).toMatchFileSnapshot("../test/golden/errors.golden.txt");
});

test("every error as a program sees it: one document on stdout, and nothing else", async () => {
  const all = examples.map((error) => {
    const { out, progress } = print(error, { json: true });
    expect(progress).toBe("");
    return JSON.parse(out) as unknown;
  });
  await expect(`${JSON.stringify(all, undefined, 2)}\n`).toMatchFileSnapshot(
    "../test/golden/errors.golden.json",
  );
});

test("messages are lower case, without a full stop, and say something of the value; fixes too", () => {
  for (const { code, message, fix } of examples) {
    expect(message, code).toMatch(/^([^A-Z]|AWS |CloudFormation )/);
    expect(message, code).not.toMatch(/\.$/);
    expect(fix, code).toMatch(/^([^A-Z]|AWS |CloudFormation )/);
    expect(fix, code).not.toMatch(/\.$/);
  }
});

test("an exception that nobody expected is a bug: short, and with its stack only for debugging", () => {
  const failure = new TypeError("cannot read properties of undefined\nsecond line", {
    cause: new Error("deeper"),
  });
  const short = print(failure, { json: false });
  expect(short.progress).toBe(
    "error CLI_BUG: this is a bug in tenantry: TypeError: cannot read properties of undefined\n" +
      "  fix: run again with TENANTRY_DEBUG=1 for the stack, and report it with what you typed",
  );
  const long = print(failure, { json: false, env: { TENANTRY_DEBUG: "1" } }).progress;
  expect(long).toContain("print-error.test.ts");
  expect(long).toContain("deeper");
  expect(exitStatusOf(failure)).toBe(1);
});

test("a hint names the command as the user who reads it types it", () => {
  const error = cliErrors.CLI_FORCED({});
  const typed = (env: Readonly<Record<string, string>>) => {
    const { fix } = (JSON.parse(print(error, { json: true, env }).out) as { error: { fix: string } }).error;
    expect(print(error, { json: false, env }).progress).toContain(`  fix: ${fix}`);
    return fix;
  };
  expect(typed({})).toBe(error.fix);
  expect(typed({ npm_command: "exec", npm_lifecycle_event: "npx" })).toMatch(
    /^`npx tenantry down` .* the next `npx tenantry up` recovers it/,
  );
  expect(typed({ npm_command: "start", npm_lifecycle_event: "start" })).toMatch(
    /^`npx tenantry down` .* the next `npm start` recovers it/,
  );
  const help = cliErrors.CLI_OPTION_WITHOUT_VALUE({ option: "--port", help: "tenantry up --port 9080" });
  expect(
    print(help, { json: false, env: { npm_command: "start", npm_lifecycle_event: "start" } }).progress,
  ).toContain("see `npm start -- --port 9080`");
});
