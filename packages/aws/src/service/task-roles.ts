import { Aws } from "aws-cdk-lib";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { assumedBy, policyDocument, type Statement } from "../policy/policy-document.ts";
import { acknowledgeWildcards } from "../policy/acknowledge-wildcards.ts";

export interface TaskRolesProps {
  /** Names where the platform names them; null lets CloudFormation make one. May hold tokens. */
  readonly names: { readonly taskRole: string | null; readonly executionRole: string | null };
  /** ARN of the policy beyond which neither role can go; null for none. */
  readonly permissionsBoundary: string | null;
  /** What the program may do. Nothing where it is empty. */
  readonly statements: readonly Statement[];
  /** What ECS does before the program starts: pull the image, read the secrets. */
  readonly executionStatements: readonly Statement[];
  /** ARN of the log group that the tasks write to. */
  readonly logGroupArn: string;
}

/** The two roles of one service, which no other service has. */
export class TaskRoles extends Construct {
  readonly taskRoleArn: string;
  readonly executionRoleArn: string;

  constructor(scope: Construct, id: string, props: TaskRolesProps) {
    super(scope, id);
    const writeLog: Statement = {
      Sid: "WriteLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: props.logGroupArn,
    };
    this.taskRoleArn = this.#role("TaskRole", props.names.taskRole, "Task", props.statements, props);
    this.executionRoleArn = this.#role(
      "ExecutionRole",
      props.names.executionRole,
      "Execution",
      [writeLog, ...props.executionStatements],
      props,
    );
  }

  #role(
    id: string,
    roleName: string | null,
    policyName: string,
    statements: readonly Statement[],
    { permissionsBoundary }: TaskRolesProps,
  ): string {
    const role = new CfnRole(this, id, {
      assumeRolePolicyDocument: assumedBy("ecs-tasks.amazonaws.com", tasksOfThisAccount),
      ...(roleName === null ? {} : { roleName }),
      ...(permissionsBoundary === null ? {} : { permissionsBoundary }),
      ...(statements.length === 0
        ? {}
        : { policies: [{ policyName, policyDocument: policyDocument(...statements) }] }),
    });
    acknowledgeWildcards(
      role,
      statements,
      "Wildcards are objects of a bucket that the service uses, the end of a secret's ARN, and actions without a resource level.",
    );
    return role.attrArn;
  }
}

/** Nobody else's tasks get the role by way of ECS (the confused deputy). */
const tasksOfThisAccount = {
  StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
  ArnLike: { "aws:SourceArn": `arn:${Aws.PARTITION}:ecs:${Aws.REGION}:${Aws.ACCOUNT_ID}:*` },
} as const;
