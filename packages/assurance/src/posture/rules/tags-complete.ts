import { marksIn } from "../../artifacts/mark.ts";
import type { Data, Resource } from "../../artifacts/shipment.ts";
import { type Finding, notApplicable, refuted } from "../../rule.ts";
import { boundFindings } from "../bound-findings.ts";
import type { PostureRule } from "../posture-rule.ts";
import type { Posture } from "../read-posture.ts";
import { isFields, isFlag, textAt, textsAt, whyUnknown } from "../read-value.ts";
import { untaggableTypes } from "../untaggable-types.ts";

export const tagsComplete: PostureRule = {
  id: "posture/tags-complete",
  why: "What has no tags is in nobody's bill, and no policy that goes by tags holds for it.",
  fix: "Give the resource the tags of the definition, and those of its tenant.",
  judge: (posture) => {
    const { resources, shipment } = posture;
    const services = new Set(
      resources.filter(({ type }) => knownService(type) === null).map(({ type }) => type),
    );
    return [
      ...boundFindings(resources.flatMap((resource) => judgeResource(resource, posture))),
      ...(services.size === 0
        ? []
        : [
            notApplicable(
              shipment.environment,
              `whether ${[...services].sort().join(", ")} can carry tags is not known`,
            ),
          ]),
    ];
  },
};

/** Types of the service that cannot carry tags; null of a service that is not known. */
function knownService(type: string): readonly string[] | null {
  const [provider, service = ""] = type.split("::");
  if (provider !== "AWS" || !Object.hasOwn(untaggableTypes, service)) return null;
  return untaggableTypes[service] ?? null;
}

function judgeResource(resource: Resource, { definition }: Posture): readonly Finding[] {
  const untaggable = knownService(resource.type);
  if (untaggable === null || untaggable.includes(resource.type.split("::")[2] ?? "")) return [];
  const tags = tagsOf(resource);
  if (tags === null) return [refuted(resource.key, `the ${resource.type} has no tags`)];
  const { tenant } = resource.stack;
  const asked = new Map(Object.entries(definition.tags));
  if (replacedByTags.has(resource.type)) {
    return tags.get("Environment") === definition.environment
      ? [notApplicable(resource.key, `another tag than Environment would replace the ${resource.type}`)]
      : [refuted(resource.key, `the ${resource.type} lacks the tag Environment`)];
  }
  const missing = [...asked.keys(), ...(tenant === null ? [] : ["tenant_id"])].filter(
    (key) => !tags.has(key),
  );
  const wrong = [...asked].filter(([key, value]) => {
    const given = tags.get(key);
    // {placeholders} are filled in when something is deployed.
    return given !== undefined && !/\{\w+\}/.test(value) && given !== value && marksIn(given).length === 0;
  });
  const foreign = tenant !== null && tags.has("tenant_id") && tags.get("tenant_id") !== tenant;
  return [
    ...(missing.length === 0
      ? []
      : [refuted(resource.key, `the ${resource.type} lacks the tags ${missing.join(", ")}`)]),
    ...wrong.map(([key, value]) =>
      refuted(resource.key, `the tag ${key} is ${String(tags.get(key))}, and the definition says ${value}`),
    ),
    ...(foreign && whyUnknown(tags.get("tenant_id")) === undefined && marksIn(tenant).length === 0
      ? [
          refuted(
            resource.key,
            `the tag tenant_id is ${String(tags.get("tenant_id"))} in the stack of ${tenant}`,
          ),
        ]
      : []),
  ];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ce-anomalymonitor.html: a change of ResourceTags is a replacement. */
const replacedByTags = new Set(["AWS::CE::AnomalyMonitor", "AWS::CE::AnomalySubscription"]);

const tagProperties = [
  "Tags",
  "HostedZoneTags",
  "HealthCheckTags",
  "BackupPlanTags",
  "BackupVaultTags",
  "ResourceTags",
  "FileSystemTags",
  "UserPoolTags",
  "TagList",
];

/** The tags of a resource, which are a list or a map; null where it has none at all. */
function tagsOf({ type, properties }: Resource): ReadonlyMap<string, string> | null {
  const written: Data | undefined = tagProperties
    .map((name) => properties[name])
    .find((tags) => tags !== undefined);
  if (Array.isArray(written)) {
    // A scaling group hands its tags on to its machines only where it is told so.
    const list = (written as readonly Data[]).filter(
      (tag) =>
        type !== "AWS::AutoScaling::AutoScalingGroup" ||
        (isFields(tag) && isFlag(tag["PropagateAtLaunch"], true)),
    );
    return new Map(list.map((tag) => [textAt(tag, "Key") ?? "", textAt(tag, "Value") ?? ""]));
  }
  if (!isFields(written)) return null;
  return new Map(Object.entries(written).map(([key, value]) => [key, textsAt(value)[0] ?? ""]));
}
