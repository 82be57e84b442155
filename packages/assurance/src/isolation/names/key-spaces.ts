import type { Data, Resource } from "../../artifacts/shipment.ts";
import { isFields, listAt, textAt } from "../../posture/read-value.ts";
import { policiesOf } from "../../posture/policy-statements.ts";

/** Names that are reached by how they begin, or by a pattern. */
export interface KeySpace {
  readonly what: string;
  /** With `*` and `?` for other text. */
  readonly pattern: string;
  readonly subject: string;
}

/** Every set of names that a stack's resources give access to, or write to, by a prefix or a pattern. */
export function keySpacesOf(resources: readonly Resource[]): readonly KeySpace[] {
  return resources.flatMap((resource) => [
    ...policySpaces(resource),
    ...environmentSpaces(resource),
    ...logSpaces(resource),
  ]);
}

function policySpaces(resource: Resource): readonly KeySpace[] {
  return policiesOf(resource)
    .statements.filter(({ fields }) => fields["Effect"] === "Allow")
    .flatMap(({ fields, name }) => {
      const subject = `${resource.key} (statement ${name})`;
      const buckets = listAt(fields["Resource"]).filter((item) => typeof item === "string");
      return [
        ...buckets
          .filter((pattern) => /[*?]/u.test(pattern))
          .map((pattern) => ({ what: "resource pattern of a policy", pattern, subject })),
        ...prefixConditions(fields["Condition"]).flatMap((prefix) =>
          buckets.map((bucket) => ({
            what: "prefix that may be listed",
            pattern: `${bucket}/${prefix}`,
            subject,
          })),
        ),
      ];
    });
}

/** The prefixes that a condition allows to list. */
function prefixConditions(condition: Data | undefined): readonly string[] {
  if (!isFields(condition)) return [];
  return Object.values(condition).flatMap((block) =>
    isFields(block)
      ? Object.entries(block)
          .filter(([key]) => key.toLowerCase() === "s3:prefix")
          .flatMap(([, values]) => listAt(values).filter((value) => typeof value === "string"))
      : [],
  );
}

/** Prefixes that a container is told: FILES_PREFIX within FILES_BUCKET, CACHE_KEY_PREFIX within CACHE_HOST. */
function environmentSpaces(resource: Resource): readonly KeySpace[] {
  if (resource.type !== "AWS::ECS::TaskDefinition") return [];
  return listAt(resource.properties, "ContainerDefinitions").flatMap((container) => {
    const variables = new Map(
      listAt(container, "Environment").map(
        (one) => [textAt(one, "Name") ?? "", textAt(one, "Value") ?? ""] as const,
      ),
    );
    return [...variables].flatMap(([name, value]) => {
      const store = /^(.+?)_(?:KEY_)?PREFIX$/u.exec(name)?.[1];
      if (store === undefined) return [];
      const within = variables.get(`${store}_BUCKET`) ?? variables.get(`${store}_HOST`) ?? "";
      const subject = `${resource.key} (${name})`;
      return [{ what: "prefix of keys", pattern: `${within} › ${escaped(value)}*`, subject }];
    });
  });
}

/** Where logs of a bucket or a load balancer are written to. */
function logSpaces({ type, key, properties }: Resource): readonly KeySpace[] {
  if (type !== "AWS::S3::Bucket") return [];
  const bucket = textAt(properties, "LoggingConfiguration", "DestinationBucketName");
  if (bucket === undefined) return [];
  const prefix = textAt(properties, "LoggingConfiguration", "LogFilePrefix") ?? "";
  return [{ what: "prefix of access logs", pattern: `${bucket} › ${escaped(prefix)}*`, subject: key }];
}

/** A literal text in a pattern: nothing of it may stand for other text. */
const escaped = (text: string): string => text.replaceAll(/[*?]/gu, "?");
