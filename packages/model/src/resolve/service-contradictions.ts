import { errors } from "../errors.ts";
import type { PlatformService } from "../platform.ts";
import type { ParsedDefinition } from "../schema/definition.ts";
import type { Report } from "./report.ts";

type Service = Pick<
  PlatformService,
  | "name"
  | "compute"
  | "allowFrom"
  | "availableMin"
  | "deployment"
  | "egress"
  | "memoryMiB"
  | "protocol"
  | "route"
  | "scaling"
  | "verticalScaling"
>;

/** What a service says in two places and cannot mean. */
export function checkServiceContradictions(service: Service, parsed: ParsedDefinition, report: Report): void {
  const path = ["services", service.name];
  const { allowFrom, compute, memoryMiB, protocol, route, scaling } = service;
  if (route !== null && !allowFrom.includes("load-balancer")) {
    report([...path, "route"], errors.MODEL_ROUTE_UNREACHABLE({ route }));
  }
  if (protocol === "tcp" && allowFrom.includes("load-balancer")) {
    report([...path, "protocol"], errors.MODEL_PROTOCOL_LOAD_BALANCER({}));
  }
  const bastion = allowFrom.indexOf("bastion");
  if (bastion !== -1 && parsed.network.bastion === null) {
    report([...path, "allowFrom", bastion], errors.MODEL_BASTION_MISSING({}));
  }
  if (compute === "lambda" && (memoryMiB < 128 || memoryMiB > 10_240)) {
    report([...path, "memoryMiB"], errors.MODEL_LAMBDA_MEMORY({ memoryMiB }));
  }
  const { min, max, targetCpuPercent, targetMemoryPercent, targetRequestsPerMinute } = scaling;
  const targets = [targetCpuPercent, targetMemoryPercent, targetRequestsPerMinute];
  if (max > min && targets.every((target) => target === null)) {
    report([...path, "scaling"], errors.MODEL_SCALING_WITHOUT_TARGET({ min, max }));
  }
  checkDeployment(service, parsed, report);
  checkOnCluster(service, report);
  checkWayOut(service, parsed, report);
}

function checkDeployment(service: Service, parsed: ParsedDefinition, report: Report): void {
  const path = ["services", service.name, "deployment"];
  const { strategy, steps, analysis } = service.deployment;
  const shifts = strategy === "canary" || strategy === "blue-green-canary";
  if (shifts && service.compute === "ec2") {
    report([...path, "strategy"], errors.MODEL_DEPLOYMENT_COMPUTE({ strategy }));
  }
  if (shifts && steps.length === 0) {
    report([...path, "steps"], errors.MODEL_DEPLOYMENT_WITHOUT_STEPS({ strategy }));
  }
  if (!shifts && steps.length > 0) report([...path, "steps"], errors.MODEL_DEPLOYMENT_UNUSED({ strategy }));
  // Blue/green watches the metrics while the old version still stands; a rolling release watches health only.
  if (strategy === "rolling" && analysis !== null) {
    report([...path, "analysis"], errors.MODEL_DEPLOYMENT_UNUSED({ strategy }));
  }
  if (service.compute === "eks" && strategy !== "rolling" && parsed.delivery.gitOps?.rollouts !== true) {
    report([...path, "strategy"], errors.MODEL_ROLLOUTS_MISSING({ strategy }));
  }
}

function checkOnCluster(service: Service, report: Report): void {
  const path = ["services", service.name];
  const { availableMin, compute, scaling, verticalScaling } = service;
  if (compute === "eks" && scaling.min > 0 && availableMin >= scaling.min) {
    report(
      [...path, "availableMin"],
      errors.MODEL_DISRUPTION_BUDGET({ availableMin, min: scaling.min, most: scaling.min - 1 }),
    );
  }
  const why =
    verticalScaling !== "off" && compute !== "eks"
      ? { reason: `is "${verticalScaling}", which only EKS has`, fix: 'write "off", or set compute to "eks"' }
      : // https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md
        verticalScaling === "auto" &&
          (scaling.targetCpuPercent !== null || scaling.targetMemoryPercent !== null)
        ? {
            reason: 'is "auto", and scaling on CPU or memory would work against it',
            fix: 'write "recommend", or scale on targetRequestsPerMinute',
          }
        : null;
  if (why !== null) report([...path, "verticalScaling"], errors.MODEL_VERTICAL_SCALING(why));
}

/** Without them Fargate gets neither its image nor its log group: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html */
const fargateEndpoints = ["ecr.api", "ecr.dkr", "logs", "s3"] as const;

function checkWayOut(service: Service, parsed: ParsedDefinition, report: Report): void {
  if (service.compute === "lambda") return;
  const path = ["services", service.name, "egress"];
  if (service.egress === "all") {
    if (parsed.network.natGateways === "none") report(path, errors.MODEL_EGRESS_WITHOUT_NAT({}));
    return;
  }
  const missing = fargateEndpoints.filter((endpoint) => !parsed.network.endpoints.includes(endpoint));
  if (service.compute === "fargate" && missing.length > 0) {
    report(path, errors.MODEL_ENDPOINTS_MISSING({ missing }));
  }
}
