import type { TenantConnection } from "../../../src/tenant-store/tenant-connection.ts";
import { type Arena, isForeignId, isForeignSecret, type Player } from "./arena.ts";
import type { Probe } from "./probe.ts";

/** `apart`: attacker and victim never share a session, so there is nothing to leave or find. */
export type Outcome =
  | { readonly kind: "held" }
  | { readonly kind: "apart" }
  | { readonly kind: "leak"; readonly witness: string };

const held: Outcome = { kind: "held" };
const keep = (text: string) => ({ text, values: [], rows: "keep" }) as const;

/** Runs one attack and judges what came back. What changed is judged by the caller, who knows the rows. */
export async function runProbe(
  arena: Arena,
  probe: Probe,
  attacker: Player,
  victim: Player,
): Promise<Outcome> {
  switch (probe.kind) {
    case "door": {
      const answer = await probe
        .run({ store: arena.database.store, attacker, victim })
        .catch((error: unknown) => describe(error));
      // A handler writes the victim's id itself here, so only the victim's secret tells a leak.
      return judge([answer], "secret");
    }
    case "raw": {
      const sql = probe.sql(attacker, victim);
      const answers = await inTransaction(attacker, probe.mode ?? "write", (connection) =>
        runEach(connection, sql),
      );
      return judge(answers, isForeignId(sql.join()) ? "secret" : "secret and id");
    }
    case "oracle": {
      const [about, nothing] = probe.pair(attacker, victim);
      const one = await outcomeOf(attacker, about);
      const other = await outcomeOf(attacker, nothing);
      return one === other ? held : leak(`${one} but for nothing ${other}`);
    }
    case "after-victim":
      return afterVictim(probe, attacker, victim);
    case "before-victim":
      return beforeVictim(probe, attacker, victim);
  }
}

async function afterVictim(
  probe: Extract<Probe, { kind: "after-victim" }>,
  attacker: Player,
  victim: Player,
): Promise<Outcome> {
  if (!shareSessions(attacker, victim)) return { kind: "apart" };
  const connection = await victim.connect();
  try {
    await connection.begin(victim.scope("write"), keep("select 1"));
    await runEach(connection, probe.victim(victim));
    await connection.end("commit");
    await connection.begin(attacker.scope("write"), keep("select 1"));
    return judge(await runEach(connection, probe.attacker(attacker, victim)), "secret and id");
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

async function beforeVictim(
  probe: Extract<Probe, { kind: "before-victim" }>,
  attacker: Player,
  victim: Player,
): Promise<Outcome> {
  if (!shareSessions(attacker, victim)) return { kind: "apart" };
  const connection = await attacker.connect();
  try {
    await connection.runAlone(victim.scope("write"), keep(probe.victim(victim)));
    await connection.begin(attacker.scope("write"), keep("select 1"));
    await runEach(connection, probe.attacker(attacker, victim));
    await connection.end(probe.end ?? "commit");
    const rows = await connection.runAlone(victim.scope("write"), keep(probe.victim(victim)));
    return rows.length === 1 && rows[0]?.["count"] === 1
      ? held
      : leak(`the victim's query answers ${JSON.stringify(rows)}`);
  } catch (error) {
    // The store repeats a query on another session when this one has forgotten its statements.
    return codeOf(error) === "26000" ? held : leak(`the victim's query fails: ${describe(error)}`);
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

function shareSessions(one: Player, other: Player): boolean {
  return one.login === other.login && one.database === other.database;
}

async function inTransaction<Result>(
  player: Player,
  mode: "read" | "write",
  fn: (connection: TenantConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await player.connect();
  try {
    await connection.begin(player.scope(mode), keep("select 1"));
    const result = await fn(connection);
    // An attacker keeps what it did, so that what it changed can be seen.
    await connection.end("commit").catch(() => undefined);
    return result;
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

/** Runs each statement whatever became of the one before; gives rows and messages. */
async function runEach(
  connection: TenantConnection,
  statements: readonly string[],
): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const statement of statements) {
    await connection.continue(keep("savepoint probe")).catch(() => undefined);
    try {
      answers.push(await connection.continue(keep(statement)));
    } catch (error) {
      answers.push(describe(error));
      await connection.continue(keep("rollback to savepoint probe")).catch(() => undefined);
    }
  }
  return answers;
}

/** What an attacker can tell apart: rows or the kind of error, with its own literals taken out. */
async function outcomeOf(player: Player, statement: string): Promise<string> {
  const connection = await player.connect();
  try {
    await connection.begin(player.scope("write"), keep("select 1"));
    const rows = await connection.continue(keep(statement));
    return JSON.stringify(rows).replaceAll(/'[^']*'::text/g, "'…'");
  } catch (error) {
    return codeOf(error);
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

function judge(answers: readonly unknown[], what: "secret" | "secret and id"): Outcome {
  const text = JSON.stringify(answers);
  if (isForeignSecret(text) || (what === "secret and id" && isForeignId(text)))
    return leak(text.slice(0, 300));
  return held;
}

const leak = (witness: string): Outcome => ({ kind: "leak", witness });
const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${describe(error.cause)})`;
  return `${codeOf(error)} ${error.message}${cause}`;
}
