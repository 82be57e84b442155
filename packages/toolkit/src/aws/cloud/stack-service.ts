import {
  type Capability,
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListChangeSetsCommand,
  ListStackResourcesCommand,
  type Stack,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import type {
  ChangeSetChange,
  ChangeSetRequest,
  ChangeSetView,
  DeployedResource,
  DeployedStack,
  StackEvent,
  StackService,
} from "./cloud.ts";
import type { CloudCalls } from "./cloud-calls.ts";
import { readFailure } from "./cloud-failure.ts";
import type { ClientConfig } from "./connect-cloud.ts";

type Run = <T>(operation: string, call: () => Promise<T>) => Promise<T>;

export function stackService(config: ClientConfig, calls: CloudCalls): StackService {
  const client = new CloudFormationClient(config);
  const run: Run = (operation, call) =>
    calls.run({ service: "cloudformation", operation, region: config.region }, call);
  return { ...stackCalls(client, run), ...changeSetCalls(client, run) };
}

type StackCalls = Pick<
  StackService,
  "describe" | "list" | "template" | "resources" | "events" | "delete" | "setTerminationProtection"
>;

function stackCalls(client: CloudFormationClient, run: Run): StackCalls {
  return {
    describe: (nameOrId) =>
      run("DescribeStacks", async () => {
        const ask = new DescribeStacksCommand({ StackName: nameOrId });
        const answer = await orMissing(client.send(ask));
        const stack = answer?.Stacks?.[0];
        return stack === undefined ? null : stackOf(stack);
      }),
    list: async () => {
      const pages = await everyPage((NextToken) =>
        run("DescribeStacks", () => client.send(new DescribeStacksCommand({ NextToken }))),
      );
      const stacks = pages.flatMap(({ Stacks }) => Stacks ?? []).map(stackOf);
      return stacks.filter(({ status }) => status !== "DELETE_COMPLETE");
    },
    template: async (nameOrId) => {
      const ask = new GetTemplateCommand({ StackName: nameOrId, TemplateStage: "Original" });
      const answer = await run("GetTemplate", () => client.send(ask));
      return answer.TemplateBody ?? "{}";
    },
    resources: async (nameOrId) => {
      const pages = await everyPage((NextToken) =>
        run("ListStackResources", () =>
          client.send(new ListStackResourcesCommand({ StackName: nameOrId, NextToken })),
        ),
      );
      return pages
        .flatMap(({ StackResourceSummaries }) => StackResourceSummaries ?? [])
        .map((one): DeployedResource => ({
          logicalId: one.LogicalResourceId ?? "",
          physicalId: one.PhysicalResourceId ?? null,
          type: one.ResourceType ?? "",
          status: one.ResourceStatus ?? "",
        }));
    },
    events: (nameOrId, isKnown) => readEvents(client, run, nameOrId, isKnown),
    delete: async (nameOrId) => {
      await run("DeleteStack", () => orMissing(client.send(new DeleteStackCommand({ StackName: nameOrId }))));
    },
    setTerminationProtection: async (StackName, EnableTerminationProtection) => {
      const ask = new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection });
      await run("UpdateTerminationProtection", () => client.send(ask));
    },
  };
}

type ChangeSetCalls = Omit<StackService, keyof StackCalls>;

function changeSetCalls(client: CloudFormationClient, run: Run): ChangeSetCalls {
  return {
    createChangeSet: (request) => run("CreateChangeSet", () => createChangeSet(client, request)),
    describeChangeSet: async (StackName, ChangeSetName) => {
      const pages = await everyPage((NextToken) =>
        run("DescribeChangeSet", () =>
          orMissing(client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName, NextToken }))),
        ),
      );
      const [first] = pages;
      if (first === undefined || first === null) return null;
      return {
        status: first.Status ?? "",
        statusReason: first.StatusReason ?? null,
        executionStatus: first.ExecutionStatus ?? "",
        changes: pages.flatMap((page) => (page?.Changes ?? []).map(changeOf)),
      } satisfies ChangeSetView;
    },
    executeChangeSet: (StackName, ChangeSetName) =>
      run("ExecuteChangeSet", async () => {
        const token = tokenOf(ChangeSetName);
        const ask = new ExecuteChangeSetCommand({ StackName, ChangeSetName, ClientRequestToken: token });
        try {
          await client.send(ask);
          return "started" as const;
        } catch (failure) {
          const { name, message } = readFailure(failure);
          if (/^InvalidChangeSetStatus|^ChangeSetNotFound/.test(name) || isMissing(name, message))
            return "refused" as const;
          throw failure;
        }
      }),
    deleteChangeSet: async (StackName, ChangeSetName) => {
      const ask = new DeleteChangeSetCommand({ StackName, ChangeSetName });
      await run("DeleteChangeSet", () => orMissing(client.send(ask)));
    },
    changeSets: async (StackName) => {
      const pages = await everyPage((NextToken) =>
        run("ListChangeSets", () =>
          orMissing(client.send(new ListChangeSetsCommand({ StackName, NextToken }))),
        ),
      );
      return pages.flatMap((page) =>
        (page?.Summaries ?? []).flatMap(({ ChangeSetName: name }) => (name === undefined ? [] : [name])),
      );
    },
  };
}

