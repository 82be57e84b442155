import { type Finding, notApplicable, refuted } from "../../rule.ts";
import type { PostureRule } from "../posture-rule.ts";
import type { Posture } from "../read-posture.ts";
import { requireFlag, textAt } from "../read-value.ts";

export const auditAsAsked: PostureRule = {
  id: "posture/audit-as-asked",
  why: "What is not recorded cannot be found out after an incident, and an intruder who is not watched stays.",
  fix: "Ship the services that audit of the definition turns on, and leave them on.",
  judge: (posture) => [
    ...judgeTrail(posture),
    ...judgeConfig(posture),
    ...judgeGuardDuty(posture),
    ...judgeSecurityHub(posture),
    ...judgeFlowLogs(posture),
  ],
};

const off = ({ shipment }: Posture, what: string): readonly Finding[] => [
  notApplicable(shipment.environment, `the definition turns audit.${what} off`),
];

function judgeTrail(posture: Posture): readonly Finding[] {
  if (!posture.definition.audit.cloudTrail) return off(posture, "cloudTrail");
  const trails = posture.ofType("AWS::CloudTrail::Trail");
  if (trails.length === 0) return [refuted(posture.shipment.environment, "no CloudTrail trail is shipped")];
  return trails.flatMap((trail) => [
    ...requireFlag(trail, ["IsLogging"], true, "nothing is recorded"),
    ...requireFlag(trail, ["IsMultiRegionTrail"], true, "an intruder goes to another region and is not seen"),
    ...requireFlag(trail, ["EnableLogFileValidation"], true, "whoever changes the records is not found out"),
    ...requireFlag(trail, ["IncludeGlobalServiceEvents"], true, "calls to IAM and STS are not recorded"),
  ]);
}

function judgeConfig(posture: Posture): readonly Finding[] {
  if (!posture.definition.audit.config) return off(posture, "config");
  const recorders = posture.ofType("AWS::Config::ConfigurationRecorder");
  if (recorders.length === 0)
    return [refuted(posture.shipment.environment, "no recorder of AWS Config is shipped")];
  const channels = posture.ofType("AWS::Config::DeliveryChannel");
  return [
    ...(channels.length === 0
      ? [
          refuted(
            posture.shipment.environment,
            "AWS Config has no delivery channel, without which it records nothing",
          ),
        ]
      : []),
    ...recorders.flatMap((recorder) =>
      requireFlag(
        recorder,
        ["RecordingGroup", "AllSupported"],
        true,
        "changes of other types are not recorded",
      ),
    ),
  ];
}

function judgeGuardDuty(posture: Posture): readonly Finding[] {
  if (!posture.definition.audit.guardDuty) return off(posture, "guardDuty");
  const detectors = posture.ofType("AWS::GuardDuty::Detector");
  if (detectors.length === 0)
    return [refuted(posture.shipment.environment, "no detector of GuardDuty is shipped")];
  return detectors.flatMap((detector) => requireFlag(detector, ["Enable"], true, "nobody watches"));
}

function judgeSecurityHub(posture: Posture): readonly Finding[] {
  if (!posture.definition.audit.securityHub) return off(posture, "securityHub");
  return posture.ofType("AWS::SecurityHub::Hub", "AWS::SecurityHub::HubV2").length > 0
    ? []
    : [refuted(posture.shipment.environment, "no Security Hub is shipped")];
}

const traffic = { all: ["ALL"], accept: ["ALL", "ACCEPT"], reject: ["ALL", "REJECT"] } as const;

function judgeFlowLogs({ ofType, askedOf }: Posture): readonly Finding[] {
  return ofType("AWS::EC2::VPC").flatMap((vpc) => {
    const asked = askedOf(vpc.stack)?.network.flowLogs ?? null;
    if (asked === null) return [notApplicable(vpc.key, "the definition turns network.flowLogs off")];
    const wanted: readonly string[] = traffic[asked.traffic];
    const logs = ofType("AWS::EC2::FlowLog").filter(
      ({ properties }) => textAt(properties, "ResourceId") === vpc.physicalId,
    );
    return logs.some(({ properties }) => wanted.includes(textAt(properties, "TrafficType") ?? ""))
      ? []
      : [refuted(vpc.key, `no flow log records ${wanted.join(" or ")} of it`)];
  });
}
