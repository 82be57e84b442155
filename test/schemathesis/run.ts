// Asks Schemathesis (https://schemathesis.io, installed where PATH finds it) to break the API: it reads
// the OpenAPI documents, generates requests that they allow and requests that they forbid, and holds
// every answer against them. A real runtime on a real PostgreSQL answers, without limits on rates.
//
//   node test/schemathesis/run.ts [cases per operation]
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogEntry } from "../../packages/runtime/src/http/log-entry.ts";
import { startTestRuntime, type TestRuntime } from "../../packages/runtime/test/http/test-runtime.ts";
import setUpDatabaseServer, { type DatabaseServer } from "../database-server.ts";
import { type Findings, readReport } from "./read-report.ts";

/** All together, below which the run says nothing. */
const casesMin = 20_000;
const casesPerOperation = Number(process.argv[2] ?? 210);
/** For each document; a run takes a quarter of it on two idle processors. */
const documentTimeoutMs = 1_200_000;

interface Api {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  readonly host: string;
  readonly token: string;
}

let failed = false;
const started = performance.now();
const databaseServer = Promise.withResolvers<DatabaseServer>();
// What it remembers of a run it would repeat in the next one.
const folder = await mkdtemp(join(tmpdir(), "tenantry-schemathesis-"));
for (const name of ["schemathesis.toml", "hooks.py"]) {
  await cp(join(import.meta.dirname, name), join(folder, name));
}
const stopDatabase = await setUpDatabaseServer({
  provide: (_name: string, server: DatabaseServer) => databaseServer.resolve(server),
} as never);
try {
  const own = { services: "none", databaseServer: await databaseServer.promise } as const;
  const patient = {
    apiLimits: { waitingRequestsMax: 1_000, waitingTimeoutMs: 20_000, bodiesInFlightMax: 512 },
  };
  await using server = await startTestRuntime(patient, own);
  // In a database of its own: what an operator may do would take the tenants from under the other.
  await using control = await startTestRuntime(patient, { ...own, operations: "open" });
  const apis = [...(await tenantApis(server)), await controlApi(control)];
  const results = await Promise.all(apis.map((api) => check(api)));
  failed = !report(results, [...server.log, ...control.log]);
} finally {
  await stopDatabase();
  await rm(folder, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;

/** Prints what was found. @returns whether that is nothing */
function report(
  results: readonly (Findings & { readonly name: string })[],
  log: readonly LogEntry[],
): boolean {
  const cases = results.reduce((sum, result) => sum + result.cases, 0);
  const findings = results.flatMap((result) => result.findings);
  // What a check of the answers cannot see: an error that nobody expected is logged, and never shown.
  const failures = log.filter((entry) => entry.kind === "failure");
  for (const { name, cases: some, findings: found } of results) {
    console.log(`${name}: ${some} cases, ${found.length} findings`);
  }
  for (const finding of findings) console.log(`\n${finding}`);
  for (const failure of failures.slice(0, 20)) console.log(`\nlogged: ${JSON.stringify(failure)}`);
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  console.log(
    `\n${cases} cases in ${seconds} s: ${findings.length} findings, ${failures.length} unexpected errors`,
  );
  if (cases < casesMin) console.log(`fewer than ${casesMin} cases say too little`);
  return findings.length === 0 && failures.length === 0 && cases >= casesMin;
}

async function tenantApis(server: TestRuntime): Promise<readonly Api[]> {
  const port = server.gatewayPort;
  const token = await server.token("acme-corp");
  return ["v1", "v2"].map((version) => ({
    name: `tenant API ${version}`,
    port,
    host: `acme-corp.localhost:${port}`,
    path: `/${version}/openapi.json`,
    token,
  }));
}

async function controlApi({ controlPort: port, controlToken }: TestRuntime): Promise<Api> {
  const path = "/control/v1/openapi.json";
  return { name: "control plane v1", port, host: `127.0.0.1:${port}`, path, token: await controlToken() };
}

async function check(api: Api): Promise<Findings & { readonly name: string }> {
  const base = `http://127.0.0.1:${api.port}`;
  const args = [
    ["--config-file", "schemathesis.toml"],
    ["run", `${base}${api.path}`],
    ["--url", base],
    ["--header", `Host: ${api.host}`],
    ["--header", `Authorization: Bearer ${api.token}`],
    ["--max-examples", String(casesPerOperation)],
    // More of them share one interpreter, and are no faster.
    ["--workers", "1"],
    ["--request-timeout", "30"],
    ["--seed", "1"],
    ["--warnings", "off"],
    ["--no-shrink", "--continue-on-failure"],
  ].flat();
  const { output, status } = await run("schemathesis", args);
  return { name: api.name, ...readReport(output, status) };
}

interface Ended {
  readonly output: string;
  readonly status: number | null;
}

function run(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, timeout: documentTimeoutMs });
    let output = "";
    const read = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", reject);
    child.on("close", (status) => resolve({ output, status }));
  });
}
