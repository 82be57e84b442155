import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TenantId } from "@tenantry/model";
import type { DatabaseServer as TestServer } from "../../../../test/database-server.ts";
import type { TenantDatabase } from "../../src/database/tenant-database.ts";
import { FolderObjectStore } from "../../src/files/folder-object-store.ts";
import { ringOfOne, type RingKey } from "../../src/identity/key-ring.ts";
import { generateSigningKey } from "../../src/identity/signing-key.ts";
import { sumTable, tablesAt } from "../../src/tenants/copy-place.ts";
import type { Place } from "../../src/tenants/tenant-place.ts";
import { createTestPlatform, testSecrets, type TestPlatform } from "../database/test-platform.ts";
import type { Assignment, Boundary } from "./operating-process.ts";
import { fillTenant } from "./operation-platform.ts";
import type { Scenario } from "./scenarios.ts";

export const documentsPerTenant = 30;

/** Tenants of many kinds, each with its operation, and two to whom nothing may happen. */
export interface Stage extends AsyncDisposable {
  readonly scenarios: readonly Scenario[];
  readonly platform: TestPlatform;
  readonly folder: string;
  readonly keyRing: readonly RingKey[];
  /** Counts and sums of the rows before: by tenant and table. */
  readonly before: Readonly<Record<string, string>>;
}

const bystanders = [
  ["bystander-pool", "pool"],
  ["bystander-bridge", "bridge"],
] as const;

export async function setStage(
  server: TestServer,
  scenarios: readonly Scenario[],
  name: string,
): Promise<Stage> {
  const platform = await createTestPlatform(server, name);
  const folder = await mkdtemp(join(tmpdir(), "tenantry-stage-"));
  const objects = new FolderObjectStore(join(folder, "files"));
  await using database = await platform.open();
  const there = [
    ...bystanders,
    ...scenarios.flatMap(({ name: id, before }) => (before === null ? [] : [[id, before] as const])),
  ];
  await Promise.all(
    there.map(async ([id, isolation]) => {
      await database.onboard({ id, tier: isolation, isolation });
      await fillTenant({ database, objects }, id, documentsPerTenant);
    }),
  );
  return {
    scenarios,
    platform,
    folder,
    keyRing: ringOfOne(await generateSigningKey()),
    before: await sumRows(
      database,
      there.map(([id]) => id),
    ),
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Performance {
  /** What each tenant's operation passed, in order. */
  readonly passed: ReadonlyMap<string, readonly Boundary[]>;
  /** Whose operations stood where they should when the process ended. */
  readonly stopped: readonly string[];
  readonly isKilled: boolean;
  /** What went wrong on the way, for people. */
  readonly complaints: readonly string[];
}

export interface Direction {
  readonly killAt?: (scenario: Scenario) => Boundary | null;
  readonly killAfter?: number;
  readonly fault?: Assignment["fault"];
}

/** Runs the operations in a process of their own until the process ends. */
export async function perform(stage: Stage, direction: Direction = {}): Promise<Performance> {
  const { server, admin, name: platformName } = stage.platform;
  return runProcess({
    place: { server, admin, platformName, secrets: testSecrets },
    folder: stage.folder,
    keyRing: stage.keyRing,
    operations: stage.scenarios.map((scenario) => ({
      request: scenario.request(scenario.name as TenantId),
      cancelBefore: scenario.cancelBefore ?? null,
      killAt: direction.killAt?.(scenario) ?? null,
    })),
    killAfter: direction.killAfter ?? null,
    fault: direction.fault ?? null,
  });
}

const program = fileURLToPath(new URL("operating-process.ts", import.meta.url));
/** A process that hangs is ended, and its test fails. One beside other work takes half a minute. */
const performanceMs = 120_000;
/** It is the same program a hundred times, and compiling it takes half of the time that starting it takes. */
const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), "node-compile-cache") };

function runProcess(assignment: Assignment): Promise<Performance> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(assignment)], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...compiled },
    });
    let text = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const timer = setTimeout(() => child.kill("SIGTERM"), performanceMs);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const lines = text.split("\n").filter((line) => line !== "");
      if (code !== 0 && signal !== "SIGKILL") {
        const said = lines.filter((line) => !line.startsWith('{"boundary"')).join("\n");
        reject(new Error(`the process ended with ${signal ?? code}\n${said}\n${errors}`));
        return;
      }
      resolve({ ...read(lines), isKilled: signal === "SIGKILL" });
    });
  });
}

interface Line {
  readonly boundary?: Boundary;
  readonly tenant?: string;
  readonly stopped?: string;
  readonly event?: object;
}

function read(lines: readonly string[]): Omit<Performance, "isKilled"> {
  const passed = new Map<string, Boundary[]>();
  const stopped: string[] = [];
  const complaints: string[] = [];
  for (const line of lines) {
    const said = JSON.parse(line) as Line;
    if (said.boundary !== undefined && said.tenant !== undefined)
      passed.set(said.tenant, [...(passed.get(said.tenant) ?? []), said.boundary]);
    if (said.stopped !== undefined) stopped.push(said.stopped);
    if (said.event !== undefined) complaints.push(line);
  }
  return { passed, stopped, complaints };
}

/** The tenant's rows in the place that the registry names, as counts and sums. */
export async function sumRows(
  database: TenantDatabase,
  ids: readonly string[],
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const id of ids) {
    const tenant = await database.registry.find(id);
    if (tenant === undefined) continue;
    const { isolation, objectName = null, life = 1 } = tenant;
    const place: Place = { tenant: tenant.id, isolation, objectName, life };
    for (const table of await tablesAt(database.access, place)) {
      const sum = await sumTable(
        database.placedStore,
        database.access,
        tenant,
        table,
        place,
        async () => undefined,
      );
      found[`${id}/${table.name}`] = JSON.stringify(sum);
    }
  }
  return found;
}

export async function keysIn(
  stage: Stage,
  kind: "files" | "exports",
  tenant: string,
): Promise<readonly string[]> {
  return readdir(join(stage.folder, kind, tenant)).catch(() => []);
}
