import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { definePlatform, emptyLock, postgres, resolve, service, tier } from "@tenantry/model";
import { generateSigningKey, type RingKey } from "@tenantry/runtime";
import type { DatabaseServer } from "../../../test/database-server.ts";

export const issuer = "https://auth.example.com";

/** A platform of its own on the tests' database, and the variables with which the server serves it. */
export interface ServerEnvironment extends AsyncDisposable {
  readonly folder: string;
  readonly name: string;
  readonly signingKey: RingKey["jwk"];
  readonly env: Readonly<Record<string, string>>;
}

export async function serverEnvironment(database: DatabaseServer): Promise<ServerEnvironment> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-server-"));
  await chmod(folder, 0o755);
  const name = `srv-${randomBytes(5).toString("hex")}`;
  const platformFile = join(folder, "platform.json");
  await writeFile(platformFile, JSON.stringify(examplePlatform(name)));
  const signingKey = await generateSigningKey();
  const keysFile = join(folder, "keys.json");
  await writeFile(keysFile, JSON.stringify({ keys: [signingKey] }));
  return {
    folder,
    name,
    signingKey,
    env: {
      PLATFORM_FILE: platformFile,
      ISSUER_URL: issuer,
      SIGNING_KEYS_FILE: keysFile,
      ROLE_PASSWORD_SECRET: randomBytes(24).toString("hex"),
      SEAL_SECRET: randomBytes(24).toString("hex"),
      DATABASE_HOST: database.host,
      DATABASE_PORT: String(database.port),
      DATABASE_ADMIN_USER: database.user,
      DATABASE_ADMIN_PASSWORD: database.password,
      DATABASE_TLS: "off",
      LISTEN_HOST: "127.0.0.1",
      GATEWAY_PORT: "0",
      CONTROL_PORT: "0",
      HOST_SUFFIXES: "example.com",
      FILES_FOLDER: join(folder, "objects"),
      DRAIN_NOTICE_MS: "0",
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function examplePlatform(name: string) {
  const definition = definePlatform({
    name,
    domain: "example.com",
    services: { app: service({ image: "app:1", route: "/" }) },
    stores: { main: postgres({ database: "main" }) },
    tiers: {
      pool: tier({ limits: { requestsPerMinute: 1_000_000 } }),
      silo: tier({ stores: { main: "silo" }, limits: { requestsPerMinute: 1_000_000 } }),
    },
    defaultTier: "pool",
    tenants: { "acme-corp": "pool", "globex-inc": "silo" },
    environments: { production: { region: "us-east-1" } },
  });
  return resolve(definition, "production", { lock: emptyLock });
}
