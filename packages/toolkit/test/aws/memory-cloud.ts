import type { Cloud, DeployedStack, StackService } from "../../src/aws/cloud/cloud.ts";

export interface MemoryStack extends Partial<DeployedStack> {
  readonly name: string;
  readonly template?: unknown;
}

/** A cloud that only knows what a test says is there, and refuses to change anything. */
export function memoryCloud({
  account = "123456789012",
  stacks = [],
  values = {},
  hostedZones = {},
  changing = {},
  takenBuckets = [],
}: {
  readonly account?: string;
  readonly stacks?: readonly MemoryStack[];
  readonly values?: Readonly<Record<string, string>>;
  readonly hostedZones?: Readonly<Record<string, string>>;
  /** What may be called besides. */
  readonly changing?: Partial<StackService>;
  readonly takenBuckets?: readonly string[];
}): Cloud {
  const refuse = () => Promise.reject(new Error("this test changes nothing"));
  const deployed = (stack: MemoryStack): DeployedStack => ({
    id: `arn:aws:cloudformation:us-east-1:${account}:stack/${stack.name}/1`,
    status: "CREATE_COMPLETE",
    statusReason: null,
    tags: {},
    parameters: {},
    outputs: {},
    terminationProtection: false,
    revision: "2026-01-01T00:00:00.000Z",
    ...stack,
  });
  const all = stacks.map(deployed);
  const find = (nameOrId: string) => all.find(({ id, name }) => nameOrId === id || nameOrId === name) ?? null;
  const service: StackService = {
    describe: async (nameOrId) => find(nameOrId),
    list: async () => all,
    template: async (nameOrId) => {
      const name = find(nameOrId)?.name;
      return JSON.stringify(stacks.find((stack) => stack.name === name)?.template ?? { Resources: {} });
    },
    resources: async () => [],
    events: async () => [],
    changeSets: async () => [],
    createChangeSet: refuse,
    describeChangeSet: refuse,
    executeChangeSet: refuse,
    deleteChangeSet: refuse,
    delete: refuse,
    setTerminationProtection: refuse,
    ...changing,
  };
  const empty: StackService = { ...service, list: async () => [], describe: async () => null };
  return {
    identify: async () => ({ account, arn: `arn:aws:iam::${account}:user/ada` }),
    hostedZoneId: async (domain) => hostedZones[domain] ?? null,
    region: (name) => ({
      name,
      stacks: name === "us-east-1" ? service : empty,
      parameters: {
        values: async (names) => new Map(Object.entries(values).filter(([one]) => names.includes(one))),
        create: refuse,
        overwrite: refuse,
        delete: refuse,
      },
      buckets: { put: refuse, empty: refuse, isTaken: async (bucket) => takenBuckets.includes(bucket) },
      quotas: { value: async () => null },
    }),
  };
}
