// Goal: a deployment may do what its templates need, on the platform's own things, through CloudFormation, and can never widen that.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { App } from "aws-cdk-lib";
import { describe, expect, test } from "vitest";
import { isRead, isUnscoped, unscopedActions } from "../../src/identity/action-scope.ts";
import { accessStack } from "../../src/identity/access-stack.ts";
import { deploymentPolicy } from "../../src/identity/deployment-policy.ts";
import type { DeploymentScope } from "../../src/identity/deployment-resources.ts";
import { policySize, policySizeMax, splitPolicy } from "../../src/identity/split-policy.ts";
import { permissionsOf, permittedTypes } from "../../src/identity/type-permissions.ts";
import { type PolicyDocument, policyDocument, type Statement } from "../../src/policy/policy-document.ts";
import { edgeStacks } from "../../src/stacks/edge-stack.ts";
import { computeTemplates } from "../compute/compute-templates.ts";
import { documentPlatform, foundationTemplate } from "../foundation/document-platform.ts";
import { platformWith, resourcesOf, type Template } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";
import { isAllowed } from "./permissions.ts";

const scope: DeploymentScope = {
  platform: "shop",
  environment: "production",
  partition: "aws",
  account: "111122223333",
  regions: ["eu-west-1"],
  boundary: "arn:aws:iam::111122223333:policy/shop-production-boundary-*",
};
const templateWith = (...types: readonly string[]): Template => ({
  Resources: Object.fromEntries(types.map((Type, index) => [`Thing${index}`, { Type }])),
});
const everything = deploymentPolicy([templateWith(...permittedTypes)], scope);
const inStack = {
  "aws:CalledVia": "cloudformation.amazonaws.com",
  "aws:RequestedRegion": "eu-west-1",
} as const;
const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

/** Changes that a policy allows on every resource, besides the explained ones. */
function unexplained(policy: PolicyDocument): readonly string[] {
  return policy.Statement.filter(({ Effect, Resource }) => Effect === "Allow" && list(Resource).includes("*"))
    .flatMap(({ Action }) => list(Action))
    .filter(
      (action) => !isRead(action) && !isUnscoped(action) && action !== "cloudformation:ValidateTemplate",
    );
}

describe("types", () => {
  const source = fileURLToPath(new URL("../../src/", import.meta.url));
  // Who may come in, and the AWS Organization, an administrator deploys.
  const byAdministrators = /^(identity|organization)\/|^stacks\/organization-stack/;

  async function typesInSource(): Promise<readonly string[]> {
    const types = new Set<string>();
    for (const path of readdirSync(source, { recursive: true, encoding: "utf8" })) {
      if (!path.endsWith(".ts") || byAdministrators.test(path)) continue;
      const text = readFileSync(join(source, path), "utf8");
      for (const [, names = "", module = ""] of text.matchAll(
        /import \{([^}]*)\} from "(aws-cdk-lib\/aws-[^"]+)"/g,
      )) {
        const classes = (await import(module)) as Readonly<
          Record<string, { readonly CFN_RESOURCE_TYPE_NAME?: string } | undefined>
        >;
        for (const name of names.match(/\bCfn\w+/g) ?? []) {
          const type = classes[name]?.CFN_RESOURCE_TYPE_NAME;
          if (type !== undefined) types.add(type);
        }
      }
    }
    return [...types].sort();
  }

  test("S1.12 the permissions of every type that this package makes are known", async () => {
    const made = await typesInSource();
    expect(made.length).toBeGreaterThan(40);
    expect(made.filter((type) => !permittedTypes.includes(type))).toEqual([]);
  });

  test("a type that is not known stops synthesis", () => {
    expect(() => permissionsOf("AWS::Nothing::AtAll")).toThrow(/AWS::Nothing::AtAll/);
  });

  test("every action is written service:Action, and none has a wildcard", () => {
    for (const type of permittedTypes) {
      const actions = permissionsOf(type);
      expect(actions.length, type).toBeGreaterThan(0);
      for (const action of actions) expect(action, type).toMatch(/^[a-z0-9-]+:[A-Z]\w+$/);
    }
  });
});

