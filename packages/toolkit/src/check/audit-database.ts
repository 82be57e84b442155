import type { Verdict } from "@tenantry/assurance";
import { isCodedError } from "@tenantry/base";
import { errors } from "../errors.ts";
import { dataFolderOf } from "../local-platform/locate-platform.ts";

/** Where the databases of a platform are: `local` for those of the platform that runs here, else a URL. */
export type DatabasePlace = "local" | (string & {});

/**
 * Has the auditor judge the databases of a platform, as its start does, and changes nothing in them.
 *
 * @param config the definition of the platform that runs here; null where none is known
 * @throws TOOLKIT_DATABASE_URL, TOOLKIT_DATABASE_NOT_RUNNING, TOOLKIT_DATABASE_UNREADABLE, RUNTIME_DATABASE_*
 */
export async function auditDatabase(
  place: DatabasePlace,
  platformName: string,
  config: string | null,
): Promise<readonly Verdict[]> {
  const { auditFromOutside } = await import("@tenantry/runtime");
  const target = place === "local" ? await localTarget(platformName, config) : await targetOf(place);
  try {
    return await auditFromOutside({ ...target, platformName });
  } catch (failure) {
    if (isCodedError(failure)) throw failure;
    // What PostgreSQL answers names roles and tables, and no password.
    const detail = failure instanceof Error ? failure.message : String(failure);
    throw errors.TOOLKIT_DATABASE_UNREADABLE({ detail }, failure);
  }
}

async function targetOf(url: string) {
  const { parseDatabaseUrl } = await import("@tenantry/local");
  try {
    const { server, admin } = parseDatabaseUrl(url);
    return { server, credentials: admin };
  } catch (failure) {
    if (!isCodedError(failure)) throw failure;
    throw errors.TOOLKIT_DATABASE_URL({ reason: String(failure.params["reason"]) }, failure);
  }
}

/** As the owner role, whose password follows from the secrets that the platform keeps here. */
async function localTarget(platformName: string, config: string | null) {
  const { readSecrets, readState } = await import("@tenantry/local");
  const { databaseOwner } = await import("@tenantry/runtime");
  const folder = config === null ? null : dataFolderOf(config);
  const state = folder === null ? null : await readState(folder);
  const secrets = folder === null ? null : await readSecrets(folder);
  if (state === null || secrets === null || state.platform !== platformName)
    throw errors.TOOLKIT_DATABASE_NOT_RUNNING({ platform: platformName });
  const { host, port, kind } = state.database;
  return {
    server: { host, port, tls: "off" as const },
    credentials: databaseOwner(platformName, secrets),
    // The embedded server belongs to the platform; whose an external one is, only its administrator knows.
    systemCatalogue: kind === "embedded" ? ("closed" as const) : ("cannot-be-closed" as const),
  };
}
