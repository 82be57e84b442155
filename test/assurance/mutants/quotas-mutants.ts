import { resourceOf, resourcesOfType } from "./edit.ts";
import type { Mutant } from "./mutant.ts";
import {
  define,
  everywhere,
  first,
  foundation,
  management,
  repeat,
  scaleTo,
  silos,
  silosProduction,
  statement,
  template,
  tenant,
  withTenants,
} from "./quotas-edits.ts";
import { quotasNetworkMutants } from "./quotas-network-mutants.ts";

const manyTenants: readonly Mutant[] = [
  {
    name: "a cell of development is to hold 101 tenants",
    theme: "quotas",
    rule: "quotas/target-groups-per-load-balancer",
    platforms: silos,
    mutate: define(({ cells }) => (cells.capacity = 101)),
  },
  {
    name: "a cell is to hold one tenant more than there are certificates",
    theme: "quotas",
    rule: "quotas/certificates-per-load-balancer",
    platforms: silosProduction,
    mutate: define(({ cells }) => (cells.capacity = 26)),
  },
  {
    name: "a cell is to hold more tenants than the subnets have addresses",
    theme: "quotas",
    rule: "quotas/addresses-per-subnet",
    platforms: silos,
    mutate: define(({ cells }) => (cells.capacity = 95)),
  },
  {
    name: "a hundred and one tenants stand in one cell",
    theme: "quotas",
    rule: "quotas/rules-per-load-balancer",
    platforms: silos,
    mutate: (files) => withTenants(files, 101),
  },
  {
    name: "twenty tenants have a database of their own",
    theme: "quotas",
    rule: "quotas/db-instances",
    platforms: [["starter", "production"]],
    mutate: (files) => withTenants(files, 20),
  },
  {
    name: "the account has fewer roles than the platform needs",
    theme: "quotas",
    rule: "quotas/iam-roles",
    platforms: everywhere,
    mutate: define(({ cells }) => (cells.quotas["L-FE177D64"] = 4)),
  },
  {
    name: "the account has fewer vCPUs than the services scale to",
    theme: "quotas",
    rule: "quotas/fargate-vcpus",
    platforms: everywhere,
    mutate: define(({ cells }) => (cells.quotas["L-3032A538"] = 3)),
  },
];

const scaling: readonly Mutant[] = [
  {
    name: "a tenant's service scales beyond what a load balancer sends to",
    theme: "quotas",
    rule: "quotas/targets-per-load-balancer",
    platforms: [...silos, ["starter", "production"]],
    mutate: tenant(scaleTo(1001)),
  },
  {
    name: "a tenant's service scales beyond a target group",
    theme: "quotas",
    rule: "quotas/targets-per-target-group",
    platforms: silos,
    mutate: tenant(scaleTo(1001)),
  },
  {
    name: "a service scales beyond the tasks of a service",
    theme: "quotas",
    rule: "quotas/tasks-per-service",
    platforms: management,
    mutate: template("services", scaleTo(5001)),
  },
  {
    name: "tenants scale beyond the addresses of their subnets",
    theme: "quotas",
    rule: "quotas/addresses-per-subnet",
    platforms: silos,
    mutate: tenant(scaleTo(250)),
  },
  {
    name: "each task has a pool of twenty connections",
    theme: "quotas",
    rule: "quotas/postgres-connections",
    platforms: silos,
    mutate: tenant((content) => {
      const [container] = first(content, "AWS::ECS::TaskDefinition").Properties["ContainerDefinitions"];
      container.Environment.push({ Name: "MAIN_POOL_MAX", Value: "20" });
    }),
  },
  {
    name: "PostgreSQL takes twenty connections",
    theme: "quotas",
    rule: "quotas/postgres-connections",
    platforms: silos,
    mutate: template("data", (content) => {
      first(content, "AWS::RDS::DBClusterParameterGroup").Properties["Parameters"]["max_connections"] = "20";
    }),
  },
];

