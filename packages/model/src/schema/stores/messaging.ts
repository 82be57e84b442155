import { z } from "zod";
import { part, without } from "../part.ts";
import { distinct, instanceType, secretPattern, timeOfDay, whole } from "../scalars.ts";
import { versionOf } from "./versions.ts";

/** SQS. */
export const queueSchema = part({
  kind: z.literal("queue"),
  /** Exactly-once, in order (FIFO). Default false. */
  fifo: z.boolean().default(false),
  /** Seconds until a received message is shown again. Default 30. */
  visibilityTimeoutSeconds: whole(0, 43_200).default(30),
  /** Days that a message is kept. Default 4. */
  retentionDays: whole(1, 14).default(4),
  /** A queue for messages that failed; null for none. Default after 5 receives. */
  deadLetter: part({ receivesMax: whole(1, 1000).default(5) })
    .nullable()
    .prefault({}),
});

/** SNS. */
export const topicSchema = part({
  kind: z.literal("topic"),
  /** In order, without doubles (FIFO). Default false. */
  fifo: z.boolean().default(false),
  /** Queues and functions that get every message. Default none. */
  subscribers: distinct(z.string().min(1), "subscriber").default([]),
});

/** Amazon MQ for RabbitMQ. */
export const brokerSchema = part({
  kind: z.literal("broker"),
  /** Default "rabbitmq". */
  engine: z.literal("rabbitmq").default("rabbitmq"),
  /** Engine version. Default "3.13". */
  version: versionOf("RabbitMQ", ["3.13", "4.2"]).default("3.13"),
  /** Instance type, such as "mq.m5.large". Default "m5.large". */
  instance: instanceType("mq.").default("m5.large"),
  /** One node, or three in three zones. Default "cluster". */
  mode: z.enum(["single", "cluster"]).default("cluster"),
  /** Name of the secret with user and password. Default "{platform}/{environment}/{store}/master". */
  secret: secretPattern.default("{platform}/{environment}/{store}/master"),
  /** Weekly maintenance; null leaves it to AWS. */
  maintenance: without(
    part({
      /** Day of the week. */
      day: z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]),
      /** Time of day, UTC, such as "03:00". */
      time: timeOfDay,
    }),
  ),
  /** Subnets of the nodes. Default: "database" where the network has such, else "private". */
  subnets: z.enum(["private", "database"]).optional(),
});