describe("S1.12 the policy", () => {
  test("allows every action of every type in the templates, and of no other", () => {
    const allowed = new Set(
      everything.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => list(Action)),
    );
    for (const type of permittedTypes) {
      for (const action of permissionsOf(type)) expect(allowed, `${type} ${action}`).toContain(action);
    }
    const { Statement: statements } = deploymentPolicy([templateWith("AWS::SQS::Queue")], scope);
    // Templates that are too large to be sent go through a bucket of the deployment's own, whatever is in them.
    const small = JSON.stringify(statements.filter(({ Sid }) => Sid !== "KeepTemplates"));
    expect(small).toContain("sqs:CreateQueue");
    expect(small).not.toMatch(/"(ec2|rds|s3|ecs):/);
  });

  test("is narrower than the document's list: no service as a whole, nothing that changes on *, but for an explained list", () => {
    const allowed = everything.Statement.filter(({ Effect }) => Effect === "Allow");
    for (const { Action } of allowed) for (const action of list(Action)) expect(action).not.toContain("*");
    expect(unexplained(everything)).toEqual([]);
    const wide: Statement = { Effect: "Allow", Action: "rds:DeleteDBCluster", Resource: "*" };
    expect(unexplained(policyDocument(...everything.Statement, wide))).toEqual(["rds:DeleteDBCluster"]);
    expect(Object.values(unscopedActions).flat().filter(isRead)).toEqual([]);
  });

  test("acts through CloudFormation only, in the platform's regions, on the platform's names", () => {
    const asked = (action: string, resource: string, context: Readonly<Record<string, string>> = inStack) =>
      isAllowed([everything], { action, resource, context });
    const cluster = "arn:aws:rds:eu-west-1:111122223333:cluster:shop-production-data-main";
    expect(asked("rds:DeleteDBCluster", cluster)).toBe(true);
    expect(asked("rds:DeleteDBCluster", cluster, { "aws:RequestedRegion": "eu-west-1" })).toBe(false);
    expect(asked("rds:DeleteDBCluster", cluster, { ...inStack, "aws:RequestedRegion": "us-west-1" })).toBe(
      false,
    );
    expect(asked("rds:DeleteDBCluster", cluster.replace("shop-production", "shop-staging"))).toBe(false);
    expect(asked("s3:DeleteBucket", "arn:aws:s3:::shop-production-files")).toBe(true);
    expect(asked("s3:DeleteBucket", "arn:aws:s3:::another")).toBe(false);
    expect(asked("ssm:DeleteParameter", "arn:aws:ssm:eu-west-1:111122223333:parameter/other/x/y")).toBe(
      false,
    );
    expect(
      isAllowed([everything], {
        action: "cloudformation:DeleteStack",
        resource: "arn:aws:cloudformation:eu-west-1:111122223333:stack/other-data/1",
        context: { "aws:RequestedRegion": "eu-west-1" },
      }),
    ).toBe(false);
  });

  test("ends a VPC, a load balancer or a key only where it carries the tag of the environment", () => {
    for (const [action, resource] of [
      ["ec2:DeleteVpc", "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1"],
      ["kms:ScheduleKeyDeletion", "arn:aws:kms:eu-west-1:111122223333:key/1"],
      [
        "elasticloadbalancing:DeleteLoadBalancer",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/x/1",
      ],
    ] as const) {
      const tagged = (value: string) =>
        isAllowed([everything], {
          action,
          resource,
          context: { ...inStack, "aws:ResourceTag/Environment": value },
        });
      expect([tagged("production"), tagged("staging")], action).toEqual([true, false]);
    }
  });

  test("S1.10 makes and changes roles with the boundary only, and nothing of who may come in", () => {
    const role = "arn:aws:iam::111122223333:role/shop-production-services-AppRole";
    const boundary = "arn:aws:iam::111122223333:policy/shop-production-boundary-eu-west-1";
    const asked = (action: string, resource: string, context: object = {}) =>
      isAllowed([everything], { action, resource, context: { ...inStack, ...context } });
    for (const action of ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"]) {
      expect(asked(action, role), action).toBe(false);
      expect(asked(action, role, { "iam:PermissionsBoundary": boundary }), action).toBe(true);
    }
    const other = "arn:aws:iam::111122223333:policy/AdministratorAccess";
    expect(asked("iam:CreateRole", role, { "iam:PermissionsBoundary": other })).toBe(false);
    expect(asked("iam:DeleteRolePermissionsBoundary", role)).toBe(false);
    expect(asked("iam:UpdateAssumeRolePolicy", role)).toBe(true);
    const own = "arn:aws:iam::111122223333:role/access/shop-production-deployment";
    expect(asked("iam:UpdateAssumeRolePolicy", own)).toBe(false);
    expect(asked("iam:PassRole", own, { "iam:PassedToService": "ecs-tasks.amazonaws.com" })).toBe(false);
    for (const action of ["iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy"]) {
      expect(asked(action, boundary), action).toBe(false);
      expect(asked(action, "arn:aws:iam::111122223333:policy/shop-production-other"), action).toBe(true);
    }
    expect(JSON.stringify(everything.Statement)).not.toMatch(
      /"iam:\w*(User|Group|AccessKey|LoginProfile)\w*"/,
    );
  });

  test("takes names from the templates, with * for what only AWS knows", () => {
    const template: Template = {
      Resources: {
        Bucket: {
          Type: "AWS::S3::Bucket",
          Properties: { BucketName: { "Fn::Join": ["", ["data-", { Ref: "TenantId" }, "-files"]] } },
        },
        Any: { Type: "AWS::S3::Bucket", Properties: { BucketName: { Ref: "Name" } } },
        Secret: {
          Type: "AWS::SecretsManager::Secret",
          Properties: { Name: { "Fn::Sub": "db/${Tenant}/owner" } },
        },
      },
    };
    const policy = JSON.stringify(deploymentPolicy([template], scope));
    expect(policy).toContain('"arn:aws:s3:::data-*-files"');
    expect(policy).toContain(":secret:db/*/owner-??????");
    expect(policy).not.toContain('"arn:aws:s3:::*"');
  });
});

