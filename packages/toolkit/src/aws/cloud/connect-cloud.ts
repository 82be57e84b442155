import type { Clock, Random } from "@tenantry/base";
import type { Cloud, CloudRegion } from "./cloud.ts";
import { CloudCalls, type CloudCallsOptions, defaultCloudCalls, type RetriedCall } from "./cloud-calls.ts";

/** Keys of AWS, where the default chain (environment, profile, role of the machine) is not wanted. */
export interface CloudCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface CloudConnection {
  /** Region of the services that have one endpoint for an account. */
  readonly homeRegion: string;
  /** Without them the SDK looks where it always does. */
  readonly credentials?: CloudCredentials | undefined;
  /** A named profile of the shared configuration files. */
  readonly profile?: string | undefined;
  /** Another endpoint for all services, such as an emulator. AWS_ENDPOINT_URL works too. */
  readonly endpoint?: string | undefined;
  readonly calls?: Partial<CloudCallsOptions> | undefined;
}

export interface CloudPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly onRetry: (retry: RetriedCall) => void;
}

const connectionTimeoutMs = 5_000;
const requestTimeoutMs = 30_000;

/** Connects to AWS. The only place that makes clients of the SDK. */
export async function connectCloud(connection: CloudConnection, ports: CloudPorts): Promise<Cloud> {
  // Loaded on demand: the commands that stay on this machine start without them.
  const [{ stackService }, { parameterService }, { bucketService }, { quotaService }, sts, route53] =
    await Promise.all([
      import("./stack-service.ts"),
      import("./parameter-service.ts"),
      import("./bucket-service.ts"),
      import("../quotas/quota-service.ts"),
      import("@aws-sdk/client-sts"),
      import("@aws-sdk/client-route-53"),
    ]);
  const calls = new CloudCalls({ ...defaultCloudCalls, ...connection.calls }, ports);
  const configOf = (region: string) => clientConfig(connection, region);
  const home = connection.homeRegion;
  const regions = new Map<string, CloudRegion>();

  return {
    identify: async () => {
      const client = new sts.STSClient(configOf(home));
      const place = { service: "sts", operation: "GetCallerIdentity", region: home };
      const answer = await calls.run(place, () => client.send(new sts.GetCallerIdentityCommand({})));
      return { account: answer.Account ?? "", arn: answer.Arn ?? "" };
    },
    hostedZoneId: async (domain) => {
      const client = new route53.Route53Client(configOf(home));
      const place = { service: "route53", operation: "ListHostedZonesByName", region: home };
      const ask = new route53.ListHostedZonesByNameCommand({ DNSName: domain, MaxItems: 10 });
      const { HostedZones } = await calls.run(place, () => client.send(ask));
      const zone = HostedZones?.find(
        ({ Name, Config }) => Name === `${domain}.` && Config?.PrivateZone !== true,
      );
      return zone?.Id?.replace("/hostedzone/", "") ?? null;
    },
    region: (name) => {
      const known = regions.get(name);
      if (known !== undefined) return known;
      const config = configOf(name);
      const region: CloudRegion = {
        name,
        stacks: stackService(config, calls),
        parameters: parameterService(config, calls),
        buckets: bucketService(config, calls),
        quotas: quotaService(config, calls),
      };
      regions.set(name, region);
      return region;
    },
  };
}

/** What every client of the SDK is made with. */
export interface ClientConfig {
  readonly region: string;
  readonly credentials?: CloudCredentials;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: boolean;
  };
}

/** How every client of the SDK is set up: we repeat calls ourselves. */
export function clientConfig(
  { credentials, profile, endpoint }: Pick<CloudConnection, "credentials" | "profile" | "endpoint">,
  region: string,
): ClientConfig {
  return {
    region,
    ...(credentials === undefined ? {} : { credentials }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    // We repeat calls ourselves, at a rate that all of them share.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  };
}
