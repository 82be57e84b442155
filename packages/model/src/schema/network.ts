import { z } from "zod";
import { errors } from "../errors.ts";
import { part, report, without } from "./part.ts";
import {
  distinct,
  instanceType,
  logRetentionDays,
  sourceCidr,
  subnetCidr,
  vpcCidr,
  whole,
} from "./scalars.ts";

/** Subnet groups: public, private, or the private ones of a tiered website. */
export const subnetGroups = ["public", "private", "web", "app", "database"] as const;
export type SubnetGroup = (typeof subnetGroups)[number];

const subnets = z.union([z.literal("auto"), distinct(subnetCidr, "range").min(1)], {
  error: '"auto" or a list of ranges, one per zone',
});

const endpoints = [
  "s3",
  "dynamodb",
  "autoscaling",
  "ec2",
  "ec2messages",
  "ecr.api",
  "ecr.dkr",
  "ecs",
  "elasticloadbalancing",
  "kms",
  "lambda",
  "logs",
  "monitoring",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
  "xray",
] as const;

export const networkSchema = part({
  /** The range of the VPC, /16 to /28. Default "10.0.0.0/16". */
  cidr: vpcCidr.default("10.0.0.0/16"),
  /** How many availability zones an environment spans unless it says otherwise. Default 3. */
  zones: whole(1, 6).default(3),
  /** The subnets of each group: exact ranges, the first one in the first zone, or "auto". Default: public and private, "auto". */
  subnets: part({
    public: subnets.optional(),
    private: subnets.optional(),
    /** Private subnets of the web tier. */
    web: subnets.optional(),
    /** Private subnets of the application tier. */
    app: subnets.optional(),
    /** Private subnets of the databases. */
    database: subnets.optional(),
  }).default({ public: "auto", private: "auto" }),
  /** NAT gateways for the private subnets: one in each zone, one for all, or none. Default "per-zone". */
  natGateways: z.enum(["per-zone", "single", "none"]).default("per-zone"),
  /** enableDnsSupport of the VPC. Default true. */
  dnsSupport: z.boolean().default(true),
  /** enableDnsHostnames of the VPC. Default true. */
  dnsHostnames: z.boolean().default(true),
  /** VPC flow logs; null for none. Default: all traffic, kept 30 days. */
  flowLogs: part({
    /** What is recorded. Default "all". */
    traffic: z.enum(["all", "accept", "reject"]).default("all"),
    /** Days that flow logs are kept. Default 30. */
    retentionDays: logRetentionDays.default(30),
  })
    .nullable()
    .prefault({}),
  /** Network ACLs: "named-flows" allows only what the platform names, "open" leaves it to security groups. Default "named-flows". */
  networkAcls: z.enum(["named-flows", "open"]).default("named-flows"),
  /** VPC endpoints (gateway for s3 and dynamodb, interface for the others). Default: s3, which costs nothing. */
  endpoints: distinct(z.enum(endpoints), "endpoint").default(["s3"]),
  /** Connects the VPC with others by a transit gateway. Default none. */
  transitGateway: without(
    part({
      /** An existing gateway to attach to (tgw-…); null makes one. */
      id: z
        .string()
        .regex(/^tgw-[0-9a-f]{17}$/, 'the id of a transit gateway, such as "tgw-0123456789abcdef0"')
        .nullable()
        .default(null),
      /** Private ASN on the Amazon side. Default 64512. */
      amazonSideAsn: whole(64_512, 65_534).default(64_512),
    }),
  ),
  /** A host in a public subnet from which administrators reach the private ones by SSH. Default none. */
  bastion: without(
    part({
      /** Instance type. Default "t3.micro". */
      instance: instanceType("").default("t3.micro"),
      /** Where administrators come from; the whole internet is refused. */
      allowedCidrs: distinct(sourceCidr, "range").min(1),
      /** The stores that administrators may reach from it. Default none. */
      uses: distinct(z.string().min(1), "store").default([]),
    }).superRefine((value, context) => {
      for (const [index, cidr] of value.allowedCidrs.entries()) {
        if (cidr.endsWith("/0"))
          report(context, ["allowedCidrs", index], errors.MODEL_BASTION_OPEN({ cidr }));
      }
    }),
  ),
});