const identity: readonly Mutant[] = [
  {
    name: "a role whose own policies are too long",
    theme: "quotas",
    rule: "quotas/inline-policy-size",
    platforms: [...silos, ["starter", "production"]],
    mutate: tenant((content) => {
      const [policy] = first(content, "AWS::IAM::Role").Properties["Policies"];
      policy.PolicyDocument.Statement.push(statement(250));
    }),
  },
  {
    name: "policies beside a role that are too long together",
    theme: "quotas",
    rule: "quotas/inline-policy-size",
    platforms: silos,
    mutate: tenant((content) => {
      const [role] = resourcesOfType(content, "AWS::IAM::Role");
      for (const name of ["One", "Two"])
        content.Resources[`Beside${name}`] = {
          Type: "AWS::IAM::Policy",
          Properties: {
            PolicyName: name,
            Roles: [{ Ref: role?.[0] ?? "" }],
            PolicyDocument: { Version: "2012-10-17", Statement: [statement(120)] },
          },
        };
    }),
  },
  {
    name: "a role with eleven managed policies",
    theme: "quotas",
    rule: "quotas/managed-policies-per-role",
    platforms: silos,
    mutate: tenant((content) => {
      first(content, "AWS::IAM::Role").Properties["ManagedPolicyArns"] = Array.from(
        { length: 11 },
        (_, index) => `arn:aws:iam::aws:policy/Some${index}`,
      );
    }),
  },
  {
    name: "a trust policy that is too long",
    theme: "quotas",
    rule: "quotas/trust-policy-size",
    platforms: everywhere,
    mutate: foundation((content) => {
      const { AssumeRolePolicyDocument: trust } = first(content, "AWS::IAM::Role").Properties;
      trust.Statement[0].Condition = {
        StringEquals: { "aws:PrincipalArn": statement(60).Resource },
      };
    }),
  },
  {
    name: "a managed policy that is too long",
    theme: "quotas",
    rule: "quotas/managed-policy-size",
    platforms: everywhere,
    mutate: template("access", (content) => {
      const { PolicyDocument } = first(content, "AWS::IAM::ManagedPolicy").Properties;
      PolicyDocument.Statement.push(statement(10));
    }),
  },
];

const stores: readonly Mutant[] = [
  {
    name: "every tenant brings fourteen databases",
    theme: "quotas",
    rule: "quotas/db-instances",
    platforms: silos,
    mutate: tenant((content) => {
      for (let index = 0; index < 14; index += 1)
        content.Resources[`Own${index}`] = {
          Type: "AWS::DocDB::DBInstance",
          Properties: { DBInstanceClass: "db.r5.large", DBClusterIdentifier: "somebody-elses" },
        };
    }),
  },
  {
    name: "three hundred rules on the event bus",
    theme: "quotas",
    rule: "quotas/rules-per-event-bus",
    platforms: [...silosProduction, ...management],
    mutate: template("operations", (content) =>
      repeat(content, "AWS::Events::Rule", 300, (copy) => {
        delete copy.Properties["Name"];
      }),
    ),
  },
  {
    name: "more than five hundred resources in a template",
    theme: "quotas",
    rule: "quotas/resources-per-template",
    platforms: everywhere,
    mutate: foundation((content) =>
      repeat(content, "AWS::SSM::Parameter", 500, (copy, index) => {
        copy.Properties["Name"] = `/more/${index}`;
      }),
    ),
  },
  {
    name: "more than two hundred parameters in a template",
    theme: "quotas",
    rule: "quotas/parameters-per-template",
    platforms: silos,
    mutate: tenant((content) => {
      for (let index = 0; index < 200; index += 1)
        content.Parameters = { ...content.Parameters, [`More${index}`]: { Type: "String", Default: "x" } };
    }),
  },
];

const names: readonly Mutant[] = [
  {
    name: "a bucket whose name is too long for a long tenant id",
    theme: "quotas",
    rule: "quotas/name-lengths",
    platforms: silos,
    mutate: tenant((content) => {
      first(content, "AWS::S3::Bucket").Properties["BucketName"] = {
        "Fn::Sub": "saas-platform-${TenantId}-with-much-more-in-its-name",
      };
    }),
  },
  {
    name: "a role whose name is too long for a long tenant id",
    theme: "quotas",
    rule: "quotas/name-lengths",
    platforms: [...silos, ["starter", "production"]],
    mutate: tenant((content) => {
      first(content, "AWS::IAM::Role").Properties["RoleName"] = {
        "Fn::Sub": "the-role-of-the-tasks-of-the-service-of-${TenantId}",
      };
    }),
  },
  {
    name: "a load balancer whose name is too long",
    theme: "quotas",
    rule: "quotas/name-lengths",
    platforms: everywhere,
    mutate: template("cell", (content) => {
      const [found] = resourcesOfType(content, "AWS::ElasticLoadBalancingV2::LoadBalancer");
      resourceOf(content, found?.[0] ?? "").Properties["Name"] = "the-load-balancer-of-the-first-cell-of-all";
    }),
  },
];

export const quotasMutants: readonly Mutant[] = [
  ...manyTenants,
  ...scaling,
  ...quotasNetworkMutants,
  ...identity,
  ...stores,
  ...names,
];
