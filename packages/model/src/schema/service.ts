import { z } from "zod";
import { errors } from "../errors.ts";
import { checked, part, report, without } from "./part.ts";
import {
  distinct,
  envVariables,
  instanceType,
  logGroupPattern,
  logRetentionDays,
  percent,
  port,
  rolePattern,
  route,
  secretPattern,
  targetGroupPattern,
  urlPath,
  variableName,
  whole,
} from "./scalars.ts";

export const computes = ["fargate", "eks", "ec2", "lambda"] as const;
export const compute = z.enum(computes);

const imageShape =
  /^(\{registry\}\/)?[a-z0-9]+([._-][a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]{1,2}[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

const image = checked(z.string().max(512), (value) =>
  imageShape.test(value) ? null : errors.MODEL_IMAGE({ value }),
);

const statusCodes = checked(z.string(), (value) =>
  /^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/.test(value)
    ? null
    : errors.MODEL_STATUS_CODES({ value }),
);

const scaling = part({
  /** Fewest copies (desired count at the start). Default 2. */
  min: whole(0, 5000).default(2),
  /** Most copies. Default 8. */
  max: whole(1, 5000).default(8),
  /** Target tracking: average CPU that scaling aims at, percent. Default 70. */
  targetCpuPercent: percent(1, 100).nullable().default(70),
  /** Target tracking on memory, percent. Default none. */
  targetMemoryPercent: percent(1, 100).nullable().default(null),
  /** Target tracking on requests per minute and copy (ALBRequestCountPerTarget). Default none. */
  targetRequestsPerMinute: whole(1, 1_000_000).nullable().default(null),
}).superRefine(({ min, max }, context) => {
  if (min > max) report(context, [], errors.MODEL_SCALING_RANGE({ min, max }));
});

const health = part({
  /** The path that must answer. Default "/healthz". */
  path: urlPath.default("/healthz"),
  /** Seconds between two checks. Default 30. */
  intervalSeconds: whole(5, 300).default(30),
  /** Seconds to wait for an answer; below the interval. Default 5. */
  timeoutSeconds: whole(2, 120).default(5),
  /** Good answers in a row until a copy gets traffic. Default 2. */
  healthyThreshold: whole(2, 10).default(2),
  /** Bad answers in a row until it gets none. Default 3. */
  unhealthyThreshold: whole(2, 10).default(3),
  /** HTTP status codes that count as good (Matcher). Default "200-399". */
  successCodes: statusCodes.default("200-399"),
  /** Seconds after the start in which bad answers do not count. Default 60. */
  graceSeconds: whole(0, 7200).default(60),
}).superRefine(({ timeoutSeconds, intervalSeconds }, context) => {
  if (timeoutSeconds >= intervalSeconds) {
    report(context, ["timeoutSeconds"], errors.MODEL_HEALTH_TIMEOUT({ timeoutSeconds, intervalSeconds }));
  }
});

const analysis = part({
  /** Fewest requests that succeed, percent. Default 99. */
  successRatePercentMin: percent().default(99),
  /** Most requests that fail with 5xx, percent. Default 1. */
  errorRatePercentMax: percent().default(1),
  /** Highest 99th percentile of latency, milliseconds. Default 500. */
  latencyP99MsMax: whole(1, 600_000).default(500),
  /** Seconds between two looks at the metrics. Default 60. */
  intervalSeconds: whole(10, 3600).default(60),
  /** Looks that may fail before the release is rolled back. Default 1. */
  failuresMax: whole(0, 100).default(1),
});

const deployment = part({
  /** How a new version takes over. Default "rolling", with a circuit breaker. "blue-green-canary" shifts the traffic of a blue/green pair in steps. */
  strategy: z.enum(["rolling", "blue-green", "canary", "blue-green-canary"]).default("rolling"),
  /** Whether a failed release goes back by itself. Default "automatic". */
  rollback: z.enum(["automatic", "manual"]).default("automatic"),
  /** Traffic shifting of a canary; 100 % follows the last step. Default none. */
  steps: z
    .array(part({ percent: percent(1, 99), pauseMinutes: whole(0, 10_080) }))
    .max(20)
    .default([]),
  /** What the metrics must say while traffic shifts. Default none. */
  analysis: without(analysis),
  /** Minutes that the old version stays after the switch (bake time). Default 5. */
  bakeMinutes: whole(0, 1440).default(5),
}).superRefine(({ steps }, context) => {
  const percents = steps.map((step) => step.percent);
  if (percents.some((value, index) => index > 0 && value <= (percents[index - 1] ?? 0))) {
    report(context, ["steps"], errors.MODEL_CANARY_STEPS({ percents }));
  }
});

const word = z.string().min(1).max(4096);
const program = z.string({ error: 'the program, such as "node"' }).min(1).max(4096);
const command = z.tuple([program], word, {
  error: "a list of text: the program and its arguments",
});

const local = part({
  /** Program and arguments, run without a shell from the folder of the definition, with PORT set. */
  command,
  /** Environment variables besides PORT. Default none. */
  env: envVariables.default({}),
});

export const serviceSchema = part({
  kind: z.literal("service").default("service"),
  /** Container image: repository and tag, or digest. "{registry}/" stands for the platform's own registry (ECR). */
  image: image.nullable().default(null),
  /** How the image is built, from the folder of the definition. */
  build: without(part({ context: z.string().min(1), dockerfile: z.string().min(1).default("Dockerfile") })),
  /** How the service runs on this machine; null where only an image exists. */
  local: without(local),
  /** Where it runs. Default: the platform's compute. */
  compute: compute.optional(),
  /** CPU architecture. Default "x86_64". */
  architecture: z.enum(["x86_64", "arm64"]).default("x86_64"),
  /** The port that it listens on. Default 8080. */
  port: port.default(8080),
  /** What it speaks. Default "http". */
  protocol: z.enum(["http", "grpc", "tcp"]).default("http"),
  /** CPU of one copy, in units of 1/1024 vCPU. Default 256. */
  cpuUnits: whole(64, 196_608).default(256),
  /** Memory of one copy, MiB. Default 512. */
  memoryMiB: whole(64, 786_432).default(512),
  /** How many copies, and what makes more of them. */
  scaling: scaling.prefault({}),
  /** Health check of the load balancer, and readiness and liveness probes. */
  health: health.prefault({}),
  /** How new versions arrive. */
  deployment: deployment.prefault({}),
  /** How other services find it (Cloud Map, Service Connect). Default "service-connect". */
  discovery: z.enum(["service-connect", "cloud-map", "none"]).default("service-connect"),
  /** Share of copies on Fargate Spot or EC2 Spot, percent. Default 0. */
  spotPercent: percent().default(0),
  /** Subnets in which it runs. Default "private". */
  subnets: z.enum(["private", "web", "app"]).default("private"),
  /** The machines of a service on EC2. Default none. */
  instance: without(
    part({
      /** EC2 instance type, such as "t3.medium". */
      type: instanceType(""),
      /** Encrypted EBS root volume, GiB. Default 30. */
      volumeGiB: whole(8, 16_384).default(30),
      /** EBS volume type. Default "gp3". */
      volumeType: z.enum(["gp3", "gp2", "io2"]).default("gp3"),
    }),
  ),
  /** Who may open connections to its port: "load-balancer", "bastion" (to its machines by SSH as well) or names of services. Default: the load balancer where it has a route, else nobody. */
  allowFrom: distinct(z.string().min(1), "caller").optional(),
  /** The stores that it may reach; every other one is closed to it. Default none. */
  uses: distinct(z.string().min(1), "store").default([]),
  /** Outgoing internet traffic. Default "all" (image pulls and APIs through NAT). */
  egress: z.enum(["all", "none"]).default("all"),
  /** Kubernetes namespace. Default "default". */
  namespace: z.string().min(1).max(63).default("default"),
  /** The path prefix that the gateway serves it under; null for an internal service. Default null. */
  route: route.nullable().default(null),
  /** Whom the gateway lets through: everybody at the tenant's host, or only who shows a credential of the tenant. Default "public": who shows none is nobody. */
  access: z.enum(["public", "members"]).default("public"),
  /** Whether the service also gets the bearer token that the gateway has verified. Default false: the signed context says who asks. */
  forwardAuthorization: z.boolean().default(false),
  /** Requests per minute and tenant at this service, below what the tier allows. Default none. */
  rateLimit: without(
    part({ requestsPerMinute: whole(1, 10_000_000), burst: whole(1, 10_000_000).nullable().default(null) }),
  ),
  /** Environment variables. Default none. */
  env: envVariables.default({}),
  /** Secrets as environment variables: variable → name of a secret in Secrets Manager. Default none. */
  secrets: z.record(variableName, secretPattern).default({}),
  /** Where its log goes. */
  logs: part({
    /** CloudWatch log group, with {tenant} for one per silo tenant. Default "/{platform}/{environment}/{service}", with the tenant behind it in a silo. */
    group: logGroupPattern.optional(),
    /** Days until entries are deleted. Default: what observability.logs says. */
    retentionDays: logRetentionDays.optional(),
  }).prefault({}),
  /** Names that would otherwise be made by CloudFormation. Default: CloudFormation makes them. */
  names: part({
    /** IAM role of the running task. */
    taskRole: rolePattern.nullable().default(null),
    /** IAM role that pulls the image and writes the log. */
    executionRole: rolePattern.nullable().default(null),
    /** Target group of the load balancer; at most 32 characters. */
    targetGroup: targetGroupPattern.nullable().default(null),
  }).prefault({}),
  /** How the container is held. */
  container: part({
    /** User id inside; never root unless 0 is written. Default 10001. */
    userId: whole(0, 65_534).default(10_001),
    /** Whether the root file system is read-only. Default true. */
    readOnlyRoot: z.boolean().default(true),
  }).prefault({}),
  /** Vertical scaling on EKS (VPA): advice, or changes. Default "off". */
  verticalScaling: z.enum(["off", "recommend", "auto"]).default("off"),
  /** Copies spread over zones and never two on one machine while others are free. Default true. */
  spreadOverZones: z.boolean().default(true),
  /** Fewest copies during voluntary disruptions (PodDisruptionBudget), below scaling.min. Default 1, and 0 for a single copy. */
  availableMin: whole(0, 5000).optional(),
});
