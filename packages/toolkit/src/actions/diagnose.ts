import { readAssembly } from "../aws/assembly/read-assembly.ts";
import type { Cloud } from "../aws/cloud/cloud.ts";
import { requireAccount } from "../aws/deploy/deployment-session.ts";
import { collectSnapshot } from "../diagnose/collect/collect-snapshot.ts";
import { diagnoseSnapshot } from "../diagnose/diagnose-snapshot.ts";
import type { Finding } from "../diagnose/finding.ts";
import type { Inspector } from "../diagnose/inspector.ts";
import { errors } from "../errors.ts";
import { nearestNames } from "../nearest-names.ts";
import type { ToolkitPorts } from "../ports.ts";

export interface DiagnoseRequest {
  /** The folder that `synth` wrote. */
  readonly artifacts: string;
  /** Only this tenant, beside what tenants share. */
  readonly tenant?: string | undefined;
}

export interface DiagnosePorts extends ToolkitPorts {
  readonly cloud: Cloud;
  readonly inspector: Inspector;
}

export interface DiagnoseResult {
  readonly platform: string;
  readonly environment: string;
  readonly account: string;
  readonly tenant: string | null;
  /** "incomplete" where nothing was found wrong, and something could not be read. Warnings and notes make nothing unhealthy. */
  readonly state: "healthy" | "unhealthy" | "incomplete";
  /** Whether everything could be read. */
  readonly isComplete: boolean;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** How much was looked at. */
  readonly looked: {
    readonly regions: number;
    readonly stacks: number;
    readonly services: number;
    readonly databases: number;
    readonly hosts: number;
  };
  readonly durationMs: number;
}

/**
 * Reads a deployed environment and names what is wrong with it, each cause with what mends it. Changes nothing.
 *
 * @throws TOOLKIT_ASSEMBLY_*, TOOLKIT_AWS_CREDENTIALS, TOOLKIT_ACCOUNT_MISMATCH, TOOLKIT_TENANT_NOT_IN_ENVIRONMENT
 */
export async function diagnose(request: DiagnoseRequest, ports: DiagnosePorts): Promise<DiagnoseResult> {
  const startMs = ports.clock.monotonicMs();
  const assembly = await readAssembly(request.artifacts);
  const { platform, environment } = assembly.manifest;
  const { tenant = null } = request;
  if (tenant !== null && assembly.placements.tenants[tenant] === undefined) {
    const nearest = nearestNames(tenant, Object.keys(assembly.placements.tenants));
    throw errors.TOOLKIT_TENANT_NOT_IN_ENVIRONMENT({ tenant, environment, nearest });
  }
  const account = await requireAccount(assembly.manifest, ports);
  const snapshot = await collectSnapshot({ assembly, account, tenant }, ports);
  const findings = diagnoseSnapshot(snapshot);
  const isComplete = snapshot.unread.length === 0;
  const isWrong = findings.some(({ severity }) => severity === "error");
  const { regions, hosts } = snapshot;
  const sum = (count: (region: (typeof regions)[number]) => number) =>
    regions.map(count).reduce((a, b) => a + b, 0);
  return {
    platform,
    environment,
    account,
    tenant,
    state: isWrong ? "unhealthy" : isComplete ? "healthy" : "incomplete",
    isComplete,
    findings,
    looked: {
      regions: regions.length,
      stacks: sum(({ stacks }) => stacks.length),
      services: sum(({ services }) => services.length),
      databases: sum(({ databases }) => Object.keys(databases).length),
      hosts: hosts.length,
    },
    durationMs: Math.round(ports.clock.monotonicMs() - startMs),
  };
}
