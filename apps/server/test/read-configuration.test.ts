import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { generateSigningKey, ringOfOne, rotate } from "@tenantry/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfiguration, type ServerConfiguration } from "../src/configuration/read-configuration.ts";
import { variables } from "../src/configuration/variables.ts";
import { type ServerEnvironment, serverEnvironment } from "./server-environment.ts";

let place: ServerEnvironment;
beforeAll(async () => {
  place = await serverEnvironment({ host: "db.internal", port: 5433, user: "admin", password: "admin-pass" });
});
afterAll(() => place[Symbol.asyncDispose]());

type Change = Readonly<Record<string, string | undefined>>;

const read = (change: Change = {}) => readConfiguration({ ...place.env, ...change });

async function configured(change: Change = {}): Promise<ServerConfiguration> {
  const reading = await read(change);
  if (reading.kind === "configured") return reading.configuration;
  throw reading.mistakes[0];
}

/** Code and message of each mistake, and the whole text of them all. */
async function mistakes(
  change: Change,
): Promise<{ readonly told: readonly string[]; readonly text: string }> {
  const reading = await read(change);
  const found = reading.kind === "refused" ? reading.mistakes : [];
  return {
    told: found.map(({ code, message }) => `${code}: ${message}`),
    text: found.map(({ message, fix, params }) => `${message} ${fix} ${JSON.stringify(params)}`).join("\n"),
  };
}

describe("the configuration", () => {
  test("comes from variables, with standards for what is not set", async () => {
    const { runtime, database, exports, keyRingFile, logLevel, platform } = await configured({
      GATEWAY_PORT: undefined,
      CONTROL_PORT: undefined,
      LISTEN_HOST: undefined,
      DRAIN_NOTICE_MS: undefined,
      HOST_SUFFIXES: undefined,
    });
    expect(platform.name).toBe(place.name);
    expect(Object.isFrozen(platform.tenants)).toBe(true);
    expect(runtime).toMatchObject({
      gateway: { host: "0.0.0.0", port: 8080 },
      control: { host: "0.0.0.0", port: 8081 },
      hostSuffixes: ["example.com"],
      trustedProxies: 0,
      upstreams: {},
      files: { kind: "folder", path: join(place.folder, "objects", "files") },
      apiLimits: { drainNoticeMs: 5_000, drainTimeoutMs: 10_000 },
    });
    expect(runtime).not.toHaveProperty("redisUrl");
    expect(exports).toEqual({ kind: "folder", path: join(place.folder, "objects", "exports") });
    expect(database).toMatchObject({
      server: { host: "db.internal", port: 5433, tls: "off" },
      admin: { user: "admin", password: "admin-pass" },
      poolSize: 10,
    });
    expect(keyRingFile).toBe(place.env["SIGNING_KEYS_FILE"]);
    expect(logLevel).toBe("info");
  });

  test("demands TLS of the database unless that is turned off", async () => {
    expect((await configured({ DATABASE_TLS: undefined })).database.server.tls).toBe("require");
  });

  test("takes everything else that can be set", async () => {
    const { runtime, exports, database } = await configured({
      FILES_FOLDER: undefined,
      S3_BUCKET: "shop-objects",
      S3_PREFIX: "tenants/",
      S3_KMS_KEY: "arn:aws:kms:us-east-1:123456789012:key/a",
      AWS_REGION: "eu-west-1",
      UPSTREAMS: '{"app":"http://app:3000"}',
      REDIS_URL: "rediss://:pass@cache:6379",
      RATE_LIMITS: "redis",
      TRUSTED_PROXIES: "2",
      METRICS_TOKEN: "abc.def",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
      HOST_SUFFIXES: "example.com, example.org",
      DATABASE_CA: rootCertificates.slice(0, 2).join("\n"),
    });
    expect(runtime).toMatchObject({
      files: { kind: "s3", bucket: "shop-objects", region: "eu-west-1", prefix: "tenants/files/" },
      upstreams: { app: { url: "http://app:3000" } },
      redisUrl: "rediss://:pass@cache:6379",
      limitsBackend: "redis",
      trustedProxies: 2,
      metrics: { token: "abc.def" },
      tracing: { endpoint: "http://collector:4318" },
      hostSuffixes: ["example.com", "example.org"],
    });
    expect(exports).toMatchObject({ kind: "s3", prefix: "tenants/exports/", kmsKeyId: expect.any(String) });
    expect(database.certificateAuthorities).toHaveLength(2);
    expect(
      (await configured({ FILES_FOLDER: undefined, S3_BUCKET: "shop-objects" })).runtime.files,
    ).toMatchObject({ region: "us-east-1" });
  });

  test("reads the administrator as Secrets Manager keeps it, with a host of its own or without", async () => {
    const without = { DATABASE_ADMIN_USER: undefined, DATABASE_ADMIN_PASSWORD: undefined };
    const managed = JSON.stringify({ username: "root", password: "p:w" });
    expect((await configured({ ...without, DATABASE_ADMIN_SECRET: managed })).database).toMatchObject({
      server: { host: "db.internal", port: 5433 },
      admin: { user: "root", password: "p:w" },
    });
    const whole = JSON.stringify({
      engine: "postgres",
      username: "root",
      password: "p",
      host: "h",
      port: 6000,
    });
    const own = {
      ...without,
      DATABASE_HOST: undefined,
      DATABASE_PORT: undefined,
      DATABASE_ADMIN_SECRET: whole,
    };
    expect((await configured(own)).database.server).toEqual({ host: "h", port: 6000, tls: "off" });
  });

  test("reads signing keys as a key, as a set whose first key signs, and as a ring", async () => {
    const [one, two] = [await generateSigningKey(), await generateSigningKey("EdDSA")];
    const keysOf = async (value: unknown) => {
      const change = { SIGNING_KEYS_FILE: undefined, SIGNING_KEYS: JSON.stringify(value) };
      const { runtime, keyRingFile } = await configured(change);
      expect(keyRingFile).toBeNull();
      return "keyRing" in runtime.issuer ? runtime.issuer.keyRing : [];
    };
    expect(await keysOf(one)).toEqual(ringOfOne(one));
    const ring = rotate(ringOfOne(one), two, Date.parse("2026-01-01T00:00:00Z"));
    expect(await keysOf(ring)).toEqual(ring);
    const { signingKeyAt } = await import("@tenantry/runtime");
    const set = await keysOf({ keys: [two, one] });
    expect(set).toHaveLength(2);
    expect(signingKeyAt(set, Date.parse("2026-01-01T00:00:00Z")).jwk.kid).toBe(two.kid);
  });
});

