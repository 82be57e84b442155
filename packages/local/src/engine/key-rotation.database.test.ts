import { chmod, mkdtemp, rm } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import type { TenantId } from "@tenantry/model";
import { importSigningKey, issueToken, type RingKey } from "@tenantry/runtime";
import { expect, test, vi } from "vitest";
import { examplePlatform } from "../../test/example-platform.ts";
import { readSecrets, rotateSigningKey } from "./platform-secrets.ts";
import { localIssuerUrl, startPlatform } from "./start-platform.ts";

const ports = { clock: systemClock, random: systemRandom, onEvent: () => undefined, log: () => undefined };

function ask(port: number, path: string, token?: string): Promise<{ status: number; text: string }> {
  const headers = {
    host: "acme-corp.localhost",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const sent = get({ host: "127.0.0.1", port, path, headers }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString("utf8");
      resolve({ status: response.statusCode ?? 0, text });
    });
    sent.on("error", reject);
  });
}

const tokenBy = async (key: RingKey | undefined) =>
  issueToken(
    await importSigningKey(key?.jwk ?? {}),
    {
      kind: "tenant",
      issuer: localIssuerUrl("example"),
      platform: "example",
      tenant: "acme-corp" as TenantId,
      subject: "ada",
      role: "owner",
    },
    ports,
  );

test("a running platform takes rotated keys without a restart: with overlap refuses no token, at once ends them all", async () => {
  const scratch = await mkdtemp(join(tmpdir(), "tenantry-rotation-"));
  await chmod(scratch, 0o755);
  const dataDir = join(scratch, ".tenantry");
  try {
    await using running = await startPlatform(
      examplePlatform(),
      { dataDir, definitionDir: scratch, gatewayPort: 0, controlPort: 0, host: "127.0.0.1" },
      ports,
    );
    const port = running.state.gatewayPort;
    const status = async (token: string) => (await ask(port, "/v2/tenant", token)).status;
    const kids = async (): Promise<string[]> =>
      JSON.parse((await ask(port, "/.well-known/jwks.json")).text).keys.map(
        (key: { kid: string }) => key.kid,
      );
    const noticed = (count: number) =>
      vi.waitFor(async () => expect(await kids()).toHaveLength(count), { timeout: 15_000, interval: 100 });
    const [first] = (await readSecrets(dataDir))?.keyRing ?? [];
    const old = await tokenBy(first);
    expect(await status(old)).toBe(200);
    const rotated = await rotateSigningKey(dataDir, ports);
    await noticed(2);
    expect([await status(old), await status(await tokenBy(rotated?.[1]))]).toEqual([200, 200]);
    const [only] = (await rotateSigningKey(dataDir, ports, "at-once")) ?? [];
    await noticed(1);
    expect(await kids()).toEqual([only?.jwk.kid]);
    expect([await status(old), await status(await tokenBy(only))]).toEqual([401, 200]);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});
