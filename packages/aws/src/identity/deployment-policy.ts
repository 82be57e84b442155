import { type PolicyDocument, policyDocument, type Statement } from "../policy/policy-document.ts";
import { globalServices, isRead, isUnscoped } from "./action-scope.ts";
import {
  type DeployedTemplate,
  type DeploymentScope,
  namesInTemplates,
  resourcesOfService,
} from "./deployment-resources.ts";
import { accessPath } from "./access-path.ts";
import { permissionsOf } from "./type-permissions.ts";

/** CloudFormation calls on behalf of the deployment; by hand, outside a stack, the deployment can do none of it. */
const throughCloudFormation = {
  "ForAnyValue:StringEquals": { "aws:CalledVia": "cloudformation.amazonaws.com" },
} as const;

/** Changes of a role's rights: AWS lets a condition ask for the boundary in these. */
const roleRights: ReadonlySet<string> = new Set([
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:DeleteRolePolicy",
  "iam:DetachRolePolicy",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
]);

/** Things with random ids that always carry the platform's tags: what ends them is granted on those with its environment only. */
const onOwnTagsOnly: ReadonlySet<string> = new Set([
  "ec2:DeleteInternetGateway",
  "ec2:DeleteNatGateway",
  "ec2:DeleteNetworkAcl",
  "ec2:DeleteRouteTable",
  "ec2:DeleteSecurityGroup",
  "ec2:DeleteSubnet",
  "ec2:DeleteVpc",
  "elasticloadbalancing:DeleteLoadBalancer",
  "elasticloadbalancing:DeleteTargetGroup",
  "kms:DisableKey",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
]);

/**
 * What a deployment of these templates needs, and nothing else: for each resource type in them the actions by which CloudFormation
 * makes, reads, changes, tags and deletes it, on the platform's own names where the service has names, in its account and
 * regions where it has not.
 *
 * Roles can be made and changed with the permissions boundary only; who may come in (the deployment's own role among them) and the boundary cannot be
 * changed at all, so nothing that is deployed ever widens what may be deployed.
 */
export function deploymentPolicy(
  templates: readonly DeployedTemplate[],
  scope: DeploymentScope,
): PolicyDocument {
  const types = new Set(
    templates.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)),
  );
  const actions = [...new Set([...types].flatMap(permissionsOf))].sort();
  const names = namesInTemplates(templates);
  const writes = actions.filter((action) => !isRead(action));
  const scoped = Map.groupBy(
    writes.filter((action) => !isUnscoped(action) && !action.startsWith("iam:")),
    (action) => action.slice(0, action.indexOf(":")),
  );
  return policyDocument(
    ...stackStatements(scope, actions.includes("s3:CreateBucket")),
    {
      Sid: "Read",
      Effect: "Allow",
      Action: actions.filter(isRead),
      // Nothing is changed by them, and half of them have no resource level.
      Resource: "*",
      Condition: throughCloudFormation,
    },
    ...[...scoped].flatMap(([service, own]) =>
      serviceStatements(own, resourcesOfService(service, scope, names), scope),
    ),
    ...unscopedStatement(writes.filter(isUnscoped), scope),
    ...roleStatements(
      writes.filter((action) => action.startsWith("iam:")),
      resourcesOfService("iam", scope, names),
      scope,
    ),
    ...denials(scope),
  );
}

/** What a deployment does itself: stacks, the values that they hand to one another, its lock, and templates too large to be sent. */
function stackStatements(scope: DeploymentScope, makesBuckets: boolean): readonly Statement[] {
  const { partition, account, platform, environment, regions } = scope;
  const Condition = { StringEquals: { "aws:RequestedRegion": [...regions] } };
  const prefix = `${platform}-${environment}-`;
  // Its bucket holds templates that are too large for a request. CloudFormation makes its name of the stack's first characters.
  const templateStack = `tenantry-${platform}-${environment}`;
  const templateBucket = `arn:${partition}:s3:::${templateStack.slice(0, 24)}*`;
  return [
    {
      Sid: "Stacks",
      Effect: "Allow",
      Action: [
        "cloudformation:CancelUpdateStack",
        "cloudformation:ContinueUpdateRollback",
        "cloudformation:CreateChangeSet",
        "cloudformation:CreateStack",
        "cloudformation:DeleteChangeSet",
        "cloudformation:DeleteStack",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeEvents",
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStackResources",
        "cloudformation:DescribeStacks",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:GetTemplate",
        "cloudformation:GetTemplateSummary",
        "cloudformation:ListChangeSets",
        "cloudformation:ListStackResources",
        "cloudformation:RollbackStack",
        "cloudformation:TagResource",
        "cloudformation:UntagResource",
        "cloudformation:UpdateStack",
        "cloudformation:UpdateTerminationProtection",
      ],
      Resource: [
        `arn:${partition}:cloudformation:*:${account}:stack/${prefix}*`,
        `arn:${partition}:cloudformation:*:${account}:stack/${templateStack}/*`,
        `arn:${partition}:cloudformation:*:${account}:changeSet/*`,
      ],
      Condition,
    },
    {
      Sid: "LookBefore",
      Effect: "Allow",
      // What the account may have of each thing; and whether a bucket's name is free in all of AWS.
      Action: ["servicequotas:GetServiceQuota", ...(makesBuckets ? ["s3:ListBucket"] : [])],
      Resource: "*",
    },
    {
      Sid: "FindStacks",
      Effect: "Allow",
      Action: [
        "cloudformation:ListStacks",
        "cloudformation:ValidateTemplate",
        "route53:ListHostedZonesByName",
      ],
      Resource: "*",
    },
    {
      Sid: "ReadValues",
      Effect: "Allow",
      Action: ["ssm:GetParameter", "ssm:GetParameters"],
      Resource: `arn:${partition}:ssm:*:${account}:parameter/${platform}/${environment}/*`,
      Condition,
    },
    {
      Sid: "KeepLock",
      Effect: "Allow",
      Action: ["ssm:DeleteParameter", "ssm:PutParameter"],
      Resource: `arn:${partition}:ssm:*:${account}:parameter/${platform}/${environment}/deployment/*`,
      Condition,
    },
    {
      Sid: "KeepTemplates",
      Effect: "Allow",
      Action: [
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:GetBucketPolicy",
        "s3:GetObject",
        "s3:ListBucketVersions",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:PutObject",
      ],
      Resource: [templateBucket, `${templateBucket}/*`],
      Condition,
    },
  ];
}

