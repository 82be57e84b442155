export { type DatabaseTarget, parseDatabaseUrl } from "./engine/database-target.ts";
export { isPlatformRunning, type PlatformState, readState } from "./engine/platform-state.ts";
export { removeData } from "./engine/platform-data.ts";
export { type PlatformSecrets, readSecrets, rotateSigningKey } from "./engine/platform-secrets.ts";
export {
  localIssuerUrl,
  type PlatformOptions,
  type PlatformPorts,
  type RunningPlatform,
  startPlatform,
} from "./engine/start-platform.ts";
export { stopPlatform, type StopOutcome } from "./engine/stop-platform.ts";
export { errors as localErrors } from "./errors.ts";
export type {
  LocalEvent,
  PhaseName,
  PlatformEvent,
  PostgresEvent,
  ServiceEvent,
  StopName,
} from "./events.ts";
export {
  type PostgresOptions,
  type PostgresPorts,
  type PostgresServer,
  startPostgres,
} from "./postgres/start-postgres.ts";
