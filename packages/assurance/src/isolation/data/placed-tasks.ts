import type { Resource, Shipment } from "../../artifacts/shipment.ts";
import { type GivenText, namesIn, storeTypes, textsOfTask } from "./store-references.ts";

/** A text that names a store of a tenant whose it is not. */
export interface ForeignName {
  /** The task that is given it, and under which name. */
  readonly subject: string;
  readonly name: string;
  readonly variable: string;
  /** The tenant whose store it is. */
  readonly owner: string;
}

interface Mention {
  readonly subject: string;
  readonly variable: string;
  readonly name: string;
  /** Null for a service that tenants share. */
  readonly tenant: string | null;
}

/** Each stack is read once, and only what may name another's store is kept. */
export function readPlacedTasks(
  { tenants }: Shipment,
  shared: readonly Resource[],
  sharedTexts: readonly GivenText[],
): { readonly foreign: readonly ForeignName[]; readonly placedTasks: number } {
  const ofPlatform = new Set(shared.filter(isStore).flatMap(namesOf));
  const owners = new Map<string, string>();
  const mentions: Mention[] = sharedTexts.flatMap((given) => mentionsOf(given, null));
  let placedTasks = 0;
  for (const { id, stacks } of tenants.values())
    for (const stack of stacks) {
      const resources = stack.resources();
      const own = new Set(resources.filter(isStore).flatMap(namesOf));
      for (const name of own) if (!owners.has(name)) owners.set(name, id);
      for (const given of resources.flatMap(textsOfTask)) {
        placedTasks++;
        const ofOthers = mentionsOf(given, id).filter(({ name }) => !own.has(name) && !ofPlatform.has(name));
        mentions.push(...ofOthers);
      }
    }
  const foreign = mentions.flatMap(({ name, subject, variable, tenant }) => {
    const owner = owners.get(name);
    return owner === undefined || owner === tenant ? [] : [{ subject, name, variable, owner }];
  });
  return { foreign, placedTasks };
}

const isStore = ({ type }: Resource): boolean => storeTypes.includes(type);

/** What a store is called where another's task might name it. */
function namesOf({ physicalId, arn, properties, type }: Resource): readonly string[] {
  const name = type === "AWS::SecretsManager::Secret" ? properties["Name"] : undefined;
  return [physicalId, arn ?? "", typeof name === "string" ? name : ""].filter((text) => text !== "");
}

function mentionsOf({ task, name: variable, text }: GivenText, tenant: string | null): readonly Mention[] {
  return namesIn(text)
    .flatMap((name) => [name, ...secretNameIn(name)])
    .map((name) => ({ subject: task.key, variable, name, tenant }));
}

/** The name of a secret in its ARN, with or without what AWS puts behind it. */
function secretNameIn(name: string): readonly string[] {
  const after = /^arn:aws:secretsmanager:[^:]*:[^:]*:secret:([^:]+)/u.exec(name)?.[1];
  return after === undefined ? [] : [after, after.replace(/-(?:⟨[^⟩]*⟩|[A-Za-z0-9]{6})$/u, "")];
}
