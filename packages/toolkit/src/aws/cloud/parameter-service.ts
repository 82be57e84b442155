import {
  DeleteParameterCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import type { ParameterService } from "./cloud.ts";
import type { CloudCalls } from "./cloud-calls.ts";
import { readFailure } from "./cloud-failure.ts";
import type { ClientConfig } from "./connect-cloud.ts";

/** How many names GetParameters takes. */
const namesMax = 10;

export function parameterService(config: ClientConfig, calls: CloudCalls): ParameterService {
  const client = new SSMClient(config);
  const run = <T>(operation: string, call: () => Promise<T>) =>
    calls.run({ service: "ssm", operation, region: config.region }, call);
  return {
    values: async (names) => {
      const values = new Map<string, string>();
      for (let start = 0; start < names.length; start += namesMax) {
        const ask = new GetParametersCommand({ Names: names.slice(start, start + namesMax) });
        const { Parameters } = await run("GetParameters", () => client.send(ask));
        for (const { Name, Value } of Parameters ?? []) {
          if (Name !== undefined && Value !== undefined) values.set(Name, Value);
        }
      }
      return values;
    },
    create: (name, value, description) =>
      run("PutParameter", async () => {
        const ask = { Name: name, Value: value, Type: "String", Overwrite: false } as const;
        try {
          await client.send(new PutParameterCommand({ ...ask, Description: description }));
          return "created" as const;
        } catch (failure) {
          if (readFailure(failure).name === "ParameterAlreadyExists") return "exists" as const;
          throw failure;
        }
      }),
    overwrite: async (name, value) => {
      const ask = { Name: name, Value: value, Type: "String", Overwrite: true } as const;
      await run("PutParameter", () => client.send(new PutParameterCommand(ask)));
    },
    delete: (name) =>
      run("DeleteParameter", async () => {
        try {
          await client.send(new DeleteParameterCommand({ Name: name }));
        } catch (failure) {
          if (readFailure(failure).name !== "ParameterNotFound") throw failure;
        }
      }),
  };
}
