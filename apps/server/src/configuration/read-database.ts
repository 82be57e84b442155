import type { DatabaseCredentials, DatabaseSecrets, DatabaseServer } from "@tenantry/runtime";
import { z } from "zod";
import { certificates, hostName, json, oneOf, secret, text, whole } from "./parsers.ts";
import { Unfit, type VariableReader } from "./variable-reader.ts";

/** Where the platform's databases are. They are named after the platform. */
export interface DatabaseAddress {
  readonly server: DatabaseServer;
  readonly admin: DatabaseCredentials;
  readonly secrets: DatabaseSecrets;
  readonly poolSize: number;
  /** PEM, one certificate each, besides those that Node believes anyway. */
  readonly certificateAuthorities: readonly string[];
}

const portStandard = 5432;
const portRange = whole(1, 65_535);
const adminSecretExpected =
  'what Secrets Manager keeps for RDS, such as {"username":"…","password":"…","host":"…","port":5432}';

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html; a managed one has no host. */
const adminSecret = z.object({
  username: z.string().min(1),
  password: z.string().min(1),
  host: z.string().min(1).optional(),
  port: z.union([z.number().int().min(1).max(65_535), z.string().regex(/^\d{1,5}$/)]).optional(),
});

export function readDatabase(reader: VariableReader): DatabaseAddress | undefined {
  const kept = reader.optional("DATABASE_ADMIN_SECRET", parseAdminSecret);
  const host = reader.optional("DATABASE_HOST", hostName) ?? kept?.host;
  if (host === undefined && !reader.isSet("DATABASE_HOST") && !hasBadSecret(reader, kept))
    reader.miss("DATABASE_HOST");
  const port = reader.optional("DATABASE_PORT", portRange) ?? Number(kept?.port ?? portStandard);
  const admin = readAdmin(reader, kept);
  const tls = reader.optional("DATABASE_TLS", oneOf(["require", "off"]));
  const certificateAuthorities = reader.optional("DATABASE_CA", certificates) ?? [];
  const poolSize = reader.optional("DATABASE_POOL_SIZE", whole(1, 500));
  const rolePassword = reader.required("ROLE_PASSWORD_SECRET", secret);
  const seal = reader.required("SEAL_SECRET", secret);
  if (host === undefined || tls === undefined || poolSize === undefined) return undefined;
  if (admin === undefined || rolePassword === undefined || seal === undefined) return undefined;
  const server = { host, port, tls };
  return { server, admin, secrets: { rolePassword, seal }, poolSize, certificateAuthorities };
}

type AdminSecret = z.infer<typeof adminSecret>;

/** What it should have had is not asked for as well. */
function hasBadSecret(reader: VariableReader, kept: AdminSecret | undefined): boolean {
  return kept === undefined && reader.isSet("DATABASE_ADMIN_SECRET");
}

function readAdmin(
  reader: VariableReader,
  kept: AdminSecret | undefined,
): { readonly user: string; readonly password: string } | undefined {
  if (reader.isSet("DATABASE_ADMIN_SECRET")) {
    for (const name of ["DATABASE_ADMIN_USER", "DATABASE_ADMIN_PASSWORD"] as const)
      if (reader.isSet(name)) reader.conflict("DATABASE_ADMIN_SECRET", name);
    return kept === undefined ? undefined : { user: kept.username, password: kept.password };
  }
  const user = reader.required("DATABASE_ADMIN_USER", text);
  const password = reader.required("DATABASE_ADMIN_PASSWORD", text);
  return user === undefined || password === undefined ? undefined : { user, password };
}

function parseAdminSecret(value: string): AdminSecret {
  const parsed = adminSecret.safeParse(json(value, adminSecretExpected));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path }) => path.join(".")).filter((path) => path !== "");
  const found = where.length === 0 ? "JSON of another form" : `JSON without a usable ${where.join(", ")}`;
  throw new Unfit(adminSecretExpected, found);
}
