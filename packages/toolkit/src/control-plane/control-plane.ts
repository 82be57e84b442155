import type { PlatformState } from "@tenantry/local";
import type { Isolation } from "@tenantry/model";
import { displayPath } from "../definition/find-definition.ts";
import { errors } from "../errors.ts";
import { dataFolderOf, locatePlatform, selectionFrom } from "../local-platform/locate-platform.ts";
import { signLocalToken } from "../local-platform/sign-token.ts";
import type { ToolkitPorts } from "../ports.ts";
import type { ApiAnswer, ApiRequest } from "../api/api-answer.ts";
import { askControlPlane, openDownload } from "./ask-control-plane.ts";

/** A tenant as the control plane tells of it, and its address at the gateway of this machine. */
export interface TenantView {
  readonly id: string;
  readonly tier: string;
  readonly isolation: Isolation;
  readonly status: string;
  readonly placement: { readonly cell: number; readonly slot: number };
  readonly schemaVersion: number;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** Such as http://acme-corp.localhost:8080. */
  readonly url: string;
}

/** The control plane of a platform that runs here, with the right to ask it. */
export interface ControlPlane {
  readonly config: string;
  readonly state: PlatformState;
  readonly ask: (request: ApiRequest) => Promise<ApiAnswer>;
  /** The response to a GET, with its body unread. */
  readonly download: (path: string) => Promise<Response>;
  /** A tenant from the body of an answer. */
  readonly view: (tenant: unknown) => TenantView;
}

/** Commands are short; a token that is found later is worth nothing. */
const operatorTokenSeconds = 60;

/**
 * Finds the platform that a command is about and makes itself a token of an operator.
 *
 * @throws TOOLKIT_NOT_RUNNING and what locatePlatform throws
 */
export async function connectControlPlane(
  config: string | undefined,
  ports: ToolkitPorts,
): Promise<ControlPlane> {
  const path = await locatePlatform(config, ports);
  const { readState } = await import("@tenantry/local");
  const state = await readState(dataFolderOf(path));
  if (state === null) {
    const up = `tenantry up${await selectionFrom(path, ports)}`;
    throw errors.TOOLKIT_NOT_RUNNING({ what: whatOf(path, ports), up });
  }
  return controlPlaneOf(path, state, ports);
}

/** The control plane of a platform whose state is known already. */
export async function controlPlaneOf(
  config: string,
  state: PlatformState,
  ports: ToolkitPorts,
): Promise<ControlPlane> {
  const token = await signLocalToken(
    dataFolderOf(config),
    {
      kind: "control",
      role: "operator",
      platform: state.platform,
      subject: ports.user,
      lifetimeSeconds: operatorTokenSeconds,
    },
    ports,
  );
  // The address that it listens on, not its name: no resolver is needed to reach this machine.
  const address = { url: `http://${hostOf(state)}:${state.controlPort}`, token };
  return {
    config,
    state,
    ask: (request) => askControlPlane(address, request, ports.fetch),
    download: (path) => openDownload(address, path, ports.fetch),
    view: (tenant) => {
      const { id } = tenant as TenantView;
      return { ...(tenant as TenantView), url: tenantUrl(state, id) };
    },
  };
}

/** Where to reach a listener from here: one that listens everywhere also listens on loopback. */
export function hostOf({ host }: Pick<PlatformState, "host">): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

/** `http://acme-corp.localhost:8080`: names below localhost are this machine (RFC 6761, section 6.3). */
export function tenantUrl({ gatewayPort }: Pick<PlatformState, "gatewayPort">, tenant: string): string {
  return `http://${tenant}.localhost${gatewayPort === 80 ? "" : `:${gatewayPort}`}`;
}

/** The platform of a definition, in words. */
export function whatOf(config: string, { cwd }: Pick<ToolkitPorts, "cwd">): string {
  return `the platform of ${displayPath(config, cwd)}`;
}
