import type { ExceededQuota } from "./quotas/require-quotas.ts";

interface Refused {
  readonly operation: string;
  readonly region: string;
  readonly detail: string;
}

interface StackFailure {
  readonly stack: string;
  readonly region: string;
  /** Null where the stack itself failed. */
  readonly resource: string | null;
  readonly type: string | null;
  readonly reason: string;
  readonly status: string;
}

/** What can go wrong between an assembly and AWS: rows of the package's table. */
export const deploymentErrors = {
  TOOLKIT_ASSEMBLY_MISSING: {
    message: ({ path }: { path: string }) => `there is no ${path}`,
    fix: () => "write the assembly with `tenantry synth <env>`, or name its folder with --artifacts",
    retriable: false,
  },
  TOOLKIT_ASSEMBLY_INVALID: {
    message: ({ path, detail }: { path: string; detail: string }) => `${path} cannot be deployed: ${detail}`,
    fix: () => "write it again with `tenantry synth <env>`",
    retriable: false,
  },
  TOOLKIT_ASSEMBLY_EDITED: {
    message: ({ path }: { path: string }) => `${path} is not what was synthesized: its digest differs`,
    fix: () => "change the definition and not the template, then write it again with `tenantry synth <env>`",
    retriable: false,
  },
  TOOLKIT_AWS_CREDENTIALS: {
    message: ({ detail }: { detail: string }) => `AWS does not accept the credentials: ${detail}`,
    fix: () =>
      "sign in with `aws sso login`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    retriable: false,
  },
  TOOLKIT_AWS_DENIED: {
    message: ({ operation, region, detail }: Refused) => `AWS denies ${operation} in ${region}: ${detail}`,
    fix: ({ operation }: Refused) => `allow ${operation} to the role that deploys`,
    retriable: false,
  },
  TOOLKIT_AWS_REGION: {
    message: ({ region, detail }: { region: string; detail: string }) =>
      `the region ${region} cannot be used: ${detail}`,
    fix: () => "enable the region in the account, or correct its name in the definition",
    retriable: false,
  },
  TOOLKIT_AWS_UNREACHABLE: {
    message: ({ operation, region, detail }: Refused) =>
      `AWS does not answer ${operation} in ${region}: ${detail}`,
    fix: () => "run the command again: it goes on where it stopped",
    retriable: true,
  },
  TOOLKIT_AWS_REFUSED: {
    message: ({ operation, region, reason, detail }: Refused & { reason: string }) =>
      `AWS refuses ${operation} in ${region} with ${reason}: ${detail}`,
    fix: () => "correct what the answer names",
    retriable: false,
  },
  TOOLKIT_ACCOUNT_MISMATCH: {
    message: ({ expected, found }: { expected: string; found: string }) =>
      `the environment belongs to the account ${expected}, the credentials to ${found}`,
    fix: ({ expected }: { expected: string; found: string }) =>
      `use credentials of ${expected}, or correct the account in the definition`,
    retriable: false,
  },
  TOOLKIT_DEPLOYMENT_LOCKED: {
    message: ({ holder, region, until }: { holder: string; region: string; until: string }) =>
      `${holder} is deploying this environment in ${region}, and holds it until ${until}`,
    fix: () => "wait until it ends; a deployment that was killed loses its hold by itself",
    retriable: true,
  },
  TOOLKIT_DEPLOYMENT_LOCK_LOST: {
    message: ({ region, holder }: { region: string; holder: string }) =>
      `${holder} took over the environment in ${region} while this deployment ran`,
    fix: () => "look at what that deployment does before running this one again",
    retriable: true,
  },
  TOOLKIT_DEPLOYMENT_OBSTACLES: {
    message: ({ obstacles }: { obstacles: readonly string[] }) =>
      `nothing was changed, because of: ${obstacles.join("; ")}`,
    fix: () =>
      "rename or delete stacks and buckets that belong to somebody else, run `aws cloudformation continue-update-rollback` where a rollback failed, provide values that are missing",
    retriable: false,
  },
  TOOLKIT_PLAN_MISSING: {
    message: ({ path }: { path: string }) => `there is no plan ${path}`,
    fix: () => "make one with `tenantry plan <env> --out <file>`",
    retriable: false,
  },
  TOOLKIT_PLAN_INVALID: {
    message: ({ path, detail }: { path: string; detail: string }) => `${path} is no plan: ${detail}`,
    fix: () => "make one with `tenantry plan <env> --out <file>`",
    retriable: false,
  },
  TOOLKIT_PLAN_STALE: {
    message: ({ points }: { points: readonly string[] }) =>
      `the plan does not fit any more: ${points.join("; ")}`,
    fix: () => "make and review a new one with `tenantry plan <env>`",
    retriable: false,
  },
  TOOLKIT_DATA_AT_RISK: {
    message: ({ losses }: { losses: readonly string[]; permissions: readonly string[] }) =>
      `this loses data or takes them out of service: ${losses.join("; ")}`,
    fix: ({ permissions }: { losses: readonly string[]; permissions: readonly string[] }) =>
      `change the definition, or allow each by name: ${permissions.map((one) => `--allow ${one}`).join(" ")}`,
    retriable: false,
  },
  TOOLKIT_STACK_FOREIGN: {
    message: ({ stack, region }: { stack: string; region: string }) =>
      `the stack ${stack} in ${region} does not carry the tags of this platform`,
    fix: () => "find out whose it is; rename the platform or delete that stack",
    retriable: false,
  },
  TOOLKIT_STACK_STUCK: {
    message: ({
      stack,
      region,
      status,
      detail,
    }: {
      stack: string;
      region: string;
      status: string;
      detail: string;
    }) => `the stack ${stack} in ${region} is ${status}: ${detail}`,
    fix: ({ stack }: { stack: string; region: string; status: string; detail: string }) =>
      `bring it back with \`aws cloudformation continue-update-rollback --stack-name ${stack}\`, or delete it by hand`,
    retriable: false,
  },
  TOOLKIT_STACK_FAILED: {
    message: ({ stack, region, resource, type, reason, status }: StackFailure) =>
      resource === null
        ? `${stack} in ${region} ended as ${status}: ${reason}`
        : `${resource} (${type ?? "unknown"}) of ${stack} in ${region} failed: ${reason}`,
    fix: () => "correct the cause and run the command again: what is deployed already is left alone",
    retriable: true,
  },
  TOOLKIT_QUOTA_EXCEEDED: {
    message: ({ exceeded }: { exceeded: readonly ExceededQuota[] }) =>
      `the account does not hold what would be deployed: ${exceeded
        .map(
          ({ of, used, unit, quota, code, value }) =>
            `${of} would have ${used} ${unit}, and "${quota}"${code === null ? "" : ` (${code})`} is ${value}`,
        )
        .join("; ")}`,
    fix: ({ exceeded }: { exceeded: readonly ExceededQuota[] }) =>
      `make room with ${[...new Set(exceeded.map(({ lift }) => lift))].join("; ")}; where the account has more than could be read, say so in cells.quotas`,
    retriable: false,
  },
  TOOLKIT_VALUE_MISSING: {
    message: ({ stack, region, names }: { stack: string; region: string; names: readonly string[] }) =>
      `${stack} in ${region} needs values that are not there: ${names.join(", ")}`,
    fix: () => "deploy the stack that provides them, or make the hosted zone",
    retriable: false,
  },
  TOOLKIT_CHANGE_SET_REFUSED: {
    message: ({ stack, region, detail }: { stack: string; region: string; detail: string }) =>
      `CloudFormation makes no change set for ${stack} in ${region}: ${detail}`,
    fix: () => "correct what it names; nothing of the stack was changed",
    retriable: false,
  },
  TOOLKIT_DEPLOYMENT_FAILED: {
    message: ({ failures }: { failures: readonly string[]; notStarted: readonly string[] }) =>
      failures.join("; "),
    fix: () => "correct the cause and run the command again: it goes on where it stopped",
    retriable: true,
  },
  TOOLKIT_OUTPUTS_MISSING: {
    message: ({ outputs }: { outputs: readonly string[] }) =>
      `outputs are missing after the deployment: ${outputs.join(", ")}`,
    fix: () => "look at the stack in CloudFormation: somebody may have changed it meanwhile",
    retriable: true,
  },
  TOOLKIT_ENDPOINTS_SILENT: {
    message: ({ endpoints }: { endpoints: readonly string[] }) =>
      `everything is deployed, but these do not answer: ${endpoints.join("; ")}`,
    fix: () => "look at the service's tasks and its load balancer; names in DNS can need some minutes",
    retriable: true,
  },
  TOOLKIT_DESTROY_UNCONFIRMED: {
    message: ({ environment, confirm }: { environment: string; confirm: string }) =>
      `${JSON.stringify(confirm)} does not confirm that the environment ${environment} is to be destroyed`,
    fix: ({ environment }: { environment: string; confirm: string }) =>
      `write its name: --confirm ${environment}`,
    retriable: false,
  },
  TOOLKIT_DESTROY_PROTECTED: {
    message: ({ stacks }: { stacks: readonly string[] }) =>
      `the environment protects its data, and these stacks hold some: ${stacks.join(", ")}`,
    fix: ({ stacks }: { stacks: readonly string[] }) =>
      `set dataProtection to "disposable" and deploy that first, or allow each by name: ${stacks.map((one) => `--allow delete:${one}`).join(" ")}`,
    retriable: false,
  },
  TOOLKIT_TENANT_NOT_PLACED: {
    message: ({ tenant }: { tenant: string }) => `the assembly has no stack for the tenant ${tenant}`,
    fix: () => "declare the tenant, on a tier that gives it something of its own, and synthesize again",
    retriable: false,
  },
  TOOLKIT_TENANT_NOT_DEPLOYED: {
    message: ({ tenant }: { tenant: string }) => `no stack of the tenant ${tenant} is deployed`,
    fix: () => "look at the tenants that are: `tenantry tenant list`",
    retriable: false,
  },
} as const;
