import type { CheckFinding, CheckReport } from "@tenantry/assurance/check";
import { stableJson } from "@tenantry/base";
import type { AssemblyManifest } from "@tenantry/aws";
import { check, type CheckRequest } from "../actions/check.ts";
import type { Assembly } from "../aws/assembly/read-assembly.ts";
import type { DeploymentPorts } from "../aws/deploy/deployment-context.ts";
import { errors } from "../errors.ts";
import type { ToolkitPorts } from "../ports.ts";

/** Somebody's decision to deploy although a rule does not pass. */
export interface CheckOverride {
  /** The id of the rule. */
  readonly rule: string;
  readonly reason: string;
}

export interface DeploymentCheckRequest extends CheckRequest {
  /** The folder that `synth` wrote, which is what is deployed. */
  readonly artifacts: string;
  readonly overrides?: readonly CheckOverride[] | undefined;
}

/** That what is about to be deployed was checked, and by whose word it is deployed where it did not pass. */
export interface DeploymentCheck {
  readonly report: CheckReport;
  readonly overridden: readonly OverriddenRule[];
}

export interface OverriddenRule extends CheckOverride {
  /** How many findings of the rule are deployed. */
  readonly findings: number;
}

/**
 * Checks what is to be deployed.
 *
 * @throws TOOLKIT_CHECK_FAILED where something is refuted or unknown that no override names; TOOLKIT_OVERRIDE_NEEDLESS
 *   where an override names what passes, so that none is carried along; as `check`
 */
export async function checkDeployment(
  request: DeploymentCheckRequest,
  ports: ToolkitPorts,
): Promise<DeploymentCheck> {
  return judgeForDeployment(await check(request, ports), request.overrides ?? []);
}

/** Whether what was found may be deployed. @throws TOOLKIT_CHECK_FAILED, TOOLKIT_OVERRIDE_NEEDLESS */
export function judgeForDeployment(
  report: CheckReport,
  overrides: readonly CheckOverride[],
): DeploymentCheck {
  const open = report.findings.filter(({ accepted }) => accepted === null);
  const byRule = Map.groupBy(open, ({ rule }) => rule);
  for (const { rule } of overrides)
    if (!byRule.has(rule)) throw errors.TOOLKIT_OVERRIDE_NEEDLESS({ rule, open: [...byRule.keys()] });
  const overriding = new Set(overrides.map(({ rule }) => rule));
  const left = open.filter(({ rule }) => !overriding.has(rule));
  if (left.length > 0) throw failureOf(left, report.environment);
  return {
    report,
    overridden: overrides.map(({ rule, reason }) => ({
      rule,
      reason,
      findings: byRule.get(rule)?.length ?? 0,
    })),
  };
}

function failureOf(left: readonly CheckFinding[], environment: string) {
  const of = (kind: CheckFinding["kind"]) => left.filter((one) => one.kind === kind).length;
  return errors.TOOLKIT_CHECK_FAILED({
    environment,
    refuted: of("refuted"),
    unknown: of("unknown"),
    findings: [...new Set(left.map(({ id }) => id))],
    rules: [...new Set(left.map(({ rule }) => rule))],
  });
}

/** Holds a check to the assembly that is deployed: nothing was written into the folder in between. @throws TOOLKIT_CHECK_STALE */
export function requireChecked({ report }: DeploymentCheck, { digests, manifest, folder }: Assembly): void {
  const checked = new Map(report.files.map(({ path, sha256 }) => [path, sha256]));
  const wanted: readonly (readonly [string, string])[] = [
    ["cloudformation/manifest.json", digests.manifest],
    ["placement.json", digests.placements],
    ...[...manifest.stacks, ...manifest.administration, ...manifest.tenantTemplates].map(
      ({ template, templateSha256 }) => [`cloudformation/${template}`, templateSha256] as const,
    ),
  ];
  const changed = wanted.find(([path, sha256]) => checked.get(path) !== sha256);
  if (changed !== undefined) throw errors.TOOLKIT_CHECK_STALE({ path: `${folder}/${changed[0]}` });
}

/** The parameter in the primary region that says how what is deployed was checked. */
export function checkRecordName({
  platform,
  environment,
}: Pick<AssemblyManifest, "platform" | "environment">): string {
  return `/${platform}/${environment}/deployment/check`;
}

/** How many bytes a standard parameter takes. */
const recordSizeMax = 4_096;
const reasonLengthMax = 500;

/** Writes down how the deployment was checked, before it changes anything. */
export async function recordCheck(
  { report, overridden }: DeploymentCheck,
  { manifest, digests }: Assembly,
  { cloud, user }: DeploymentPorts,
): Promise<void> {
  const { parameters } = cloud.region(manifest.region);
  const name = checkRecordName(manifest);
  const value = recordText({ report, overridden }, { by: user, manifestSha256: digests.manifest });
  const made = await parameters.create(name, value, "How what is deployed here was checked.");
  if (made === "exists") await parameters.overwrite(name, value);
}

/** As many overrides as fit, and how many there are. */
function recordText(
  { report, overridden }: DeploymentCheck,
  whose: { readonly by: string; readonly manifestSha256: string },
): string {
  const { checkedAt, tool, counts } = report;
  const overrides = overridden.map(({ reason, ...one }) => ({
    ...one,
    reason: reason.slice(0, reasonLengthMax),
  }));
  for (let shown = overrides.length; ; shown -= 1) {
    const text = stableJson(
      {
        version: 1,
        checkedAt,
        tool,
        ...whose,
        counts,
        overridden: overrides.length,
        overrides: overrides.slice(0, shown),
      },
      0,
    );
    if (Buffer.byteLength(text) <= recordSizeMax || shown === 0) return text;
  }
}
