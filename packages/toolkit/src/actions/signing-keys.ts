import { join } from "node:path";
import type { RingKey } from "@tenantry/runtime";
import { displayPath } from "../definition/find-definition.ts";
import { errors } from "../errors.ts";
import { dataFolderOf, locatePlatform } from "../local-platform/locate-platform.ts";
import type { ToolkitPorts } from "../ports.ts";

interface PlatformRequest {
  /** The definition as the user named it. */
  readonly config?: string | undefined;
}

/** A key that signs access tokens, without its private half. */
export interface SigningKeyView {
  readonly kid: string;
  readonly state: "published" | "signs" | "verifies";
  /** RFC 3339, UTC. */
  readonly signsFrom: string;
  /** Null for the one that signs last. */
  readonly verifiesUntil: string | null;
}

/** The keys that the platform of this machine signs and verifies tokens with. */
export async function listSigningKeys(
  request: PlatformRequest,
  ports: ToolkitPorts,
): Promise<{ readonly keys: readonly SigningKeyView[] }> {
  const dataFolder = dataFolderOf(await locatePlatform(request.config, ports));
  const { readSecrets } = await import("@tenantry/local");
  const secrets = await readSecrets(dataFolder);
  if (secrets === null) throw missing(dataFolder, ports);
  return { keys: await viewsOf(secrets.keyRing, ports) };
}

/**
 * Has another key sign. A platform that runs notices by itself, and refuses no token for it; with
 * `at-once`, for a key that somebody else knows, every token that there is ends.
 */
export async function rotateSigningKeys(
  request: PlatformRequest & { readonly how: "with-overlap" | "at-once" },
  ports: ToolkitPorts,
): Promise<{ readonly keys: readonly SigningKeyView[] }> {
  const dataFolder = dataFolderOf(await locatePlatform(request.config, ports));
  const { rotateSigningKey } = await import("@tenantry/local");
  const ring = await rotateSigningKey(dataFolder, ports, request.how);
  if (ring === null) throw missing(dataFolder, ports);
  return { keys: await viewsOf(ring, ports) };
}

async function viewsOf(
  ring: readonly RingKey[],
  { clock }: Pick<ToolkitPorts, "clock">,
): Promise<readonly SigningKeyView[]> {
  const { signingKeyAt, verifyingKeysAt } = await import("@tenantry/runtime");
  const nowMs = clock.nowMs();
  const signing = signingKeyAt(ring, nowMs);
  return verifyingKeysAt(ring, nowMs).map((key) => ({
    kid: key.jwk.kid ?? "",
    state: key === signing ? "signs" : Date.parse(key.signsFrom) > nowMs ? "published" : "verifies",
    signsFrom: key.signsFrom,
    verifiesUntil: key.verifiesUntil,
  }));
}

function missing(dataFolder: string, { cwd }: Pick<ToolkitPorts, "cwd">) {
  return errors.TOOLKIT_SECRETS_MISSING({ path: displayPath(join(dataFolder, "secrets.json"), cwd) });
}