describe("splitting", () => {
  const parts = splitPolicy(everything);

  test("each part fits, and nothing is lost", () => {
    expect(policySize(everything)).toBeGreaterThan(policySizeMax);
    for (const part of parts) expect(policySize(part)).toBeLessThanOrEqual(policySizeMax);
    const grants = (policies: readonly PolicyDocument[]) =>
      policies
        .flatMap(({ Statement: statements }) => statements)
        .flatMap(({ Action, Condition, Effect, NotAction, Resource }) =>
          list(Action ?? NotAction).map((action) => JSON.stringify([action, Condition, Effect, Resource])),
        )
        .toSorted();
    expect(grants(parts)).toEqual(grants([everything]));
  });

  test("a statement of one action that does not fit is a mistake", () => {
    const Resource = Array.from({ length: 400 }, (_, index) => `arn:aws:s3:::bucket-${index}`);
    expect(() =>
      splitPolicy(policyDocument({ Effect: "Allow", Action: ["s3:GetObject"], Resource })),
    ).toThrow(/cannot be divided/);
  });
});

describe("the stack of who may come in", () => {
  /** What of the platform there is to deploy besides it. */
  function templatesOf(name: "saas-management" | "tenant-silos", environment: string): readonly Template[] {
    const platform = documentPlatform(name, environment);
    const app = new App({ analyticsReporting: false });
    const edge = edgeStacks(app, platform).map(({ artifactId }) => artifactId);
    const assembly = app.synth();
    return [
      foundationTemplate(documentPlatform(name, environment)),
      ...Object.values(computeTemplates(platform)),
      ...edge.map((id) => assembly.getStackArtifact(id).template as Template),
    ];
  }

  function accessOf(platform: Parameters<typeof accessStack>[1], templates: readonly Template[]): Template {
    const app = new App({ analyticsReporting: false });
    const stack = accessStack(app, platform, templates);
    return app.synth().getStackByName(stack.stackName).template as Template;
  }

  const production = accessOf(
    documentPlatform("saas-management", "production"),
    templatesOf("saas-management", "production"),
  );

  test("S1.12 the workflows of the repository deploy, from GitHub's environment of that name", () => {
    const { DeploymentRole: role } = resourcesOf(production, "AWS::IAM::Role");
    expect(role?.Properties).toMatchObject({
      Path: "/access/",
      RoleName: "saas-platform-production-deployment",
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
              StringEquals: {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub":
                  "repo:saasplatform/infrastructure:environment:production",
              },
            },
          },
        ],
      },
    });
    const policies = Object.values(resourcesOf(production, "AWS::IAM::ManagedPolicy"));
    expect(policies.length).toBeLessThanOrEqual(11);
    expect(Object.values(resourcesOf(production, "AWS::IAM::OIDCProvider"))[0]).toMatchObject({
      Condition: "DeploymentMakesGitHubProvider",
      DeletionPolicy: "RetainExceptOnCreate",
    });
  });

  test("S1.11 roles for other accounts are assumed from the management account, by people with a second factor", () => {
    const roles = resourcesOf(production, "AWS::IAM::Role");
    const trust = (id: string) => JSON.stringify(roles[id]?.Properties?.["AssumeRolePolicyDocument"]);
    expect(trust("CrossAccountAuditRole")).toContain("111122223333");
    expect(trust("CrossAccountAuditRole")).toContain('"aws:MultiFactorAuthPresent":"true"');
    expect(JSON.stringify(roles["CrossAccountAuditRole"]?.Properties?.["ManagedPolicyArns"])).toContain(
      "policy/SecurityAudit",
    );
    expect(roles["CrossAccountDeployRole"]?.Properties?.["ManagedPolicyArns"]).toEqual(
      roles["DeploymentRole"]?.Properties?.["ManagedPolicyArns"],
    );
  });

  test("S1.10 people can do nothing without a second factor, and set one up", () => {
    const [group] = Object.values(resourcesOf(production, "AWS::IAM::Group"));
    expect(group?.Properties?.["GroupName"]).toBe("saas-platform-production-people");
    const { GroupPeoplePolicy: policy } = resourcesOf(production, "AWS::IAM::ManagedPolicy");
    const document = JSON.parse(
      JSON.stringify(policy?.Properties?.["PolicyDocument"]).replaceAll(
        /\{"Fn::Join":\["",\[.*?\]\]\}/g,
        '"*"',
      ),
    ) as PolicyDocument;
    const administrator = policyDocument({ Effect: "Allow", Action: "*", Resource: "*" });
    const asked = (action: string, mfa: string | null) =>
      isAllowed([document, administrator], {
        action,
        context: mfa === null ? {} : { "aws:MultiFactorAuthPresent": mfa },
      });
    expect([
      asked("s3:GetObject", "true"),
      asked("s3:GetObject", "false"),
      asked("s3:GetObject", null),
    ]).toEqual([true, false, false]);
    expect([asked("iam:EnableMFADevice", "false"), asked("iam:DeactivateMFADevice", "false")]).toEqual([
      true,
      false,
    ]);
  });

  test("without a repository the account's people deploy, with a second factor; every variant passes AWS's validator", () => {
    const silos = accessOf(
      documentPlatform("tenant-silos", "production"),
      templatesOf("tenant-silos", "production"),
    );
    expect(resourcesOf(silos, "AWS::IAM::OIDCProvider")).toEqual({});
    const role = resourcesOf(silos, "AWS::IAM::Role")["DeploymentRole"];
    expect(JSON.stringify(role?.Properties?.["AssumeRolePolicyDocument"])).toContain(
      '"aws:MultiFactorAuthPresent":"true"',
    );
    const open = accessOf(
      platformWith({
        identity: {
          people: { mfa: "optional", access: ["team-a", "team-b"] },
          deployment: { permissions: "administrator", permissionsBoundary: false, repository: null },
        },
        organization: {
          crossAccountRoles: { money: { purpose: "Invoices", access: "billing", from: "444455556666" } },
        },
      }),
      [],
    );
    expect(Object.keys(resourcesOf(open, "AWS::IAM::Group"))).toHaveLength(2);
    for (const template of [production, silos, open]) expect(validateTemplate(template)).toEqual([]);
  });
});
