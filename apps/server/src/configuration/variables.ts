/** What is known of one variable before it is read. */
interface Variable {
  /** What it is for, for the guide and for whoever left it out. */
  readonly what: string;
  /** The value where it is not set; without one it is either required or left out. */
  readonly standard?: string;
  /** Its value is never shown. */
  readonly secret?: true;
  /** It can also come from a file, which the variable with `_FILE` behind its name points to. */
  readonly file?: true;
}

const table = {
  PLATFORM_FILE: {
    what: "the path of the resolved platform, as `tenantry synth` writes it",
    standard: "platform.json",
  },
  ISSUER_URL: { what: "the `iss` of the platform's tokens, such as https://auth.example.com" },
  SIGNING_KEYS: {
    what: "the private keys that sign tokens: a JWK, a JWK set whose first key signs, or a key ring",
    secret: true,
    file: true,
  },
  ROLE_PASSWORD_SECRET: {
    what: "32 characters or more, from which the passwords of the database's roles are derived",
    secret: true,
    file: true,
  },
  SEAL_SECRET: {
    what: "32 characters or more, from which the seals of tenants are derived",
    secret: true,
    file: true,
  },
  DATABASE_HOST: { what: "the host of PostgreSQL; DATABASE_ADMIN_SECRET may have it instead" },
  DATABASE_PORT: { what: "its port, 5432 where nobody says otherwise" },
  DATABASE_ADMIN_USER: { what: "who may create roles and databases" },
  DATABASE_ADMIN_PASSWORD: { what: "that user's password", secret: true, file: true },
  DATABASE_ADMIN_SECRET: {
    what: "both as Secrets Manager keeps them for RDS: JSON with username, password and perhaps host and port",
    secret: true,
    file: true,
  },
  DATABASE_TLS: { what: "require or off", standard: "require" },
  DATABASE_CA: { what: "certificates, as PEM, that the database's is verified with as well", file: true },
  DATABASE_POOL_SIZE: { what: "sessions with the shared database, 1 to 500", standard: "10" },
  LISTEN_HOST: { what: "the address of both listeners", standard: "0.0.0.0" },
  GATEWAY_PORT: { what: "where tenants come in", standard: "8080" },
  CONTROL_PORT: { what: "where operators and Prometheus come in", standard: "8081" },
  HOST_SUFFIXES: {
    what: "what follows the tenant in host names, separated by commas; the platform's domain unless set",
  },
  UPSTREAMS: { what: "where the platform's own services are: JSON with a URL for each name", standard: "{}" },
  TRUSTED_PROXIES: { what: "how many proxies in front append to X-Forwarded-For, 0 to 10", standard: "0" },
  REDIS_URL: { what: "a Redis in which all processes count together", secret: true, file: true },
  RATE_LIMITS: { what: "where requests are counted: memory, redis or postgres" },
  S3_BUCKET: { what: "the bucket of files and exports" },
  S3_REGION: { what: "its region; that of the task, else that of the platform, unless set" },
  S3_PREFIX: { what: "what comes before `files/` and `exports/` in its keys", standard: "" },
  S3_KMS_KEY: { what: "the key of AWS KMS that encrypts them" },
  S3_ENDPOINT: { what: "another server that speaks S3" },
  FILES_FOLDER: { what: "a folder for files and exports instead of a bucket, such as a volume of EFS" },
  OTEL_EXPORTER_OTLP_ENDPOINT: { what: "the base URL of an OTLP/HTTP receiver of traces" },
  METRICS_TOKEN: { what: "what a scraper of /metrics must show", secret: true, file: true },
  LOG_LEVEL: { what: "debug, info, warn or error", standard: "info" },
  DRAIN_NOTICE_MS: {
    what: "how long the server says that it is not ready before it refuses connections, 0 to 60000",
    standard: "5000",
  },
  DRAIN_TIMEOUT_MS: { what: "how long requests in flight may take then, 0 to 110000", standard: "10000" },
} as const satisfies Readonly<Record<string, Variable>>;

export type VariableName = keyof typeof table;

/** Every variable that the server reads, in the order of the guide. */
export const variables: Readonly<Record<VariableName, Variable>> = table;
