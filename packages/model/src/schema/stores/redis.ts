import { z } from "zod";
import { errors } from "../../errors.ts";
import { part, report } from "../part.ts";
import { instanceType, port, secretPattern, whole } from "../scalars.ts";
import { versionOf } from "./versions.ts";

export const redisSchema = part({
  kind: z.literal("redis"),
  /** Redis OSS or Valkey. Default "redis". */
  engine: z.enum(["redis", "valkey"]).default("redis"),
  /** Engine version, such as "7.1". Default "7". */
  version: versionOf("Redis", ["6", "7", "8"]).default("7"),
  /** Node type, such as "t4g.small" or "cache.t4g.small". Default "t4g.small". */
  instance: instanceType("cache.").default("t4g.small"),
  /** Nodes in all: shards and their replicas. Default 1. */
  nodes: whole(1, 90).default(1),
  /** Cluster mode: keys are spread over shards. Needs two nodes. Default false. */
  clusterMode: z.boolean().default(false),
  /** Shards in cluster mode, each with as many of the nodes. Default 1. */
  shards: whole(1, 90).default(1),
  /** Replicas in other zones that take over by themselves. Default: with two nodes. */
  multiAz: z.boolean().optional(),
  /** Port. Default 6379. */
  port: port.default(6379),
  /** Encryption in transit (TLS) and an auth token. Default true. */
  tls: z.boolean().default(true),
  /** Name of the secret with the auth token. Default "{platform}/{environment}/{store}/auth". */
  secret: secretPattern.default("{platform}/{environment}/{store}/auth"),
  /** Days of snapshots; 0 for none. Default 1. */
  snapshotRetentionDays: whole(0, 35).default(1),
  /** What it does when memory is full. Default "volatile-lru". */
  eviction: z.enum(["volatile-lru", "allkeys-lru", "noeviction"]).default("volatile-lru"),
  /** What it is for; says so in documents and dashboards. Default ["cache"]. */
  purposes: z
    .array(z.enum(["cache", "sessions", "rate-limits"]))
    .min(1)
    .default(["cache"]),
  /** Subnets of the nodes. Default: "database" where the network has such, else "private". */
  subnets: z.enum(["private", "database"]).optional(),
}).superRefine(({ nodes, clusterMode, multiAz, shards }, context) => {
  // ElastiCache makes a cluster of one node, and CloudFormation cannot change it any more:
  // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1275
  if (nodes === 1 && clusterMode)
    report(
      context,
      ["nodes"],
      errors.MODEL_REDIS_NODES({ nodes, reason: "cluster mode needs a second one to take over" }),
    );
  else if (nodes === 1 && multiAz === true)
    report(context, ["nodes"], errors.MODEL_REDIS_NODES({ nodes, reason: "a standby is a node as well" }));
  else if (shards > 1 && !clusterMode)
    report(context, ["shards"], errors.MODEL_REDIS_SHARDS_UNUSED({ shards }));
  else if (nodes % shards !== 0 || nodes / shards > 6)
    report(context, ["shards"], errors.MODEL_REDIS_SHARDS({ nodes, shards }));
  else if (multiAz === true && nodes === shards)
    report(context, ["multiAz"], errors.MODEL_REDIS_REPLICAS({ nodes, shards, least: shards * 2 }));
});
