import { defineErrors } from "@tenantry/base";

/** Every expected failure of the runtime. */
export const errors = defineErrors({
  RUNTIME_DATABASE_UNAVAILABLE: {
    message: ({ host, port, reason }: { host: string; port: number; reason: string }) =>
      `the database at ${host}:${port} cannot be reached: ${reason}`,
    fix: () => "start the database, or correct its address, then try again",
    retriable: true,
  },
  RUNTIME_DATABASE_CREDENTIALS: {
    message: ({ user, host, port }: { user: string; host: string; port: number }) =>
      `the database at ${host}:${port} refuses the user ${user}`,
    fix: () => "give the password of that user, or bootstrap the database again with the current secrets",
    retriable: false,
  },
  RUNTIME_DATABASE_VERSION: {
    message: ({ version }: { version: string }) => `PostgreSQL ${version} is too old`,
    fix: () => "use PostgreSQL 15 or later",
    retriable: false,
  },
  RUNTIME_DATABASE_RIGHTS: {
    message: ({ user, host, port }: { user: string; host: string; port: number }) =>
      `the user ${user} of the database at ${host}:${port} may not create roles and databases`,
    fix: ({ user }) =>
      `grant ${user} CREATEROLE and CREATEDB, or give the credentials of a user that has both`,
    retriable: false,
  },
  RUNTIME_DATABASE_FOREIGN: {
    message: ({ database }: { database: string }) =>
      `the database ${database} exists and was not made by this platform`,
    fix: () => "rename the platform or the database, or use another server",
    retriable: false,
  },
  RUNTIME_DATABASE_UNSAFE: {
    message: ({ database, findings }: { database: string; findings: readonly string[] }) =>
      `the database ${database} does not isolate tenants: ${findings.join("; ")}`,
    fix: () => "undo the named changes, or run the bootstrap again, which repairs roles and grants",
    retriable: false,
  },
  RUNTIME_PLATFORM_NAME: {
    message: ({ name }: { name: string }) =>
      `the platform name ${JSON.stringify(name)} cannot name a database`,
    fix: () => "use up to 24 lower-case letters, digits and hyphens, the first a letter",
    retriable: false,
  },
  RUNTIME_MIGRATION_CHANGED: {
    message: ({ target, version, name }: { target: string; version: number; name: string }) =>
      `migration ${version} (${name}) of ${target} was applied in another form than the one in this release`,
    fix: () => "restore the migration as it was and write the change as a new migration",
    retriable: false,
  },
  RUNTIME_MIGRATION_AHEAD: {
    message: ({ target, version, known }: { target: string; version: number; known: number }) =>
      `${target} is at migration ${version}, this release knows only ${known}`,
    fix: () => "run a release that is at least as new as the database",
    retriable: false,
  },
  RUNTIME_MIGRATION_FAILED: {
    message: ({ target, version, reason }: { target: string; version: number; reason: string }) =>
      `migration ${version} of ${target} failed: ${reason}`,
    fix: () => "correct the cause and migrate again; what was done before it stays done",
    retriable: true,
  },
  RUNTIME_TENANT_ID: {
    message: ({ id }: { id: string }) => `${JSON.stringify(id)} is not a tenant id`,
    fix: () =>
      "use 3 to 32 lower-case letters and digits in words joined by single hyphens, the first a letter",
    retriable: false,
  },
  RUNTIME_TENANT_DIFFERS: {
    message: ({ id, property, has, wanted }: { id: string; property: string; has: string; wanted: string }) =>
      `tenant ${id} exists with ${property} ${has}, not ${wanted}`,
    fix: ({ property }) => `ask for the tenant with its ${property}, or move the tenant`,
    retriable: false,
  },
  RUNTIME_SLOT_TAKEN: {
    message: ({ cell, slot, id }: { cell: number; slot: number; id: string }) =>
      `slot ${slot} of cell ${cell} is taken, so tenant ${id} cannot be placed there`,
    fix: () => "place the tenant elsewhere, or leave the placement out to get the lowest free slot",
    retriable: false,
  },
  RUNTIME_TENANT_NOT_ACTIVE: {
    message: ({ id, status }: { id: string; status: string }) => `tenant ${id} is ${status}`,
    fix: () => "onboard the tenant again: it continues where it stopped",
    retriable: true,
  },
  RUNTIME_STORE_ABORTED: {
    message: ({ tenant }: { tenant: string }) => `the query of tenant ${tenant} was given up`,
    fix: () => "send the request again if the answer is still wanted",
    retriable: true,
  },
  RUNTIME_STORE_BUSY: {
    message: ({ tenant, waitedMs }: { tenant: string; waitedMs: number }) =>
      `no database connection became free for tenant ${tenant} within ${waitedMs} ms`,
    fix: () => "try again later, or raise the size of the pool",
    retriable: true,
  },
  RUNTIME_STORE_CLOSED: {
    message: ({ tenant }: { tenant: string }) => `the store is closed for tenant ${tenant}`,
    fix: () => "stop sending requests before closing the store",
    retriable: false,
  },
  RUNTIME_STORE_CONFLICT: {
    message: ({ tenant, sqlState }: { tenant: string; sqlState: string }) =>
      `the transaction of tenant ${tenant} met another one (${sqlState})`,
    fix: () => "run the transaction again",
    retriable: true,
  },
  RUNTIME_STORE_CONSTRAINT: {
    message: ({ tenant, constraint }: { tenant: string; constraint: string }) =>
      `the rows of tenant ${tenant} break the constraint ${constraint}`,
    fix: () => "send values that satisfy the constraint",
    retriable: false,
  },
  RUNTIME_STORE_DUPLICATE: {
    message: ({ tenant, constraint }: { tenant: string; constraint: string }) =>
      `tenant ${tenant} has a row with this key already (${constraint})`,
    fix: () => "use another key, or replace the row",
    retriable: false,
  },
  RUNTIME_STORE_ENDED: {
    message: ({ tenant }: { tenant: string }) => `the transaction of tenant ${tenant} has ended`,
    fix: () => "call execute only inside the function that was given to the store, and await it there",
    retriable: false,
  },
  RUNTIME_STORE_FAILED: {
    message: ({ tenant, sqlState }: { tenant: string; sqlState: string }) =>
      `the database refuses a query of tenant ${tenant} (${sqlState})`,
    fix: () => "correct the query; the cause says what the database answered",
    retriable: false,
  },
  RUNTIME_STORE_LOST: {
    message: ({ tenant }: { tenant: string }) => `the database connection of tenant ${tenant} was lost`,
    fix: () => "try again; a write may or may not have been kept",
    retriable: true,
  },
  RUNTIME_STORE_REFUSED: {
    message: ({ tenant }: { tenant: string }) => `the database does not permit a query of tenant ${tenant}`,
    fix: () => "write only the tenant's own rows, through tables that the tenant has",
    retriable: false,
  },
  RUNTIME_STORE_STATEMENT: {
    message: ({ tenant, statement }: { tenant: string; statement: string }) =>
      `a statement of kind ${statement} does not pass through the store of tenant ${tenant}`,
    fix: () => "build a select, insert, update, delete or merge with the query builder",
    retriable: false,
  },
  RUNTIME_STORE_TIMEOUT: {
    message: ({ tenant }: { tenant: string }) => `a query of tenant ${tenant} took too long`,
    fix: () => "ask for less, or add an index that begins with tenant_id",
    retriable: true,
  },
  // The listeners.
  RUNTIME_PORT_TAKEN: {
    message: ({ listener, host, port }: { listener: string; host: string; port: number }) =>
      `the ${listener} cannot listen on ${host}:${port}, which is taken by another program`,
    fix: ({ port }) => `stop the program that listens on port ${port}, or configure another port`,
    retriable: true,
  },
  RUNTIME_LISTEN_REFUSED: {
    message: ({
      listener,
      host,
      port,
      reason,
    }: {
      listener: string;
      host: string;
      port: number;
      reason: string;
    }) => `the ${listener} cannot listen on ${host}:${port}: ${reason}`,
    fix: () => "configure an address of this machine and a port that this user may open, such as 8080",
    retriable: false,
  },
  RUNTIME_HOST_SUFFIX: {
    message: ({ suffix }: { suffix: string }) =>
      `${JSON.stringify(suffix)} cannot end the host names of tenants`,
    fix: () => 'give at least one suffix such as "example.com", in ASCII, without a dot before or after it',
    retriable: false,
  },
  RUNTIME_SERVICE_URL: {
    message: ({ service, url }: { service: string; url: string }) =>
      `${JSON.stringify(url)} is not where the service ${service} can be reached`,
    fix: () => "give an http URL without a path, such as http://127.0.0.1:3000",
    retriable: false,
  },
  RUNTIME_SERVICE_ROUTE: {
    message: ({ service, route }: { service: string; route: string }) =>
      `the service ${service} cannot have the route ${route}`,
    fix: () =>
      "give each service a path of its own that is not under /v1, /v2, /control, /health or /.well-known",
    retriable: false,
  },
  RUNTIME_REDIS_URL: {
    message: ({ scheme }: { scheme: string }) => `the address of Redis begins with ${JSON.stringify(scheme)}`,
    fix: () => "give REDIS_URL as redis://host:6379, or rediss://host:6379 for TLS",
    retriable: false,
  },
  RUNTIME_METRICS_TOKEN: {
    message: () => "the token of the metrics has characters that a bearer token cannot have",
    fix: () => "give letters, digits and -._~+/=, such as 32 random bytes in hexadecimal",
    retriable: false,
  },
  RUNTIME_TRACING_ENDPOINT: {
    message: ({ scheme }: { scheme: string }) =>
      `the address of the receiver of traces begins with ${JSON.stringify(scheme)}`,
    fix: () => "give OTEL_EXPORTER_OTLP_ENDPOINT as http://host:4318, or https://host:4318 for TLS",
    retriable: false,
  },
  RUNTIME_TRACING_SAMPLE: {
    message: ({ percent }: { percent: number }) => `${percent} is not a share of requests in percent`,
    fix: () => "give a number from 0, for none, to 100, for all",
    retriable: false,
  },
  RUNTIME_SIGNING_KEY_INVALID: {
    message: ({ reason }: { reason: string }) => `the signing key cannot be used: ${reason}`,
    fix: () => "give a private ES256 or EdDSA key as a JWK with a kid, or generate one",
    retriable: false,
  },
  RUNTIME_KEY_RING_INVALID: {
    message: ({ reason }: { reason: string }) => `the signing keys cannot be used together: ${reason}`,
    fix: () => "give the keys as a rotation leaves them: different kids, and one without an end",
    retriable: false,
  },
  RUNTIME_EXTERNAL_ISSUER: {
    message: ({ issuer, reason }: { issuer: string; reason: string }) =>
      `tokens of the issuer ${JSON.stringify(issuer)} cannot be verified: ${reason}`,
    fix: () =>
      "give each issuer once, with its https URL, audience, tenant claim, role, and algorithms with a public key",
    retriable: false,
  },
  RUNTIME_OBJECTS_UNAVAILABLE: {
    message: ({ tenant, reason }: { tenant: string; reason: string }) =>
      `the store of files does not answer for tenant ${tenant}: ${reason}`,
    fix: () => "look at the folder or the bucket of the files: its space, its permissions, its network",
    retriable: true,
  },
  RUNTIME_OBJECT_MISSING: {
    message: ({ tenant, file }: { tenant: string; file: string }) =>
      `the content of file ${file} of tenant ${tenant} is gone`,
    fix: () => "restore the folder or the bucket of the files from a backup",
    retriable: false,
  },
  // Operations on tenants.
  RUNTIME_TENANT_BUSY: {
    message: ({ id, operation }: { id: string; operation: string }) =>
      `the operation ${operation} works on tenant ${id}`,
    fix: ({ operation }) => `wait until it has ended, or cancel ${operation} if it can be taken back`,
    retriable: true,
  },
  RUNTIME_TENANT_STATUS: {
    message: ({ id, status, kind }: { id: string; status: string; kind: string }) =>
      `tenant ${id} is ${status}, which allows no ${kind}`,
    fix: () => "look at the tenant and its latest operation, and finish or cancel that first",
    retriable: false,
  },
  RUNTIME_OPERATIONS_OPEN: {
    message: () => "operations on tenants are open in this process already",
    fix: () => "close them before they are opened again, or use those that are open",
    retriable: false,
  },
  RUNTIME_OPERATION_CANCELLED: {
    message: ({ id }: { id: string }) => `the operation ${id} was cancelled`,
    fix: () => "ask for it again if it is still wanted",
    retriable: false,
  },
  RUNTIME_STEP_FAILED: {
    message: ({ step, reason }: { step: string; reason: string }) => `the step ${step} failed: ${reason}`,
    fix: () => "look at the log for the whole error, correct its cause, and ask for the operation again",
    retriable: false,
  },
  RUNTIME_PROBE_FAILED: {
    message: ({ tenant }: { tenant: string }) => `what tenant ${tenant} writes cannot be read back by it`,
    fix: () => "look at the policies and rights of the tenant's tables, and run the bootstrap again",
    retriable: false,
  },
  RUNTIME_FENCE_BLOCKED: {
    message: ({ tenant, table, waitedMs }: { tenant: string; table: string; waitedMs: number }) =>
      `writes of tenant ${tenant} to ${table} could not be stopped within ${waitedMs} ms, because transactions hold the table`,
    fix: () => "end the long transactions on the database, and move the tenant again",
    retriable: true,
  },
  RUNTIME_COPY_DIFFERS: {
    message: ({
      tenant,
      table,
      source,
      copy,
    }: {
      tenant: string;
      table: string;
      source: string;
      copy: string;
    }) => `the copy of ${table} of tenant ${tenant} has ${copy}, and its source ${source}`,
    fix: () => "find out who else writes to the tables, and move the tenant again; its source is untouched",
    retriable: false,
  },
  RUNTIME_EXPORTS_MISSING: {
    message: ({ tenant }: { tenant: string }) => `there is no place to keep the export of tenant ${tenant}`,
    fix: () => "configure a folder or a bucket for exports",
    retriable: false,
  },
  RUNTIME_BUNDLE_INVALID: {
    message: ({ reason }: { reason: string }) => `the export is not complete: ${reason}`,
    fix: () => "export the tenant again",
    retriable: true,
  },
  RUNTIME_REMAINS: {
    message: ({ tenant, remains }: { tenant: string; remains: readonly string[] }) =>
      `something of tenant ${tenant} is left: ${remains.join("; ")}`,
    fix: () => "look at what is named, remove it, and offboard the tenant again",
    retriable: true,
  },
  RUNTIME_CERTIFICATE_INVALID: {
    message: ({ reason }: { reason: string }) => `the certificate is not valid: ${reason}`,
    fix: () =>
      "ask the platform for the certificate again, and verify it with the key that it was signed with",
    retriable: false,
  },
});
