import { marksIn, resourceMark } from "../../artifacts/mark.ts";
import type { Data, Resource } from "../../artifacts/shipment.ts";
import { listAt, textAt } from "../../posture/read-value.ts";

/** Types that hold data, or what opens data. */
export const storeTypes: readonly string[] = Object.freeze([
  "AWS::S3::Bucket",
  "AWS::SecretsManager::Secret",
  "AWS::RDS::DBCluster",
  "AWS::RDS::DBInstance",
  "AWS::RDS::DBProxy",
  "AWS::DocDB::DBCluster",
  "AWS::DocDB::DBInstance",
  "AWS::DynamoDB::Table",
  "AWS::ElastiCache::ReplicationGroup",
  "AWS::ElastiCache::CacheCluster",
  "AWS::ElastiCache::ServerlessCache",
  "AWS::EFS::FileSystem",
  "AWS::SQS::Queue",
  "AWS::SNS::Topic",
]);

/** A text that a container is given. */
export interface GivenText {
  readonly task: Resource;
  readonly container: string;
  /** Name of the variable; "Command" and the like for other texts. */
  readonly name: string;
  readonly text: string;
  /** ECS fetches what it names from Secrets Manager or Parameter Store. */
  readonly isSecret: boolean;
}

export function textsOfTask(task: Resource): readonly GivenText[] {
  if (task.type !== "AWS::ECS::TaskDefinition") return [];
  return listAt(task.properties, "ContainerDefinitions").flatMap((container) => {
    const base = { task, container: textAt(container, "Name") ?? "" };
    const variables = listAt(container, "Environment").map((variable) => ({
      ...base,
      name: textAt(variable, "Name") ?? "",
      text: textAt(variable, "Value") ?? "",
      isSecret: false,
    }));
    const secrets = listAt(container, "Secrets").map((secret) => ({
      ...base,
      name: textAt(secret, "Name") ?? "",
      text: textAt(secret, "ValueFrom") ?? "",
      isSecret: true,
    }));
    return [...variables, ...secrets, ...wordsOf(container).map((word) => ({ ...base, ...word }))];
  });
}

function wordsOf(container: Data): readonly Pick<GivenText, "name" | "text" | "isSecret">[] {
  return [
    ...["Command", "EntryPoint"].flatMap((name) =>
      listAt(container, name).map((word) => ({ name, text: typeof word === "string" ? word : "" })),
    ),
    ...listAt(container, "EnvironmentFiles").map((file) => ({
      name: "EnvironmentFiles",
      text: textAt(file, "Value") ?? "",
    })),
  ].map((word) => ({ ...word, isSecret: false }));
}

/** What a text may name: it as a whole, and the buckets, hosts and ARNs in it. */
export function namesIn(text: string): readonly string[] {
  const marks: string[] = [];
  // A mark holds signs at which texts are taken apart; while that is done one character stands for it.
  const masked = text.replaceAll(/⟨[^⟩]*⟩/gu, (mark) => standIn(marks.push(mark) - 1));
  const names = new Set<string>([masked]);
  for (const word of masked.split(/[\s,;"'|=]+/u)) {
    names.add(word);
    const arn = /arn:aws:[^\s]*/u.exec(word)?.[0];
    if (arn !== undefined) for (const name of namesInArn(arn)) names.add(name);
    const [, authority = ""] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/iu.exec(word) ?? [];
    const host = authority.replace(/^.*@/u, "").replace(/:\d+$/u, "");
    names.add(host);
    const [, bucket = ""] = /^([^.]+)\.s3[.-][a-z0-9.-]*amazonaws\.com$/u.exec(host) ?? [];
    names.add(bucket);
  }
  return [...names]
    .filter((name) => name !== "")
    .map((name) => name.replaceAll(/[\ue000-\uf8ff]/gu, (one) => marks[one.charCodeAt(0) - 0xe000] ?? one));
}

const standIn = (index: number): string => String.fromCharCode(0xe000 + Math.min(index, 0x18ff));

/** A secret's ARN may have the field of its JSON behind it; an object's ARN begins with its bucket's. */
function namesInArn(arn: string): readonly string[] {
  const secret = /^(arn:aws:secretsmanager:[^:]*:[^:]*:secret:[^:]+)/u.exec(arn)?.[1];
  const bucket = /^arn:aws:s3:::([^/]+)/u.exec(arn)?.[1];
  return [arn, ...(secret === undefined ? [] : [secret]), ...(bucket === undefined ? [] : [bucket])];
}

/** Finds resources by what texts say. */
export type Finder = (text: string) => readonly Resource[];

export function finderOf(resources: readonly Resource[]): Finder {
  const byName = new Map<string, Resource>();
  const byMark = new Map<string, Resource>();
  for (const resource of resources) {
    const { arn, physicalId, type } = resource;
    // What has no ARN of its own, such as a bucket's policy, is known by the name of what it belongs to.
    if (arn !== null || storeTypes.includes(type))
      for (const name of [physicalId, arn ?? ""]) if (name !== "") byName.set(name, resource);
    for (const content of marksIn(resourceMark(resource.key))) byMark.set(content, resource);
  }
  return (text) => {
    const found = new Set<Resource>();
    for (const name of namesIn(text)) {
      const named = byName.get(name);
      if (named !== undefined) found.add(named);
      // An attribute, such as an endpoint, stands for the resource that has it.
      const [content] = name.startsWith("⟨") && name.endsWith("⟩") ? marksIn(name) : [];
      const attributed = content === undefined ? undefined : byMark.get(content.replace(/\.[^/]*$/u, ""));
      if (attributed !== undefined) found.add(attributed);
    }
    return [...found];
  };
}