describe("a wrong configuration", () => {
  test("is refused with everything that is missing", async () => {
    const { told } = { told: (await emptyMistakes()).map(({ code, message }) => `${code}: ${message}`) };
    expect(told).toEqual([
      "SERVER_FILE_UNREADABLE: the file platform.json, which PLATFORM_FILE names, cannot be read: ENOENT",
      "SERVER_VARIABLE_MISSING: DATABASE_HOST is not set",
      "SERVER_VARIABLE_MISSING: DATABASE_ADMIN_USER is not set",
      "SERVER_VARIABLE_MISSING: DATABASE_ADMIN_PASSWORD is not set",
      "SERVER_VARIABLE_MISSING: ROLE_PASSWORD_SECRET is not set",
      "SERVER_VARIABLE_MISSING: SEAL_SECRET is not set",
      "SERVER_VARIABLE_MISSING: SIGNING_KEYS is not set",
      "SERVER_VARIABLE_MISSING: ISSUER_URL is not set",
    ]);
  });

  const emptyMistakes = async () => {
    const reading = await readConfiguration({});
    return reading.kind === "refused" ? reading.mistakes : [];
  };

  test.each<readonly [Change, string]>([
    [{ GATEWAY_PORT: "80800" }, 'SERVER_VARIABLE_INVALID: GATEWAY_PORT holds "80800"'],
    [{ GATEWAY_PORT: "9000", CONTROL_PORT: "9000" }, "SERVER_VARIABLE_INVALID: CONTROL_PORT holds 9000"],
    [{ LISTEN_HOST: "everywhere" }, 'SERVER_VARIABLE_INVALID: LISTEN_HOST holds "everywhere"'],
    [
      { ISSUER_URL: "http://auth.example.com" },
      'SERVER_VARIABLE_INVALID: ISSUER_URL holds "http://auth.example.com"',
    ],
    [
      { ISSUER_URL: "https://auth.example.com/" },
      'SERVER_VARIABLE_INVALID: ISSUER_URL holds "https://auth.example.com/"',
    ],
    [{ HOST_SUFFIXES: "example.com,.bad" }, 'SERVER_VARIABLE_INVALID: HOST_SUFFIXES holds ".bad"'],
    [{ UPSTREAMS: '{"nobody":"http://a:1"}' }, 'SERVER_VARIABLE_INVALID: UPSTREAMS holds "nobody"'],
    [
      { UPSTREAMS: '{"app":"http://a:1/path"}' },
      String.raw`SERVER_VARIABLE_INVALID: UPSTREAMS holds "{\"app\":\"http://a:1/path\"}"`,
    ],
    [{ UPSTREAMS: "app" }, "SERVER_VARIABLE_INVALID: UPSTREAMS holds no JSON"],
    [{ DATABASE_HOST: "db:5432" }, 'SERVER_VARIABLE_INVALID: DATABASE_HOST holds "db:5432"'],
    [{ DATABASE_TLS: "prefer" }, 'SERVER_VARIABLE_INVALID: DATABASE_TLS holds "prefer"'],
    [{ DATABASE_CA: "none" }, "SERVER_VARIABLE_INVALID: DATABASE_CA holds no certificate"],
    [{ RATE_LIMITS: "redis" }, "SERVER_VARIABLE_MISSING: REDIS_URL is not set"],
    [
      { S3_BUCKET: "shop" },
      "SERVER_VARIABLES_CONFLICT: S3_BUCKET and FILES_FOLDER are set, and say the same thing twice",
    ],
    [
      { DATABASE_ADMIN_SECRET: '{"username":"a","password":"b"}' },
      "SERVER_VARIABLES_CONFLICT: DATABASE_ADMIN_SECRET and DATABASE_ADMIN_USER are set, and say the same thing twice",
    ],
    [
      { SIGNING_KEYS: "{}" },
      "SERVER_VARIABLES_CONFLICT: SIGNING_KEYS and SIGNING_KEYS_FILE are set, and say the same thing twice",
    ],
    [
      { SEAL_SECRET_FILE: "/nowhere", SEAL_SECRET: undefined },
      "SERVER_FILE_UNREADABLE: the file /nowhere, which SEAL_SECRET_FILE names, cannot be read: ENOENT",
    ],
    [{ DRAIN_TIMEOUT_MS: "1.5" }, 'SERVER_VARIABLE_INVALID: DRAIN_TIMEOUT_MS holds "1.5"'],
  ])("with %j is refused", async (change, expected) => {
    expect((await mistakes(change)).told).toContain(expected);
  });

  const hidden = "hunter2-hunter2";
  test.each<Change>([
    { SEAL_SECRET: hidden },
    { ROLE_PASSWORD_SECRET: hidden },
    { METRICS_TOKEN: `${hidden} with a space` },
    { REDIS_URL: `http://:${hidden}@cache` },
    { REDIS_URL: `${hidden}` },
    { OTEL_EXPORTER_OTLP_ENDPOINT: `https://me:${hidden}@collector` },
    { OTEL_EXPORTER_OTLP_ENDPOINT: `htp://me:${hidden}@collector` },
    { ISSUER_URL: `https://me:${hidden}@auth.example.com` },
    { DATABASE_ADMIN_SECRET: `{"username":"a","password":"${hidden}"` },
    { DATABASE_ADMIN_SECRET: `{"user":"a","password":"${hidden}"}` },
    { SIGNING_KEYS_FILE: undefined, SIGNING_KEYS: `{"kty":"EC","crv":"P-256","kid":"a","d":"${hidden}"}` },
    { SIGNING_KEYS_FILE: undefined, SIGNING_KEYS: `{"keys":[{"kty":"oct","k":"${hidden}"}]}` },
    { SIGNING_KEYS_FILE: undefined, SIGNING_KEYS: `"${hidden}` },
  ])("with %j is refused without telling the secret", async (change) => {
    const { told, text } = await mistakes(change);
    expect(told.length).toBeGreaterThan(0);
    expect(text).not.toContain(hidden);
  });

  test("with a secret in a file names the file and not the secret", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tenantry-secret-"));
    try {
      const path = join(folder, "seal");
      await writeFile(path, `${hidden}\n`);
      const { told } = await mistakes({ SEAL_SECRET: undefined, SEAL_SECRET_FILE: path });
      expect(told).toEqual([
        `SERVER_VARIABLE_INVALID: SEAL_SECRET_FILE holds only ${hidden.length} characters in ${path}`,
      ]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test.each([
    ["{", "is not a resolved platform"],
    ["[]", "expected object"],
    ['{"kind":"definition"}', "kind: "],
    ['{"kind":"platform","name":"a"}', "environment: "],
  ])("with %j for a platform is refused", async (text, expected) => {
    const path = join(place.folder, "other-platform.json");
    await writeFile(path, text);
    const { told } = await mistakes({ PLATFORM_FILE: path });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^SERVER_PLATFORM_INVALID: /);
    expect(told[0]).toContain(expected);
  });
});

test("the guide says of every variable what the program does", async () => {
  const guide = await readFile(join(import.meta.dirname, "../../../docs/guides/images.md"), "utf8");
  const rows = Object.entries(variables).map(([name, { what, standard, file }]) => {
    const shown = standard === "" ? "empty" : standard === undefined ? "" : `\`${standard}\``;
    const row = `| \`${name}\` | ${what} | ${shown} | ${file === true ? "yes" : ""} |`;
    return row.replaceAll(/\| +(?=\|)/g, "| ");
  });
  const told = guide.split("\n").filter((line) => /^\| `[A-Z0-9_]+` \|/.test(line));
  expect(told).toEqual(rows);
});
