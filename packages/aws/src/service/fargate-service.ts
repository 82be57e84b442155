import type { PlatformService } from "@tenantry/model";
import { CfnService, type CfnTaskDefinition } from "aws-cdk-lib/aws-ecs";
import type { CfnListenerRule } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { errors } from "../errors.ts";
import type { StoreAccess } from "../stacks/store-access.ts";
import type { ContainerImage } from "./container-image.ts";
import { deploymentConfiguration, shiftsTraffic } from "./deployment-configuration.ts";
import { ReleaseAlarms } from "./release-alarms.ts";
import { type Discovery, discoveryOf } from "./service-discovery.ts";
import { ServiceScaling } from "./service-scaling.ts";
import { ServiceSecurityGroup } from "./service-security-group.ts";
import { ServiceTargets } from "./service-targets.ts";
import { TaskDefinition } from "./task-definition.ts";
import { TaskRoles } from "./task-roles.ts";

/** Every text may hold tokens, so that a service may stand in a tenant's template. */
export interface FargateServiceProps {
  readonly service: PlatformService;
  /** Name of the ECS service, unique in the cluster. */
  readonly serviceName: string;
  /** Begins the names of what the account has only once, such as "shop-production". */
  readonly namePrefix: string;
  readonly cluster: { readonly arn: string; readonly name: string };
  readonly network: {
    readonly vpcId: string;
    /** The range of the VPC. */
    readonly cidr: string;
    /** AWS region. */
    readonly region: string;
    /** Where the tasks run. */
    readonly subnets: readonly string[];
  };
  /** The load balancer before it; null where nobody outside calls it. */
  readonly front: ServiceFront | null;
  readonly image: ContainerImage;
  readonly logs: {
    readonly group: string;
    readonly retentionDays: number;
    /** ARN of the key; null takes AWS's own. */
    readonly keyArn: string | null;
  };
  readonly names: {
    readonly taskRole: string | null;
    readonly executionRole: string | null;
    readonly targetGroup: string | null;
  };
  /** ARN of the policy beyond which no role can go; null for none. */
  readonly permissionsBoundary: string | null;
  /** What it needs of each store that it uses, and of each secret. */
  readonly access: readonly StoreAccess[];
  /** Variables besides those of the definition and of the stores. */
  readonly environment: Readonly<Record<string, string>>;
  readonly discovery: Discovery;
  /** Groups that let in who carries them, besides those of the stores: of services that it calls. */
  readonly clientGroups: readonly string[];
  /** Containers beside the program. Default none. */
  readonly sidecars?: readonly CfnTaskDefinition.ContainerDefinitionProperty[];
}

export interface ServiceFront {
  readonly listenerArn: string;
  /** Asked for only where a metric has it: a parameter that nothing uses would be a mistake. */
  readonly loadBalancerFullName: () => string;
  /** The load balancer's own group. */
  readonly securityGroup: string;
  /** The group that the load balancer reaches. */
  readonly targetSecurityGroup: string;
  readonly priority: number;
  readonly conditions: readonly CfnListenerRule.RuleConditionProperty[];
}

/** Groups that ECS takes for a task; unlike EC2's quota AWS does not raise it. */
const securityGroupsMax = 5;

