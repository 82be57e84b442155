import { isCodedError } from "@tenantry/base";
import { checkDatabaseServer, type DatabaseCredentials, type DatabaseServer } from "@tenantry/runtime";
import { errors } from "../errors.ts";

/** Where the platform's databases are, and who may create them. */
export interface DatabaseTarget {
  readonly server: DatabaseServer;
  readonly admin: DatabaseCredentials;
}

/** Reads DATABASE_URL. No message repeats it, because it holds a password. @throws LOCAL_DATABASE_URL */
export function parseDatabaseUrl(text: string): DatabaseTarget {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw errors.LOCAL_DATABASE_URL({ reason: "it is not a postgres:// URL" });
  if (url.hostname === "") throw errors.LOCAL_DATABASE_URL({ reason: "it names no host" });
  if (url.username === "") throw errors.LOCAL_DATABASE_URL({ reason: "it names no user" });
  const mode = url.searchParams.get("sslmode") ?? "disable";
  const tls = {
    disable: "off",
    allow: "off",
    prefer: "off",
    require: "require",
    "verify-ca": "require",
    "verify-full": "require",
  }[mode];
  if (tls !== "off" && tls !== "require")
    throw errors.LOCAL_DATABASE_URL({ reason: `its sslmode is ${mode}` });
  return {
    server: { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 5432), tls },
    admin: { user: decode(url.username), password: decode(url.password) },
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw errors.LOCAL_DATABASE_URL({ reason: "user or password is not percent-encoded" });
  }
}

/**
 * Looks whether the server can carry a platform, before anything is started on it.
 *
 * @throws LOCAL_DATABASE_UNREACHABLE, LOCAL_DATABASE_REFUSED, LOCAL_DATABASE_VERSION, LOCAL_DATABASE_RIGHTS
 */
export async function checkDatabase({ server, admin }: DatabaseTarget): Promise<void> {
  try {
    await checkDatabaseServer(server, admin);
  } catch (error) {
    throw explain(error, server, admin.user);
  }
}

/** The same in the words of whoever gave a DATABASE_URL. */
function explain(error: unknown, { host, port }: DatabaseServer, user: string): unknown {
  if (!isCodedError(error)) return error;
  const { reason, version } = error.params as { readonly reason?: string; readonly version?: string };
  switch (error.code) {
    case "RUNTIME_DATABASE_CREDENTIALS":
      return errors.LOCAL_DATABASE_REFUSED({ host, port, user }, error);
    case "RUNTIME_DATABASE_VERSION":
      return errors.LOCAL_DATABASE_VERSION({ host, port, version: version ?? "unknown" });
    case "RUNTIME_DATABASE_RIGHTS":
      return errors.LOCAL_DATABASE_RIGHTS({ host, port, user });
    default:
      return errors.LOCAL_DATABASE_UNREACHABLE({ host, port, reason: reason ?? error.message }, error);
  }
}
