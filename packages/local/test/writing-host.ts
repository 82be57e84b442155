/**
 * A program that is there to be killed: starts PostgreSQL on the folder in its argument, says which
 * rows it finds, then writes rows and says which were acknowledged, until something ends it.
 * One JSON document per line on standard output.
 */
import { writeSync } from "node:fs";
import { isCodedError, systemClock, systemRandom } from "@tenantry/base";
import { Client } from "pg";
import { startPostgres } from "../src/postgres/start-postgres.ts";

const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);
const [dataDir = "", mode = "write"] = process.argv.slice(2);

try {
  const ports = { clock: systemClock, random: systemRandom, onEvent: say };
  const server = await startPostgres(
    { dataDir, durability: mode === "write-carelessly" ? "fast" : "full" },
    ports,
  );
  const connect = async () => {
    const { host, port, user, password } = server;
    const client = new Client({ host, port, user, password, database: "postgres" });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  };
  const first = await connect();
  await first.query("create table if not exists written (id text primary key)");
  const { rows } = await first.query<{ id: string }>("select id from written");
  say({ kind: "found", pid: server.pid, ids: rows.map((row) => row.id) });
  if (mode === "read") {
    await first.end();
    await server.stop();
  } else {
    const write = async (client: Client) => {
      for (;;) {
        const id = Buffer.from(systemRandom.bytes(12)).toString("hex");
        try {
          await client.query("insert into written values ($1)", [id]);
        } catch (error) {
          // The server was killed a moment before this program: nothing to print a stack for.
          say({ kind: "write-failed", message: error instanceof Error ? error.message : String(error) });
          return;
        }
        say({ kind: "acknowledged", id });
      }
    };
    await Promise.all([first, await connect(), await connect(), await connect()].map(write));
  }
} catch (error) {
  if (!isCodedError(error)) throw error;
  say({ kind: "refused", code: error.code, message: error.message });
}