/** A service on ECS Fargate with all that is its own: roles, log, group, targets, scaling. */
export class FargateService extends Construct {
  readonly service: PlatformService;
  readonly arn: string;
  readonly serviceName: string;
  readonly securityGroup: ServiceSecurityGroup;
  readonly targets: ServiceTargets | null;
  readonly taskRoleArn: string;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: FargateServiceProps) {
    super(scope, id);
    const { front, network, service } = props;
    this.service = service;
    const log = new CfnLogGroup(this, "Log", {
      logGroupName: props.logs.group,
      retentionInDays: props.logs.retentionDays,
      ...(props.logs.keyArn === null ? {} : { kmsKeyId: props.logs.keyArn }),
    });
    this.logGroupName = log.ref;
    const roles = new TaskRoles(this, "Roles", {
      names: props.names,
      permissionsBoundary: props.permissionsBoundary,
      statements: props.access.flatMap(({ statements }) => statements),
      executionStatements: [
        ...props.image.statements,
        ...props.access.flatMap(({ executionStatements }) => executionStatements),
      ],
      logGroupArn: log.attrArn,
    });
    this.taskRoleArn = roles.taskRoleArn;
    this.securityGroup = new ServiceSecurityGroup(this, "SecurityGroup", {
      service,
      vpcId: network.vpcId,
      cidr: network.cidr,
      region: network.region,
      loadBalancerGroup: front?.securityGroup ?? null,
    });
    this.targets = front === null ? null : this.#targets(props, front);
    const ecs = this.#ecsService(props, this.#taskDefinition(props, roles));
    this.arn = ecs.ref;
    this.serviceName = ecs.attrName;
    this.#scaling(props);
  }

  #targets(props: FargateServiceProps, front: ServiceFront): ServiceTargets {
    return new ServiceTargets(this, "Targets", {
      service: props.service,
      vpcId: props.network.vpcId,
      listenerArn: front.listenerArn,
      priority: front.priority,
      conditions: front.conditions,
      name: props.names.targetGroup,
      shiftsTraffic: shiftsTraffic(props.service),
      permissionsBoundary: props.permissionsBoundary,
    });
  }

  #taskDefinition(props: FargateServiceProps, roles: TaskRoles): TaskDefinition {
    const merged = (values: (access: StoreAccess) => Readonly<Record<string, string>>) =>
      Object.assign({}, ...props.access.map(values)) as Record<string, string>;
    return new TaskDefinition(this, "Task", {
      service: props.service,
      family: `${props.namePrefix}-${props.serviceName}`,
      image: props.image.image,
      taskRoleArn: roles.taskRoleArn,
      executionRoleArn: roles.executionRoleArn,
      logGroupName: this.logGroupName,
      environment: {
        ...merged(({ environment }) => environment),
        ...props.environment,
        // What the definition says itself wins.
        ...props.service.env,
      },
      secrets: merged(({ secrets }) => secrets),
      ...(props.sidecars === undefined ? {} : { sidecars: props.sidecars }),
    });
  }

  #ecsService(props: FargateServiceProps, task: TaskDefinition): CfnService {
    const { front, network, service } = props;
    const { max, min } = service.scaling;
    const resource = new CfnService(this, "Resource", {
      serviceName: props.serviceName,
      cluster: props.cluster.arn,
      taskDefinition: task.arn,
      platformVersion: "LATEST",
      capacityProviderStrategy: capacityOf(service.spotPercent),
      // Where scaling decides, a number here would undo it with every release: a busy service would fall back to its minimum.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
      ...(max > min ? {} : { desiredCount: min }),
      deploymentController: { type: "ECS" },
      deploymentConfiguration: deploymentConfiguration(service, this.#releaseAlarms(props)),
      availabilityZoneRebalancing: service.spreadOverZones ? "ENABLED" : "DISABLED",
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...network.subnets],
          securityGroups: this.#groups(props),
          assignPublicIp: "DISABLED",
        },
      },
      ...(front === null ? {} : { healthCheckGracePeriodSeconds: service.health.graceSeconds }),
      ...(this.targets === null ? {} : { loadBalancers: [this.#loadBalancer(this.targets)] }),
      ...discoveryOf(this, service, props.discovery, this.logGroupName),
      enableExecuteCommand: false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
    });
    // With two target groups the rule is named in the service anyway.
    if (this.targets?.shift === null) resource.addResourceDependency(this.targets.rule);
    return resource;
  }

  #groups(props: FargateServiceProps): string[] {
    const groups = [
      this.securityGroup.groupId,
      ...(props.front === null ? [] : [props.front.targetSecurityGroup]),
      ...props.access.flatMap(({ securityGroups }) => securityGroups),
      ...props.clientGroups,
    ];
    const distinct = [...new Set(groups)];
    if (distinct.length > securityGroupsMax) {
      const { name: service, uses } = props.service;
      throw errors.AWS_SECURITY_GROUPS({ service, count: distinct.length, limit: securityGroupsMax, uses });
    }
    return distinct;
  }

  #loadBalancer({ rule, shift, targetGroupArn }: ServiceTargets): CfnService.LoadBalancerProperty {
    return {
      containerName: this.service.name,
      containerPort: this.service.port,
      targetGroupArn,
      ...(shift === null
        ? {}
        : {
            advancedConfiguration: {
              alternateTargetGroupArn: shift.alternateTargetGroupArn,
              productionListenerRule: rule.ref,
              roleArn: shift.roleArn,
            },
          }),
    };
  }

  #releaseAlarms({ front, namePrefix, service, serviceName }: FargateServiceProps): readonly string[] {
    const { targets } = this;
    if (front === null || targets === null || targets.shift === null) return [];
    const alarms = new ReleaseAlarms(this, "ReleaseAlarms", {
      namePrefix,
      name: serviceName,
      loadBalancerFullName: front.loadBalancerFullName(),
      targetGroupFullNames: {
        main: targets.targetGroupFullName,
        alternate: targets.shift.alternateTargetGroupFullName,
      },
      analysis: service.deployment.analysis,
    });
    return alarms.alarmNames;
  }

  #scaling({ cluster, front, service }: FargateServiceProps): void {
    if (service.scaling.max === service.scaling.min) return;
    const { targets } = this;
    new ServiceScaling(this, "Scaling", {
      scaling: service.scaling,
      clusterName: cluster.name,
      serviceName: this.serviceName,
      requests:
        front === null || targets === null || service.scaling.targetRequestsPerMinute === null
          ? null
          : {
              loadBalancerFullName: front.loadBalancerFullName(),
              targetGroupFullNames: [
                targets.targetGroupFullName,
                ...(targets.shift === null ? [] : [targets.shift.alternateTargetGroupFullName]),
              ],
            },
    });
  }
}

/** Spot capacity can be taken away at two minutes' notice, so the first copy never runs on it unless all are to. */
function capacityOf(spotPercent: number): CfnService.CapacityProviderStrategyItemProperty[] {
  const spot = Math.round(spotPercent);
  if (spot === 0) return [{ capacityProvider: "FARGATE", base: 0, weight: 1 }];
  if (spot === 100) return [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }];
  return [
    { capacityProvider: "FARGATE", base: 1, weight: 100 - spot },
    { capacityProvider: "FARGATE_SPOT", weight: spot },
  ];
}
