import { resourceOf } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  allowed,
  containerOf,
  join,
  mutantOf,
  silo,
  silos,
  starter,
  tenant,
} from "./tenant-template-edits.ts";

const mutant = mutantOf("names");

const arnOf = (service: string, ...rest: readonly unknown[]) =>
  join(
    "arn:",
    { Ref: "AWS::Partition" },
    `:${service}:`,
    { Ref: "AWS::Region" },
    ":",
    { Ref: "AWS::AccountId" },
    ":",
    ...rest,
  );

const told = (variables: Readonly<Record<string, unknown>>) =>
  silo((template) => {
    for (const [Name, Value] of Object.entries(variables))
      containerOf(template).Environment.push({ Name, Value });
  });

/** Names that are reached by how they begin. */
export const prefixMutants: readonly Mutant[] = [
  mutant(
    "objects of a bucket without a slash behind the id",
    "prefixes-apart",
    silos,
    allowed({
      Action: "s3:GetObject",
      Resource: join("arn:", { Ref: "AWS::Partition" }, ":s3:::saas-platform-", tenant, "*"),
    }),
  ),
  mutant(
    "log groups by their beginning",
    "prefixes-apart",
    [...silos, ...starter],
    allowed({
      Action: "logs:GetLogEvents",
      Resource: arnOf("logs", "log-group:/tenants/", tenant, "*"),
    }),
  ),
  mutant(
    "a secret with a star for what AWS adds",
    "prefixes-apart",
    starter,
    allowed({
      Action: "secretsmanager:GetSecretValue",
      Resource: arnOf("secretsmanager", "secret:starter/production/main/tenant/", tenant, "-*"),
    }),
  ),
  mutant(
    "parameters below a path that is not closed",
    "prefixes-apart",
    [...silos, ...starter],
    allowed({
      Action: "ssm:GetParametersByPath",
      Resource: arnOf("ssm", "parameter/tenants/", tenant, "*"),
    }),
  ),
  mutant(
    "a star before the id",
    "prefixes-apart",
    silos,
    allowed({
      Action: "s3:GetObject",
      Resource: join("arn:", { Ref: "AWS::Partition" }, ":s3:::*-", tenant, "-data-*"),
    }),
  ),
  mutant(
    "the beginning of objects that may be listed",
    "prefixes-apart",
    silos,
    allowed({
      Action: "s3:ListBucket",
      Resource: join("arn:", { Ref: "AWS::Partition" }, ":s3:::saas-platform-shared"),
      Condition: { StringLike: { "s3:prefix": join(tenant, "*") } },
    }),
  ),
  mutant(
    "keys of a cache that begin with the bare id",
    "prefixes-apart",
    [...silos, ...starter],
    told({ CACHE_HOST: "cache", CACHE_KEY_PREFIX: tenant }),
  ),
  mutant(
    "keys of a cache that begin alike for all",
    "prefixes-apart",
    [...silos, ...starter],
    told({ CACHE_HOST: "cache", CACHE_KEY_PREFIX: "app:" }),
  ),
  mutant(
    "access logs below a prefix that is not closed",
    "prefixes-apart",
    silos,
    silo((template) => {
      resourceOf(template, "Data").Properties["LoggingConfiguration"].LogFilePrefix = join("s3/", tenant);
    }),
  ),
];
