import { request as httpRequest } from "node:http";
import type { TenantId } from "@tenantry/model";
import {
  type ApiAnswer,
  type ApiProblem,
  type ApiRequest,
  answerOf,
  detailOf,
  messageOf,
  requestTimeoutMs,
  silenceOf,
} from "../api/api-answer.ts";
import { findTenant } from "../actions/tenant-show.ts";
import { connectControlPlane, hostOf, tenantUrl } from "../control-plane/control-plane.ts";
import { errors } from "../errors.ts";
import { dataFolderOf } from "../local-platform/locate-platform.ts";
import { signLocalToken } from "../local-platform/sign-token.ts";
import type { ToolkitPorts } from "../ports.ts";
import { requireTenantId } from "../tenant-argument.ts";

/** The API of one tenant, with the rights of an owner. */
export interface TenantApi {
  readonly tenant: TenantId;
  /** Such as http://acme-corp.localhost:8080. */
  readonly url: string;
  /** The body of the answer. @throws TOOLKIT_TENANT_API_… */
  readonly ask: (request: ApiRequest) => Promise<unknown>;
  /** The answer as it came, for problems that have a better name. */
  readonly tryAsk: (request: ApiRequest) => Promise<ApiAnswer>;
}

const ownerTokenSeconds = 60;

/**
 * Finds the platform that a command is about, and makes itself an owner's token for the tenant.
 * What is done with it stands in the tenant's audit trail under the name of the user.
 *
 * @throws TOOLKIT_NOT_RUNNING, TOOLKIT_TENANT_UNKNOWN
 */
export async function connectTenantApi(
  request: { readonly config?: string | undefined; readonly tenant: string },
  ports: ToolkitPorts,
): Promise<TenantApi> {
  const tenant = requireTenantId(request.tenant);
  const control = await connectControlPlane(request.config, ports);
  await findTenant(control, tenant);
  const { state } = control;
  const token = await signLocalToken(
    dataFolderOf(control.config),
    {
      kind: "tenant",
      tenant,
      role: "owner",
      platform: state.platform,
      subject: ports.user,
      lifetimeSeconds: ownerTokenSeconds,
    },
    ports,
  );
  const url = tenantUrl(state, tenant);
  const address = { url: `http://${hostOf(state)}:${state.gatewayPort}`, host: new URL(url).host, token };
  const tryAsk = (asked: ApiRequest) => askTenant(address, asked);
  return {
    tenant,
    url,
    tryAsk,
    async ask(asked) {
      const answer = await tryAsk(asked);
      if (answer.kind === "problem") throw refusedBy(answer.problem);
      return answer.body;
    },
  };
}

interface TenantAddress {
  readonly url: string;
  /** The host that the tenant is known by. */
  readonly host: string;
  readonly token: string;
}

/** Not fetch: it sends the host that it connects to, and no resolver is needed to reach this machine. */
async function askTenant({ url, host, token }: TenantAddress, request: ApiRequest): Promise<ApiAnswer> {
  const { headers, body } = messageOf(token, request);
  try {
    const { status, text } = await exchange(
      new URL(request.path, url),
      request.method,
      { ...headers, host },
      body,
    );
    return answerOf(status, text);
  } catch (failure) {
    throw errors.TOOLKIT_TENANT_API_UNREACHABLE(
      { url: `http://${host}`, detail: silenceOf(failure) },
      failure,
    );
  }
}

function exchange(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(requestTimeoutMs);
    const sent = httpRequest(url, { method, headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    sent.on("error", (error) => reject(signal.aborted ? (signal.reason as Error) : error));
    sent.end(body);
  });
}

/** The error for a problem that the caller has no better words for. */
function refusedBy(problem: ApiProblem) {
  const { status, code } = problem;
  const detail = detailOf(problem);
  return status >= 500
    ? errors.TOOLKIT_TENANT_API_FAILED({ status, code, detail })
    : errors.TOOLKIT_TENANT_API_REFUSED({ status, code, detail });
}

const pageSize = 200;

/** The items of a list of version 2, page after page. */
export async function* itemsOf<Item>(api: TenantApi, path: string): AsyncGenerator<Item> {
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const separator = path.includes("?") ? "&" : "?";
    const page = (await api.ask({ method: "GET", path: `${path}${separator}limit=${pageSize}${query}` })) as {
      readonly items: readonly Item[];
      readonly nextCursor: string | null;
    };
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** All items of a list of version 2. */
export async function allItemsOf<Item>(api: TenantApi, path: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const item of itemsOf<Item>(api, path)) items.push(item);
  return items;
}
