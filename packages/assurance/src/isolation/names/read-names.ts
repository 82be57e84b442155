import { marksIn } from "../../artifacts/mark.ts";
import type { Data, Resource, ShippedStack } from "../../artifacts/shipment.ts";
import { textAt, valueAt } from "../../posture/read-value.ts";
import { databaseUserKind, type NameKind, nameKinds, namelessTypes, stackKind } from "./name-kinds.ts";

/** A name that a template gives. What AWS makes up is not among them: it gives no name twice. */
export interface GivenName {
  readonly kind: NameKind;
  /** Where no other may have it: "everywhere", "account" or the region. */
  readonly place: string;
  /** What it must be the only one in besides, such as the cluster of a service; empty where there is nothing. */
  readonly parent: string;
  readonly name: string;
  /** The resource and, where it is not the resource's own name, the property. */
  readonly subject: string;
}

/** What a stack names. */
export interface StackNames {
  readonly stack: ShippedStack;
  readonly names: readonly GivenName[];
  /** The things to which AWS gives a name, by what they are. */
  readonly generated: readonly GeneratedName[];
  /** Resources of types of which nobody said what names them. */
  readonly unlisted: readonly Resource[];
}

export interface GeneratedName {
  readonly what: string;
  readonly subject: string;
}

export function readNames(stack: ShippedStack, resources: readonly Resource[]): StackNames {
  const names: GivenName[] = [
    { kind: stackKind, place: stack.region, parent: "", name: stack.stackName, subject: stack.id },
  ];
  const generated: GeneratedName[] = [];
  const unlisted: Resource[] = [];
  for (const resource of resources) {
    const kinds = Object.hasOwn(nameKinds, resource.type) ? (nameKinds[resource.type] ?? []) : [];
    if (kinds.length === 0 && !namelessTypes.includes(resource.type)) unlisted.push(resource);
    for (const kind of kinds) {
      const name = textAt(resource.properties, ...kind.path);
      if (name !== undefined && name !== "") names.push(given(kind, name, resource));
      else if (kind.path.length === 1) generated.push({ what: kind.what, subject: resource.key });
    }
    names.push(...databaseUsers(resource));
  }
  return { stack, names, generated, unlisted };
}

function given(kind: NameKind, name: string, { key, stack, properties }: Resource): GivenName {
  const { scope } = kind;
  const parent = typeof scope === "object" ? (textAt(properties, scope.within) ?? "") : "";
  return {
    kind,
    place: typeof scope === "string" ? scope : stack.region,
    parent:
      parent === "" && typeof scope === "object" && scope.within === "EventBusName" ? "default" : parent,
    name: kind.foldsCase === true ? lowerCase(name) : name,
    subject: kind.path.length === 1 ? key : `${key}.${kind.path.join(".")}`,
  };
}

/** The user that a secret's JSON names, in the database that it names. */
function databaseUsers({ type, key, stack, properties }: Resource): readonly GivenName[] {
  if (type !== "AWS::SecretsManager::Secret") return [];
  const fields = parseObject(
    textAt(properties, "GenerateSecretString", "SecretStringTemplate") ?? textAt(properties, "SecretString"),
  );
  const name = textAt(fields, "username");
  const host = textAt(fields, "host");
  // A secret that names no host is completed by the database that it is attached to.
  if (name === undefined || host === undefined) return [];
  return [
    {
      kind: databaseUserKind,
      place: stack.region,
      parent: host,
      name,
      subject: `${key}.SecretStringTemplate.username`,
    },
  ];
}

export function parseObject(text: string | undefined): Data {
  if (text === undefined || !text.trimStart().startsWith("{")) return {};
  try {
    return valueAt({ parsed: JSON.parse(text) as Data }, "parsed") ?? {};
  } catch {
    return {};
  }
}

function lowerCase(text: string): string {
  return text.replaceAll(/⟨[^⟩]*⟩|[^⟨]+/gu, (part) => (part.startsWith("⟨") ? part : part.toLowerCase()));
}

/** What AWS compares: two of these are the same thing, or a conflict, if they are equal in one place. */
export const fullName = ({ parent, name }: GivenName): string =>
  parent === "" ? name : `${parent} › ${name}`;

/** Whether the text holds a tenant's id, its username, or what AWS made up for a resource of its stack. */
export function holdsTenant(text: string, tenant: string): boolean {
  return marksIn(text).some(
    (content) =>
      content === `tenant:${tenant}` ||
      content === `username:${tenant}` ||
      content.startsWith(`tenant/tenant:${tenant}/`),
  );
}

/** The name as people read it, with {tenant} for the id. */
export function shownName(text: string): string {
  return text
    .replaceAll(/⟨tenant:[a-z]+⟩/gu, "{tenant}")
    .replaceAll(/⟨username:[a-z]+⟩/gu, "{tenant with underscores}");
}
