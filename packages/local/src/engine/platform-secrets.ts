import { readFile } from "node:fs/promises";
import { type Clock, type Random, stableJson } from "@tenantry/base";
import { generateSigningKey, type RingKey, ringOfOne, rotate, rotateAtOnce } from "@tenantry/runtime";
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
  /** Sign and verify access tokens. */
  readonly keyRing: readonly RingKey[];
}

/** As earlier releases kept them: with one key. */
interface EarlierSecrets {
  readonly signingKey?: RingKey["jwk"];
}

/** The secrets of the platform; null before its first start. @throws LOCAL_SECRETS_INVALID */
export async function readSecrets(dataDir: string): Promise<PlatformSecrets | null> {
  const file = platformPaths(dataDir).secrets;
  try {
    const read = JSON.parse(await readFile(file, "utf8")) as
      | (Partial<PlatformSecrets> & EarlierSecrets)
      | null;
    const { rolePassword, seal, signingKey } = read ?? {};
    const keyRing = read?.keyRing ?? (signingKey?.kty === undefined ? [] : ringOfOne(signingKey));
    if (!isSecret(rolePassword) || !isSecret(seal) || !isKeyRing(keyRing)) {
      throw errors.LOCAL_SECRETS_INVALID({ file });
    }
    return { rolePassword, seal, keyRing };
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
  const secrets = { rolePassword: secret(), seal: secret(), keyRing: ringOfOne(await generateSigningKey()) };
  await writeSecrets(dataDir, secrets);
  return secrets;
}

/**
 * Has another key sign access tokens, without a restart and without refusing a token: it is
 * published first, and signs a few minutes later. `at-once` is for a key that became known to
 * somebody else: every token that there is ends now.
 *
 * @returns the key ring as it is from now on; null before the first start of the platform
 * @throws LOCAL_SECRETS_INVALID
 */
export async function rotateSigningKey(
  dataDir: string,
  { clock }: { readonly clock: Clock },
  how: "with-overlap" | "at-once" = "with-overlap",
): Promise<readonly RingKey[] | null> {
  const secrets = await readSecrets(dataDir);
  if (secrets === null) return null;
  const key = await generateSigningKey();
  const nowMs = clock.nowMs();
  const keyRing = how === "at-once" ? rotateAtOnce(key, nowMs) : rotate(secrets.keyRing, key, nowMs);
  await writeSecrets(dataDir, { ...secrets, keyRing });
  return keyRing;
}

async function writeSecrets(dataDir: string, secrets: PlatformSecrets): Promise<void> {
  await writePrivateFile(platformPaths(dataDir).secrets, stableJson(secrets));
}

function isSecret(value: unknown): value is string {
  return typeof value === "string" && value.length >= 32;
}

/** Whether it looks like one; the runtime says what is wrong with its keys. */
function isKeyRing(value: unknown): value is readonly RingKey[] {
  return Array.isArray(value) && value.length > 0 && value.every((key) => key?.jwk?.kty !== undefined);
}
