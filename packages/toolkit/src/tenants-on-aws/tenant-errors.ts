interface InEnvironment {
  readonly tenant: string;
  readonly environment: string;
}

interface StackTags {
  readonly tenant: string;
  readonly stack: string;
  readonly region: string;
  readonly tags: readonly string[];
}

/** What can go wrong with tenants that commands add, remove and move in AWS: rows of the package's table. */
export const tenantsOnAwsErrors = {
  TOOLKIT_TENANT_DECLARED: {
    message: ({ tenant, environment }: InEnvironment) =>
      `the definition declares the tenant ${tenant} in ${environment}`,
    fix: ({ environment }: InEnvironment) =>
      `change its tier there, or remove it there, then run \`tenantry deploy ${environment}\``,
    retriable: false,
  },
  TOOLKIT_TENANT_NOT_IN_ENVIRONMENT: {
    message: ({ tenant, environment }: InEnvironment & { nearest: readonly string[] }) =>
      `the environment ${environment} has no stack of a tenant ${tenant}`,
    fix: ({ environment, nearest }: InEnvironment & { nearest: readonly string[] }) =>
      `${nearest.length > 0 ? `did you mean ${nearest.join(" or ")}? otherwise ` : ""}see \`tenantry tenant list --environment ${environment}\``,
    retriable: false,
  },
  TOOLKIT_TENANT_BEING_REMOVED: {
    message: ({ tenant, environment }: InEnvironment) => `${tenant} is being removed from ${environment}`,
    fix: ({ tenant, environment }: InEnvironment) =>
      `let the removal finish, with \`tenantry tenant remove ${tenant} --environment ${environment}\` where it stopped`,
    retriable: true,
  },
  TOOLKIT_TENANT_REFUSED: {
    message: ({ tenant, detail }: { tenant: string; detail: string }) =>
      `${tenant} cannot be a tenant of this platform: ${detail}`,
    fix: () => "choose another id, or correct what the message names in the definition",
    retriable: false,
  },
  TOOLKIT_TENANT_HOST_TAKEN: {
    message: ({ tenant, host, other }: { tenant: string; host: string; other: string }) =>
      `${tenant} would have the host ${host}, which leads to ${other}`,
    fix: () => "choose another id, or take the domain away from that tenant first",
    retriable: false,
  },
  TOOLKIT_TIER_WITHOUT_STACK: {
    message: ({ tier }: { tier: string; own: readonly string[] }) =>
      `the tier ${tier} gives a tenant nothing of its own, so nothing in AWS could say that the tenant is there`,
    fix: ({ own }: { tier: string; own: readonly string[] }) =>
      `declare the tenant in the definition and deploy${own.length === 0 ? "" : `, or choose a tier with something of its own: ${own.join(", ")}`}`,
    retriable: false,
  },
  TOOLKIT_CELLS_FULL: {
    message: ({ environment, cells, capacity }: { environment: string; cells: number; capacity: number }) =>
      `${environment} has ${cells === 1 ? "one cell" : `${cells} cells`}, and cells.capacity lets each hold ${capacity} tenants: no slot is free`,
    fix: ({ environment }: { environment: string; cells: number; capacity: number }) =>
      `raise cells.capacity, up to what AWS's quotas allow, or declare the tenant and run \`tenantry deploy ${environment}\`, which makes another cell`,
    retriable: false,
  },
  TOOLKIT_ENVIRONMENT_INCOMPLETE: {
    message: ({ environment, missing }: { environment: string; missing: readonly string[] }) =>
      `the tenant's stack needs what ${environment} does not have yet: ${missing.join(", ")}`,
    fix: ({ environment }: { environment: string; missing: readonly string[] }) =>
      `run \`tenantry deploy ${environment}\` first`,
    retriable: false,
  },
  TOOLKIT_TENANT_TIER_GONE: {
    message: ({
      environment,
      tier,
      tenants,
    }: {
      environment: string;
      tier: string;
      tenants: readonly string[];
    }) =>
      `tenants that were added to ${environment} are on the tier ${tier}, which the definition does not have any more: ${tenants.join(", ")}`,
    fix: ({ environment }: { environment: string; tier: string; tenants: readonly string[] }) =>
      `bring the tier back, or remove each with \`tenantry tenant remove <tenant> --environment ${environment}\``,
    retriable: false,
  },
  TOOLKIT_TENANT_STACK_UNREADABLE: {
    message: ({ stack, region, tenant }: StackTags) =>
      `the tags of the stack ${stack} in ${region} do not say where the tenant ${tenant} is`,
    fix: ({ tags }: StackTags) =>
      `write the tags ${tags.join(", ")} again, as they were before somebody changed them`,
    retriable: false,
  },
  TOOLKIT_TENANT_DATA_WOULD_MOVE: {
    message: ({
      tenant,
      from,
      to,
      stores,
    }: {
      tenant: string;
      from: string;
      to: string;
      stores: readonly string[];
    }) => `from ${from} to ${to} the data of ${tenant} would have to move: ${stores.join(", ")}`,
    fix: () =>
      "CloudFormation moves no data, and neither does this command: choose a tier that keeps its data where they are. Between stores the control plane of a running platform moves them, today where `tenantry up` runs it",
    retriable: false,
  },
} as const;