async function createChangeSet(
  client: CloudFormationClient,
  { stack, name, kind, template, parameters, tags, capabilities }: ChangeSetRequest,
): Promise<"created" | "exists"> {
  const ask = new CreateChangeSetCommand({
    StackName: stack,
    ChangeSetName: name,
    ChangeSetType: kind,
    ClientToken: tokenOf(name),
    ...(template.kind === "body" ? { TemplateBody: template.body } : { TemplateURL: template.url }),
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: capabilities.map((capability) => capability as Capability),
  });
  try {
    await client.send(ask);
    return "created";
  } catch (failure) {
    if (readFailure(failure).name === "AlreadyExistsException") return "exists";
    throw failure;
  }
}

async function readEvents(
  client: CloudFormationClient,
  run: Run,
  StackName: string,
  isKnown: (event: StackEvent) => boolean,
): Promise<readonly StackEvent[]> {
  const events: StackEvent[] = [];
  let NextToken: string | undefined;
  do {
    const ask = new DescribeStackEventsCommand({ StackName, NextToken });
    const answer = await run("DescribeStackEvents", () => orMissing(client.send(ask)));
    for (const one of answer?.StackEvents ?? []) {
      const event: StackEvent = {
        id: one.EventId ?? "",
        atMs: one.Timestamp?.getTime() ?? 0,
        logicalId: one.LogicalResourceId ?? "",
        physicalId: one.PhysicalResourceId ?? null,
        type: one.ResourceType ?? "",
        status: one.ResourceStatus ?? "",
        reason: one.ResourceStatusReason ?? null,
      };
      if (isKnown(event)) return events;
      events.push(event);
    }
    NextToken = answer?.NextToken;
  } while (NextToken !== undefined);
  return events;
}

function stackOf(stack: Stack): DeployedStack {
  const pairs = (list: readonly (readonly [string | undefined, string | undefined])[]) =>
    Object.fromEntries(list.map(([key, value]) => [key ?? "", value ?? ""]));
  return {
    id: stack.StackId ?? "",
    name: stack.StackName ?? "",
    status: stack.StackStatus ?? "",
    statusReason: stack.StackStatusReason ?? null,
    tags: pairs((stack.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    parameters: Object.fromEntries(
      (stack.Parameters ?? []).map(({ ParameterKey, ParameterValue, ResolvedValue }) => [
        ParameterKey ?? "",
        { value: ParameterValue ?? "", resolved: ResolvedValue ?? null },
      ]),
    ),
    outputs: pairs((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
    terminationProtection: stack.EnableTerminationProtection ?? false,
    revision: (stack.LastUpdatedTime ?? stack.CreationTime)?.toISOString() ?? "",
  };
}

function changeOf({
  ResourceChange: change,
}: {
  readonly ResourceChange?:
    | {
        readonly Action?: string | undefined;
        readonly LogicalResourceId?: string | undefined;
        readonly ResourceType?: string | undefined;
        readonly Replacement?: string | undefined;
      }
    | undefined;
}): ChangeSetChange {
  return {
    action: change?.Action ?? "",
    logicalId: change?.LogicalResourceId ?? "",
    type: change?.ResourceType ?? "",
    replacement: (change?.Replacement as ChangeSetChange["replacement"] | undefined) ?? null,
  };
}

/** A client token may have 128 characters; the name of a change set says what it is for. */
const tokenOf = (name: string) => name.slice(0, 128);

function isMissing(name: string, message: string): boolean {
  return (
    name === "ChangeSetNotFoundException" ||
    name === "ChangeSetNotFound" ||
    (name === "ValidationError" && message.includes("does not exist"))
  );
}

/** Null where the stack or the change set does not exist. */
async function orMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (failure) {
    const { name, message } = readFailure(failure);
    if (isMissing(name, message)) return null;
    throw failure;
  }
}

async function everyPage<P extends { readonly NextToken?: string | undefined } | null>(
  read: (token: string | undefined) => Promise<P>,
): Promise<readonly P[]> {
  const pages: P[] = [];
  let token: string | undefined;
  do {
    const page = await read(token);
    pages.push(page);
    token = page?.NextToken;
  } while (token !== undefined);
  return pages;
}
