import { assert } from "@tenantry/base";
import type { Platform, PlatformService } from "@tenantry/model";
import { Aws, CfnParameter } from "aws-cdk-lib";
import { errors } from "../errors.ts";
import { ruleConditions } from "../load-balancer/rule-conditions.ts";
import { repositoryOf } from "../registry/registry.ts";
import { pascal, type PlatformStack } from "../stack/platform-stack.ts";
import { namedSecret, noAccess, type StoreAccess } from "../stacks/store-access.ts";
import { permissionsBoundary } from "../stacks/store-place.ts";
import { tracingVariables } from "../tracing/traced-service.ts";
import { tracingStatements } from "../tracing/tracing-statements.ts";
import { type ContainerImage, foreignImage, ownImage, versionOf } from "./container-image.ts";
import { FargateService, type ServiceFront } from "./fargate-service.ts";
import type { ServicePlace } from "./service-place.ts";

/** The services of a region that run on Fargate. What runs elsewhere has stacks of its own kind. */
export function fargateServices(services: Platform["services"]): readonly PlatformService[] {
  return Object.values(services).filter(({ compute }) => compute === "fargate");
}

/** Puts services into a stack, and opens to each of them the port of those that name it in `allowFrom`. */
export function addFargateServices(
  place: ServicePlace,
  services: readonly PlatformService[],
): ReadonlyMap<string, FargateService> {
  const made = new Map(services.map((service) => [service.name, addService(place, service)]));
  for (const { allowFrom, name } of services) {
    const called = made.get(name);
    assert(called !== undefined, `the service ${name} was not made`);
    for (const caller of allowFrom) {
      // "load-balancer" has its rule already; a bastion's group comes with the bastion.
      const group = made.get(caller)?.securityGroup.groupId ?? place.callerGroup(caller);
      if (group !== null) called.securityGroup.allow(caller, group);
    }
  }
  return made;
}

function addService(place: ServicePlace, service: PlatformService): FargateService {
  const { stack } = place;
  const { platform, region } = stack.site;
  // A store of the same name may stand beside it.
  return new FargateService(stack, `${pascal(service.name)}Service`, {
    service,
    serviceName: place.serviceName(service.name),
    namePrefix: `${platform.name}-${platform.environment}`,
    cluster: { arn: place.cell("cluster-arn"), name: place.cell("cluster-name") },
    network: {
      vpcId: stack.need("network/vpc-id"),
      cidr: region.network.cidr,
      region: stack.region,
      subnets: stack.needList(`network/subnets/${service.subnets}`),
    },
    front: frontOf(place, service),
    image: imageOf(stack, service),
    logs: {
      group: place.logGroup(service),
      retentionDays: service.logs.retentionDays,
      keyArn: stack.needKey("logs"),
    },
    names: {
      taskRole: place.ownName(service.names.taskRole),
      executionRole: place.ownName(service.names.executionRole),
      targetGroup: place.ownName(service.names.targetGroup),
    },
    permissionsBoundary: permissionsBoundary(stack),
    access: [
      ...service.uses.map((store) => place.access(store)),
      secretAccess(place, service),
      tracingAccess(stack, service.name),
    ],
    environment: place.environment,
    discovery: place.discovery(service),
    clientGroups: place.clientGroups(service),
  });
}

function frontOf(place: ServicePlace, service: PlatformService): ServiceFront | null {
  if (service.route === null) return null;
  if (service.protocol === "grpc" && place.stack.site.platform.routing.listener === "http") {
    throw errors.AWS_GRPC_LISTENER({ service: service.name });
  }
  const { hosts, originHeader } = place;
  return {
    listenerArn: place.cell("listener-arn"),
    loadBalancerFullName: () => place.cell("load-balancer-full-name"),
    securityGroup: place.cell("load-balancer-security-group"),
    targetSecurityGroup: place.cell("target-security-group"),
    priority: place.priority(service),
    conditions: ruleConditions({ hosts, route: service.route, originHeader }),
  };
}

function imageOf(stack: PlatformStack, { build, image, name }: PlatformService): ContainerImage {
  if (image !== null) {
    if (repositoryOf(image) === null) return foreignImage(image);
    return ownImage(stack.need(`registry/${name}`), versionOf(image));
  }
  if (build === null) throw errors.AWS_IMAGE_MISSING({ service: name });
  const tag = new CfnParameter(stack, `ImageTag-${pascal(name)}`, {
    type: "String",
    default: "latest",
    allowedPattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$",
    description: `The tag of the image of ${name} that runs.`,
  });
  return ownImage(stack.need(`registry/${name}`), `:${tag.valueAsString}`);
}

/** The secrets that the definition names, by variable. They exist before, and the program never sees more of them than the value. */
function secretAccess(place: ServicePlace, service: PlatformService): StoreAccess {
  const { stack } = place;
  const arns = Object.entries(service.secrets).map(([variable, pattern]) => {
    const name = place.fill(pattern);
    if (name.includes("{tenant}"))
      throw errors.AWS_SHARED_SECRET({ service: service.name, variable, pattern });
    return { variable, ...namedSecret(stack, name) };
  });
  if (arns.length === 0) return noAccess;
  const key = stack.needKey("secrets");
  return {
    ...noAccess,
    secrets: Object.fromEntries(arns.map(({ arn, variable }) => [variable, arn])),
    executionStatements: [
      {
        Sid: "ReadSecrets",
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: arns.map(({ resource }) => resource),
      },
      ...(key === null
        ? []
        : [
            {
              Sid: "DecryptSecrets",
              Effect: "Allow",
              Action: "kms:Decrypt",
              Resource: key,
              Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${Aws.REGION}.amazonaws.com` } },
            } as const,
          ]),
    ],
  };
}

/** Where the platform traces, every service may send what it has, under its name. */
function tracingAccess({ site }: PlatformStack, service: string): StoreAccess {
  const { tracing } = site.platform.observability;
  if (tracing === null) return noAccess;
  return {
    ...noAccess,
    statements: tracing.backend === "x-ray" ? tracingStatements() : [],
    environment: tracingVariables(site.platform, service),
  };
}
