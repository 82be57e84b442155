import { type Judgment, judgment, type Subject } from "../finding.ts";
import { ecrImage, hasMovingTag, secretOf } from "../references.ts";
import {
  type ContainerSnapshot,
  isMissing,
  type RegionSnapshot,
  type ServiceSnapshot,
  type Snapshot,
  type TaskDefinitionSnapshot,
  valueOf,
} from "../snapshot.ts";
import { shared, subjectOfService } from "../subjects.ts";

/** Memory in MiB that Fargate takes for CPU units: least, most and step (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size). */
const fargateSizes: Readonly<Record<number, readonly [least: number, most: number, step: number]>> = {
  256: [512, 1024, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16384, 1024],
  4096: [8192, 30720, 1024],
  8192: [16384, 61440, 4096],
  16384: [32768, 122880, 8192],
};

/** What the task definitions of services name: images, secrets, log groups, sizes. */
export function judgeTaskDefinitions(snapshot: Snapshot): readonly Judgment[] {
  return snapshot.regions.flatMap((region) =>
    region.services.flatMap((service) => {
      const { taskDefinition: arn } = service;
      const affected = [subjectOfService(service, region.region)];
      if (arn !== null && isMissing(region.taskDefinitions, arn))
        return [
          judgment({
            severity: "error",
            code: "TASK_DEFINITION_MISSING",
            subject: { kind: "task-definition", id: arn, region: region.region, tenant: service.tenant },
            affected,
            what: `the task definition ${arn} of ${service.name} does not exist`,
            fix: [`tenantry deploy ${snapshot.environment}`],
          }),
        ];
      const definition = valueOf(region.taskDefinitions, arn);
      return definition === null ? [] : judgeDefinition(definition, { service, region, snapshot, affected });
    }),
  );
}

interface Context {
  readonly service: ServiceSnapshot;
  readonly region: RegionSnapshot;
  readonly snapshot: Snapshot;
  readonly affected: readonly Subject[];
}

function judgeDefinition(definition: TaskDefinitionSnapshot, context: Context): readonly Judgment[] {
  return [
    ...judgeSize(definition, context),
    ...definition.containers.flatMap((container) => [
      ...judgeImage(container, context),
      ...judgeSecrets(container, context),
      ...judgeLog(container, context),
    ]),
  ];
}

function judgeSize(
  definition: TaskDefinitionSnapshot,
  { service, region, affected }: Context,
): readonly Judgment[] {
  const { cpu, memoryMiB, isFargate, arn, family } = definition;
  if (!isFargate || cpu === null || memoryMiB === null) return [];
  const [least, most, step] = fargateSizes[cpu] ?? [];
  const fits =
    least !== undefined &&
    most !== undefined &&
    step !== undefined &&
    memoryMiB >= least &&
    memoryMiB <= most &&
    // The smallest size has three amounts that are not at equal distances: 512, 1024 and 2048.
    (memoryMiB - least) % step === 0;
  const isSmallest = cpu === 256 && memoryMiB === 2048;
  if (fits || isSmallest) return [];
  return [
    judgment({
      severity: "error",
      code: "TASK_SIZE_IMPOSSIBLE",
      subject: { kind: "task-definition", id: arn, region: region.region, tenant: service.tenant },
      cause: `${cpu} ${memoryMiB}`,
      affected,
      what: `Fargate has no task of ${cpu} CPU units and ${memoryMiB} MiB, which ${family} asks for`,
      because:
        least === undefined
          ? [`CPU units can be ${Object.keys(fargateSizes).join(", ")}`]
          : [`with ${cpu} CPU units, memory is ${least} to ${most} MiB in steps of ${step}`],
      fix: ["correct cpuUnits and memoryMiB of the service in the definition, then deploy"],
    }),
  ];
}

function judgeImage(
  { image }: ContainerSnapshot,
  { region, affected, snapshot }: Context,
): readonly Judgment[] {
  const subject = shared("image", image, region.region);
  const parsed = ecrImage(image);
  if (isMissing(region.images, image) && parsed !== null) {
    const { repository, version } = parsed;
    return [
      judgment({
        severity: "error",
        code: "IMAGE_MISSING",
        subject,
        affected,
        what: `the repository ${repository} has no image ${version}`,
        because: [`the task definition names ${image}`],
        fix: [
          `tenantry images push ${snapshot.environment}`,
          `aws ecr list-images --region ${parsed.region} --repository-name ${repository}`,
        ],
      }),
    ];
  }
  if (!hasMovingTag(image)) return [];
  return [
    judgment({
      severity: "note",
      code: "IMAGE_TAG_MOVES",
      subject,
      affected,
      what: `${image} names no fixed version: tasks that start later can run another program`,
      fix: ["name a version or a digest in the definition, such as web:1.4.2"],
    }),
  ];
}

function judgeSecrets(
  { secrets }: ContainerSnapshot,
  { service, region, affected }: Context,
): readonly Judgment[] {
  const names = new Map(secrets.map(({ name, from }) => [secretOf(from) ?? "", name]));
  return [...names].flatMap(([arn, variable]): readonly Judgment[] => {
    const subject = { kind: "secret", id: arn, region: region.region, tenant: service.tenant } as const;
    const cause = service.tenant === null ? arn : variable;
    const common = {
      severity: "error",
      subject,
      cause,
      affected,
      because: [`the variable ${variable} is to come from it`],
    } as const;
    const secret = valueOf(region.secrets, arn);
    if (isMissing(region.secrets, arn))
      return [
        judgment({
          ...common,
          code: "SECRET_MISSING",
          what: `the secret ${arn} that ${service.name} needs does not exist`,
          fix: [
            "tenantry deploy, where a stack makes it",
            `aws secretsmanager create-secret --region ${region.region} --name <name> --secret-string <value>`,
          ],
        }),
      ];
    if (secret?.deletedAtMs == null) return [];
    return [
      judgment({
        ...common,
        code: "SECRET_DELETED",
        what: `the secret ${secret.name} that ${service.name} needs is marked for deletion and cannot be read`,
        fix: [`aws secretsmanager restore-secret --region ${region.region} --secret-id ${arn}`],
      }),
    ];
  });
}

function judgeLog(
  { logGroup }: ContainerSnapshot,
  { service, region, affected }: Context,
): readonly Judgment[] {
  if (logGroup === null || !isMissing(region.logGroups, logGroup)) return [];
  return [
    judgment({
      severity: "error",
      code: "LOG_GROUP_MISSING",
      subject: { kind: "log-group", id: logGroup, region: region.region, tenant: service.tenant },
      cause: service.tenant === null ? logGroup : "log-group",
      affected,
      what: `the log group ${logGroup} that ${service.name} writes to does not exist, and without it no task starts`,
      fix: [`aws logs create-log-group --region ${region.region} --log-group-name ${logGroup}`],
    }),
  ];
}
