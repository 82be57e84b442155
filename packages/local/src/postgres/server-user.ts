import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { errors } from "../errors.ts";

const run = promisify(execFile);

/** The user of the operating system that the server runs as when we are root, which PostgreSQL refuses. */
export interface ServerUser {
  readonly name: string;
  readonly ids: { readonly uid: number; readonly gid: number };
}

/**
 * Null when we are an ordinary user: the server then runs as we do. As root: the owner of the
 * data that are there already, else `postgres`, else `nobody`, else a new user.
 */
export async function chooseServerUser(clusterDir: string): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(clusterDir).catch(() => undefined);
  if (owner && owner.uid !== 0) return { name: `user ${owner.uid}`, ids: { uid: owner.uid, gid: owner.gid } };
  const existing = await readUser();
  if (existing) return existing;
  await createUser();
  const created = await readUser();
  if (!created) throw errors.LOCAL_SERVER_USER_MISSING({ user: "postgres" });
  return created;
}

async function readUser(): Promise<ServerUser | undefined> {
  const users = parseUsers(await readFile("/etc/passwd", "utf8").catch(() => ""));
  return users.find((user) => user.name === "postgres") ?? users.find((user) => user.name === "nobody");
}

/** The ordinary users of an /etc/passwd. https://man7.org/linux/man-pages/man5/passwd.5.html */
export function parseUsers(passwd: string): readonly ServerUser[] {
  return passwd
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid = "", gid = ""]) => ({ name, ids: { uid: Number(uid), gid: Number(gid) } }))
    .filter(
      ({ name, ids }) => name !== "" && Number.isInteger(ids.uid) && ids.uid > 0 && Number.isInteger(ids.gid),
    );
}

async function createUser(): Promise<void> {
  // The first pair is Debian's and Red Hat's, the second Alpine's.
  const attempts = [
    [
      ["groupadd", "--system", "postgres"],
      ["useradd", "--system", "--gid", "postgres", "--no-create-home", "--shell", "/bin/false", "postgres"],
    ],
    [
      ["addgroup", "-S", "postgres"],
      ["adduser", "-S", "-D", "-H", "-s", "/bin/false", "-G", "postgres", "postgres"],
    ],
  ] as const;
  let cause: unknown;
  for (const commands of attempts) {
    try {
      for (const [program, ...args] of commands) await run(program, args);
      return;
    } catch (error) {
      cause = error;
    }
  }
  throw errors.LOCAL_SERVER_USER_MISSING({ user: "postgres" }, cause);
}
