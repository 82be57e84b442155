import { assert, type CodedError } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import {
  type ApiLimits,
  defaultApiLimits,
  type FilesConfig,
  isHostSuffix,
  type LogLevel,
  type RingKey,
  type RuntimeConfig,
} from "@tenantry/runtime";
import { type DatabaseAddress, readDatabase } from "./read-database.ts";
import { readObjects } from "./read-objects.ts";
import { readPlatform } from "./read-platform.ts";
import {
  bearerToken,
  endpoint,
  ipAddress,
  issuerUrl,
  json,
  list,
  oneOf,
  port,
  redisUrl,
  text,
  whole,
} from "./parsers.ts";
import { mistakeInSigningKeys, parseSigningKeys } from "./signing-keys.ts";
import { type Environment, Unfit, VariableReader } from "./variable-reader.ts";

/** Everything that the server is told from outside. */
export interface ServerConfiguration {
  readonly platform: Platform;
  readonly database: DatabaseAddress;
  readonly keyRing: readonly RingKey[];
  /** Looked at again and again, so that keys rotate without a restart; null where they came from a variable. */
  readonly keyRingFile: string | null;
  readonly exports: FilesConfig | null;
  readonly logLevel: LogLevel;
  readonly runtime: RuntimeConfig;
}

export type ConfigurationReading =
  | { readonly kind: "configured"; readonly configuration: ServerConfiguration }
  | {
      readonly kind: "refused";
      readonly mistakes: readonly [CodedError, ...CodedError[]];
      readonly logLevel: LogLevel;
    };

/** The only place that knows the environment. Reads everything, and tells every mistake in it. */
export async function readConfiguration(env: Environment): Promise<ConfigurationReading> {
  const reader = new VariableReader(env);
  const logLevel = reader.optional("LOG_LEVEL", oneOf(["debug", "info", "warn", "error"])) ?? "info";
  const platformFile = reader.optional("PLATFORM_FILE", text);
  const platform = platformFile === undefined ? undefined : readPlatform(reader, platformFile);
  const database = readDatabase(reader);
  const keyRing = reader.required("SIGNING_KEYS", parseSigningKeys);
  if (keyRing !== undefined) {
    const mistake = await mistakeInSigningKeys(keyRing);
    if (mistake !== null) reader.refuse("SIGNING_KEYS", mistake.expected, mistake.found);
  }
  const issuer = reader.required("ISSUER_URL", issuerUrl);
  const objects = readObjects(reader, env["AWS_REGION"] ?? platform?.region);
  const listeners = readListeners(reader);
  const hostSuffixes = reader.optional("HOST_SUFFIXES", parseHostSuffixes);
  const upstreams = reader.optional("UPSTREAMS", (value) => parseUpstreams(value, platform));
  const rest = readOptionalParts(reader);
  const apiLimits = readDraining(reader);
  const [first, ...others] = reader.mistakes;
  if (first !== undefined) return { kind: "refused", mistakes: [first, ...others], logLevel };
  assert(platform && database && keyRing && issuer && listeners && upstreams, "what is required is there");
  return {
    kind: "configured",
    configuration: {
      platform,
      database,
      keyRing,
      keyRingFile: reader.fileOf("SIGNING_KEYS"),
      exports: objects?.exports ?? null,
      logLevel,
      runtime: {
        platform,
        ...listeners,
        hostSuffixes: hostSuffixes ?? [platform.domain],
        issuer: { url: issuer, keyRing },
        upstreams,
        ...(objects === null ? {} : { files: objects.files }),
        ...rest,
        apiLimits,
      },
    },
  };
}

type Listeners = Pick<RuntimeConfig, "gateway" | "control">;

function readListeners(reader: VariableReader): Listeners | undefined {
  const host = reader.optional("LISTEN_HOST", ipAddress);
  const gatewayPort = reader.optional("GATEWAY_PORT", port);
  const controlPort = reader.optional("CONTROL_PORT", port);
  if (host === undefined || gatewayPort === undefined || controlPort === undefined) return undefined;
  if (gatewayPort === controlPort && gatewayPort !== 0)
    reader.refuse("CONTROL_PORT", "another port than GATEWAY_PORT", String(controlPort));
  return { gateway: { host, port: gatewayPort }, control: { host, port: controlPort } };
}

function parseHostSuffixes(value: string): readonly string[] {
  const suffixes = list(value);
  const wrong = suffixes.find((suffix) => !isHostSuffix(suffix));
  const expected =
    "suffixes such as example.com, separated by commas, in ASCII, without a dot before or after";
  if (suffixes.length === 0) throw new Unfit(expected);
  if (wrong !== undefined) throw new Unfit(expected, JSON.stringify(wrong));
  return suffixes;
}

function parseUpstreams(value: string, platform: Platform | undefined): RuntimeConfig["upstreams"] {
  const expected = 'JSON with the URL of each service, such as {"app":"http://app:3000"}';
  const parsed = json(value, expected);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new Unfit(expected);
  const upstreams = Object.entries(parsed).map(([name, url]) => {
    const known = platform === undefined ? [] : Object.keys(platform.services);
    if (platform !== undefined && !known.includes(name)) {
      const choices = known.length === 0 ? "an empty object: the platform has no services" : known.join(", ");
      throw new Unfit(`JSON with names of services of the platform (${choices})`, JSON.stringify(name));
    }
    const isUrl = typeof url === "string" && URL.canParse(url);
    const { protocol, pathname, username } = new URL(isUrl ? url : "x:");
    if (protocol !== "http:" || pathname !== "/" || username !== "")
      throw new Unfit(`an http URL without a path for ${name}, such as http://${name}:3000`);
    return [name, { url: String(url) }] as const;
  });
  return Object.fromEntries(upstreams);
}

type OptionalParts = Pick<
  RuntimeConfig,
  "redisUrl" | "limitsBackend" | "trustedProxies" | "metrics" | "tracing"
>;

function readOptionalParts(reader: VariableReader): OptionalParts {
  const redis = reader.optional("REDIS_URL", redisUrl);
  const backend = reader.optional("RATE_LIMITS", oneOf(["memory", "redis", "postgres"]));
  if (backend === "redis" && !reader.isSet("REDIS_URL")) reader.miss("REDIS_URL");
  const trustedProxies = reader.optional("TRUSTED_PROXIES", whole(0, 10));
  const token = reader.optional("METRICS_TOKEN", bearerToken);
  const traces = reader.optional("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
  return {
    ...(redis === undefined ? {} : { redisUrl: redis }),
    ...(backend === undefined ? {} : { limitsBackend: backend }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(token === undefined ? {} : { metrics: { token } }),
    ...(traces === undefined ? {} : { tracing: { endpoint: traces } }),
  };
}

function readDraining(reader: VariableReader): Pick<ApiLimits, "drainNoticeMs" | "drainTimeoutMs"> {
  const { drainNoticeMs, drainTimeoutMs } = defaultApiLimits;
  return {
    drainNoticeMs: reader.optional("DRAIN_NOTICE_MS", whole(0, 60_000)) ?? drainNoticeMs,
    drainTimeoutMs: reader.optional("DRAIN_TIMEOUT_MS", whole(0, 110_000)) ?? drainTimeoutMs,
  };
}
