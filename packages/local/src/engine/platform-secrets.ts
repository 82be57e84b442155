import { readFile } from "node:fs/promises";
import { type Random, stableJson } from "@tenantry/base";
import { generateSigningKey, type RuntimeConfig } from "@tenantry/runtime";
import { errors } from "../errors.ts";
import { isErrno } from "../process/errno.ts";
import { platformPaths } from "./platform-data.ts";
import { writePrivateFile } from "./private-file.ts";

/** What must never leave this machine. Kept in `secrets.json`, which only its owner reads. */
export interface PlatformSecrets {
  /** Derives the passwords of the database's roles. */
  readonly rolePassword: string;
  /** Derives the keys that seal the tenant of a transaction. */
  readonly seal: string;
  /** Signs access tokens: a private JWK. */
  readonly signingKey: RuntimeConfig["issuer"]["signingKey"];
}

/** The secrets of the platform; null before its first start. @throws LOCAL_SECRETS_INVALID */
export async function readSecrets(dataDir: string): Promise<PlatformSecrets | null> {
  const file = platformPaths(dataDir).secrets;
  try {
    const secrets = JSON.parse(await readFile(file, "utf8")) as Partial<PlatformSecrets> | null;
    if (!secrets || !isSecret(secrets.rolePassword) || !isSecret(secrets.seal) || !secrets.signingKey?.kty) {
      throw errors.LOCAL_SECRETS_INVALID({ file });
    }
    return secrets as PlatformSecrets;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return null;
    if (error instanceof SyntaxError || isErrno(error, "EACCES", "EISDIR"))
      throw errors.LOCAL_SECRETS_INVALID({ file }, error);
    throw error;
  }
}

/** The secrets of the platform, made on its first start. */
export async function ensureSecrets(dataDir: string, random: Random): Promise<PlatformSecrets> {
  const existing = await readSecrets(dataDir);
  if (existing) return existing;
  const secret = () => Buffer.from(random.bytes(32)).toString("base64url");
  const secrets = { rolePassword: secret(), seal: secret(), signingKey: await generateSigningKey() };
  await writePrivateFile(platformPaths(dataDir).secrets, stableJson(secrets));
  return secrets;
}

function isSecret(value: unknown): value is string {
  return typeof value === "string" && value.length >= 32;
}
