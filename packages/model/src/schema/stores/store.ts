import { z } from "zod";
import { bucketSchema } from "./bucket.ts";
import { documentdbSchema } from "./documentdb.ts";
import { brokerSchema, queueSchema, topicSchema } from "./messaging.ts";
import { postgresSchema } from "./postgres.ts";
import { redisSchema } from "./redis.ts";

/** Everything that keeps data or messages. */
export const storeSchema = z.discriminatedUnion("kind", [
  postgresSchema,
  documentdbSchema,
  redisSchema,
  bucketSchema,
  queueSchema,
  topicSchema,
  brokerSchema,
]);
