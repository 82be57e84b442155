import type { PlatformService } from "@tenantry/model";
import { serviceAudienceOf } from "@tenantry/runtime";
import type { ServiceEvent } from "../events.ts";
import { findFreePort } from "../process/ports.ts";
import { localService } from "./local-service.ts";
import { endRecordedServices, ServiceRecords } from "./service-records.ts";
import { type ServicePorts, type ServiceStatus, ServiceSupervisor } from "./service-supervisor.ts";

export interface ServicesOptions {
  readonly services: Readonly<Record<string, PlatformService>>;
  /** Working directory of every command: the folder of the definition. */
  readonly cwd: string;
  /** Where the processes are written down. */
  readonly recordsFile: string;
  /** What every service gets; the platform's own variables are set over it. */
  readonly inheritedEnv: Readonly<Record<string, string>>;
  readonly platform: string;
  readonly environment: string;
  readonly gatewayUrl: string;
  /** The `iss` of tokens and of the contexts that the gateway signs. */
  readonly issuerUrl: string;
}

/** The services of the definition that run here. */
export interface RunningServices extends AsyncDisposable {
  /** Service → URL, for the gateway. */
  readonly urls: Readonly<Record<string, string>>;
  status(service: string): ServiceStatus | undefined;
  stop(): Promise<void>;
}

/** How long a start waits for services to be ready. They go on starting after that. */
const patienceMs = 10_000;

/** Starts all services that name a local command, side by side. */
export async function startServices(options: ServicesOptions, ports: ServicePorts): Promise<RunningServices> {
  for (const service of await endRecordedServices(options.recordsFile, ports.clock)) {
    ports.onEvent({ kind: "service-left-over-stopped", service });
  }
  const supervisors = await makeSupervisors(options, ports);
  const stop = async () => void (await Promise.all([...supervisors.values()].map((one) => one.stop())));
  const waiting = new AbortController();
  const patience = ports.clock.sleep(patienceMs, waiting.signal).catch(() => undefined);
  try {
    await Promise.race([patience, Promise.all([...supervisors.values()].map((one) => one.start()))]);
  } catch (error) {
    await stop();
    throw error;
  } finally {
    waiting.abort(new Error("the services have started"));
  }
  return {
    urls: Object.fromEntries([...supervisors].map(([name, { port }]) => [name, `http://127.0.0.1:${port}`])),
    status: (service) => supervisors.get(service)?.status,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function makeSupervisors(
  options: ServicesOptions,
  ports: ServicePorts,
): Promise<ReadonlyMap<string, ServiceSupervisor>> {
  const records = new ServiceRecords(options.recordsFile);
  const supervisors = new Map<string, ServiceSupervisor>();
  for (const service of Object.values(options.services)) {
    const local = localService(service);
    if (!local) {
      const absent: ServiceEvent = { kind: "service-absent", service: service.name };
      ports.onEvent(absent);
      continue;
    }
    const env = {
      ...options.inheritedEnv,
      HOST: "127.0.0.1",
      ...local.env,
      TENANTRY_PLATFORM: options.platform,
      TENANTRY_ENVIRONMENT: options.environment,
      TENANTRY_SERVICE: service.name,
      TENANTRY_GATEWAY_URL: options.gatewayUrl,
      // What @tenantry/service-context needs to verify who asks.
      TENANTRY_ISSUER: options.issuerUrl,
      TENANTRY_JWKS_URL: `${options.gatewayUrl}/.well-known/jwks.json`,
      TENANTRY_AUDIENCE: serviceAudienceOf(options.platform, service.name),
    };
    // The port stays the same over restarts, because the gateway has it.
    const port = await findFreePort("127.0.0.1");
    supervisors.set(
      service.name,
      new ServiceSupervisor(local, port, { cwd: options.cwd, env, records }, ports),
    );
  }
  return supervisors;
}