function serviceStatements(
  actions: readonly string[],
  resources: readonly string[],
  { environment, regions }: DeploymentScope,
): readonly Statement[] {
  const service = actions[0]?.split(":")[0] ?? "";
  const Condition = {
    ...throughCloudFormation,
    ...(globalServices.has(service)
      ? {}
      : { StringEquals: { "aws:RequestedRegion": [...regions] as readonly string[] } }),
  };
  const tagged = actions.filter((action) => onOwnTagsOnly.has(action));
  const others = actions.filter((action) => !onOwnTagsOnly.has(action));
  return [
    ...(others.length === 0
      ? []
      : [{ Effect: "Allow", Action: others, Resource: resources, Condition } as const]),
    ...(tagged.length === 0
      ? []
      : [
          {
            Effect: "Allow",
            Action: tagged,
            Resource: resources,
            Condition: {
              ...Condition,
              StringEquals: { ...Condition.StringEquals, "aws:ResourceTag/Environment": environment },
            },
          } as const,
        ]),
  ];
}

function unscopedStatement(actions: readonly string[], { regions }: DeploymentScope): readonly Statement[] {
  if (actions.length === 0) return [];
  return [
    {
      Sid: "WithoutResourceLevel",
      Effect: "Allow",
      Action: actions,
      Resource: "*",
      Condition: {
        ...throughCloudFormation,
        // Requests to services without regions count as us-east-1's.
        StringEquals: { "aws:RequestedRegion": [...new Set([...regions, "us-east-1"])].sort() },
      },
    },
  ];
}

function roleStatements(
  actions: readonly string[],
  resources: readonly string[],
  scope: DeploymentScope,
): readonly Statement[] {
  const { account, boundary, partition } = scope;
  const rights = actions.filter((action) => roleRights.has(action));
  const special = new Set(["iam:PassRole", "iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole"]);
  const others = actions.filter((action) => !roleRights.has(action) && !special.has(action));
  const linked = actions.filter((action) => action.endsWith("ServiceLinkedRole"));
  const allow = (
    Sid: string,
    Action: readonly string[],
    Resource: Statement["Resource"],
    Condition: Statement["Condition"],
  ): readonly Statement[] =>
    Action.length === 0
      ? []
      : [
          {
            Sid,
            Effect: "Allow",
            Action,
            ...(Resource === undefined ? {} : { Resource }),
            ...(Condition === undefined ? {} : { Condition }),
          },
        ];
  return [
    ...allow("RoleRights", rights, resources, {
      ...throughCloudFormation,
      ...(boundary === null ? {} : { ArnLike: { "iam:PermissionsBoundary": boundary } }),
    }),
    ...allow("Roles", others, resources, throughCloudFormation),
    ...allow(
      "PassRoles",
      actions.filter((action) => action === "iam:PassRole"),
      resources.filter((arn) => arn.includes(":role/")),
      // To services only, and never to a person's session.
      { StringLike: { "iam:PassedToService": "*.amazonaws.com" } },
    ),
    ...allow(
      "ServiceLinkedRoles",
      linked,
      `arn:${partition}:iam::${account}:role/aws-service-role/*`,
      throughCloudFormation,
    ),
  ];
}

function denials({ account, boundary, partition }: DeploymentScope): readonly Statement[] {
  return [
    {
      Sid: "DenyAccess",
      Effect: "Deny",
      NotAction: ["iam:Get*", "iam:List*"],
      Resource: [
        `arn:${partition}:iam::${account}:role${accessPath}*`,
        `arn:${partition}:iam::${account}:policy${accessPath}*`,
        ...(boundary === null ? [] : [boundary]),
      ],
    },
    ...(boundary === null
      ? []
      : [
          {
            Sid: "DenyRemovingBoundary",
            Effect: "Deny",
            Action: "iam:DeleteRolePermissionsBoundary",
            Resource: "*",
          } as const,
        ]),
  ];
}
