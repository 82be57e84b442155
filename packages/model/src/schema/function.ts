import { z } from "zod";
import { part, without } from "./part.ts";
import {
  distinct,
  envVariables,
  logGroupPattern,
  logRetentionDays,
  schedule,
  secretPattern,
  variableName,
  whole,
} from "./scalars.ts";

const trigger = z.discriminatedUnion("kind", [
  /** Messages of an SQS queue. */
  part({
    kind: z.literal("queue"),
    /** Name of a queue. */
    queue: z.string().min(1),
    /** Messages per call. Default 10. */
    batchSize: whole(1, 10_000).default(10),
  }),
  /** Objects that are written to or removed from an S3 bucket. */
  part({
    kind: z.literal("bucket"),
    /** Name of a bucket. */
    bucket: z.string().min(1),
    /** What happens to the object. Default ["created"]. */
    events: distinct(z.enum(["created", "removed", "restored"]), "event")
      .min(1)
      .default(["created"]),
    /** Keys that begin so. Default all. */
    prefix: z.string().max(1024).default(""),
    /** A queue in between, so that bursts and failures lose nothing. Default none. */
    through: z.string().min(1).nullable().default(null),
  }),
  /** A clock. */
  part({ kind: z.literal("schedule"), schedule }),
]);

/** Lambda. */
export const functionSchema = part({
  kind: z.literal("function").default("function"),
  /** What it does. */
  purpose: z.string().max(200).default(""),
  runtime: z
    .enum(["nodejs22.x", "nodejs24.x", "python3.13", "provided.al2023", "container"])
    .default("nodejs24.x"),
  /** Folder of the code (or of the Dockerfile), from the folder of the definition. */
  code: z.string().min(1),
  /** File and export that are called. Default "index.handler". */
  handler: z.string().min(1).default("index.handler"),
  /** CPU architecture. Default "x86_64". */
  architecture: z.enum(["x86_64", "arm64"]).default("x86_64"),
  /** MiB. Default 512. */
  memoryMiB: whole(128, 10_240).default(512),
  /** Seconds until a call is stopped. Default 30. */
  timeoutSeconds: whole(1, 900).default(30),
  /** Calls at once that are kept for it; null takes from the account. */
  reservedConcurrency: whole(0, 100_000).nullable().default(null),
  /** What calls it. */
  triggers: z.array(trigger).min(1),
  /** The stores that it may reach. Default none besides its triggers. */
  uses: distinct(z.string().min(1), "store").default([]),
  /** Environment variables. Default none. */
  env: envVariables.default({}),
  /** Secrets as environment variables: variable → name of a secret in Secrets Manager. Default none. */
  secrets: z.record(variableName, secretPattern).default({}),
  /** Where its log goes, and the days that it is kept. Default "/{platform}/{environment}/{service}", as long as observability.logs says. */
  logs: part({ group: logGroupPattern.optional(), retentionDays: logRetentionDays.optional() }).prefault({}),
  /** Whether it runs inside the VPC. Default: where it uses a store that is only there. */
  inVpc: z.boolean().optional(),
  /** Subnets in which it runs, inside the VPC. Default: "private" where the network has such, else "app". */
  subnets: z.enum(["private", "web", "app"]).optional(),
  /** Traced by X-Ray. Default true. */
  tracing: z.boolean().default(true),
  /** A queue that gets the calls that failed. Default none. */
  onFailure: without(z.string().min(1)),
});
