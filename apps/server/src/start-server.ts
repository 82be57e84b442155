import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { Clock, Random } from "@tenantry/base";
import {
  bootstrapDatabase,
  laterOperations,
  onboardDeclared,
  openObjectStore,
  openTenantDatabase,
  startRuntime,
  type TenantDatabaseOptions,
  watchKeyRing,
} from "@tenantry/runtime";
import type { ServerConfiguration } from "./configuration/read-configuration.ts";
import { parseSigningKeys } from "./configuration/signing-keys.ts";
import type { ServerLog } from "./server-log.ts";

export interface ServerPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: ServerLog;
}

export interface RunningServer extends AsyncDisposable {
  readonly gatewayUrl: string;
  readonly controlUrl: string;
}

/**
 * Sets up the databases, makes the declared tenants, and serves. What was started before a failure
 * is stopped again.
 *
 * @throws coded errors RUNTIME_…
 */
export async function startServer(
  configuration: ServerConfiguration,
  { clock, random, log }: ServerPorts,
): Promise<RunningServer> {
  const { platform, keyRing } = configuration;
  trustAuthorities(configuration);
  const place = placeOf(configuration);
  await using started = new AsyncDisposableStack();
  await bootstrapDatabase(place);
  const database = started.use(
    await openTenantDatabase(place, { clock, random, onEvent: (event) => tellEvent(log, event) }),
  );
  log.tell("info", "database", "the database is ready", { host: place.server.host });
  await onboardDeclared(platform, database, (event) => tellEvent(log, event));
  const operations = started.use(
    laterOperations(
      { platformName: platform.name, keyRing },
      {
        clock,
        random,
        database,
        objects: openIfThere(configuration.runtime.files ?? null),
        exports: openIfThere(configuration.exports),
        onEvent: (event) => tellEvent(log, event),
        onFailure: (error) => log.tellError("operations-failed", error),
      },
    ),
  );
  const runtime = started.use(
    await startRuntime(configuration.runtime, {
      database,
      operations: operations.current,
      clock,
      random,
      log: log.log,
    }),
  );
  if (configuration.keyRingFile !== null) {
    const watch = watchKeyRing(configuration.keyRingFile, {
      clock,
      read: async (text) => parseSigningKeys(text),
      replace: async (ring) => {
        await runtime.replaceKeyRing(ring);
        await operations.current()?.replaceKeyRing(ring);
      },
    });
    started.defer(() => watch.stop());
  }
  operations.open();
  const running = started.move();
  const { gatewayUrl, controlUrl } = runtime;
  return { gatewayUrl, controlUrl, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Node has no way to give the driver of the database authorities of its own through the runtime, so the process believes them. */
export function trustAuthorities({ database }: ServerConfiguration): void {
  const { certificateAuthorities } = database;
  if (certificateAuthorities.length === 0) return;
  setDefaultCACertificates([...getCACertificates("default"), ...certificateAuthorities]);
}

function placeOf({ platform, database }: ServerConfiguration): TenantDatabaseOptions {
  const { server, admin, secrets, poolSize } = database;
  return { server, admin, platformName: platform.name, secrets, poolSize };
}

type StoreConfig = ServerConfiguration["exports"];

function openIfThere(config: StoreConfig) {
  return config === null ? null : openObjectStore(config);
}

/** What an operator may want to know, as it is: every event is plain data. */
function tellEvent(log: ServerLog, event: { readonly kind: string; readonly error?: unknown }): void {
  const { kind, error, ...values } = event;
  if (error !== undefined) log.tellError(kind, error);
  else log.tell(kind.endsWith("warning") ? "warn" : "info", kind, kind.replaceAll("-", " "), values);
}
