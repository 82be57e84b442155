import { fill, type Named } from "./arn-of.ts";
import { resourceMark } from "./mark.ts";
import type { ResourceType } from "./resource-types/resource-type.ts";
import { resourceTypes } from "./resource-types/resource-types.ts";

/** What other resources and policies call a resource. */
export interface Identity {
  /** What `Ref` gives. */
  readonly physicalId: string;
  /** Null where the type has none, or this package does not know it. */
  readonly arn: string | null;
  /** What `Fn::GetAtt` gives, where it is a text that names the resource or AWS makes it up. */
  readonly attribute: (name: string) => string;
}

type Unnamed = Omit<Named, "name"> & { readonly stackName: string; readonly logicalId: string };

const unlisted: ResourceType = {};

export function identityOf(resource: Unnamed): Identity {
  const type = resourceTypes.get(resource.type) ?? unlisted;
  const named: Named = { ...resource, name: nameOf(type, resource) };
  const arn = type.arn === undefined ? null : fill(type.arn, named);
  const texts = arn === null ? {} : { arn };
  return {
    arn,
    physicalId: type.ref === undefined ? named.name : fill(type.ref, named, texts),
    attribute: (name) => {
      const attribute = resourceMark(resource.key, name);
      const pattern =
        type.attributes !== undefined && Object.hasOwn(type.attributes, name)
          ? type.attributes[name]
          : undefined;
      if (pattern !== undefined) return fill(pattern, named, { ...texts, attribute });
      return name === "Arn" && arn !== null ? arn : attribute;
    },
  };
}

function nameOf({ named, generated }: ResourceType, resource: Unnamed): string {
  const given = named === undefined ? undefined : resource.property(named);
  if (given !== undefined && given !== "") return given;
  const made = resourceMark(resource.key);
  if (generated === undefined) return made;
  // CloudFormation shortens what would be too long for the service; the beginning stays what it is.
  const start = `${resource.stackName}-${resource.logicalId}-`;
  return `${generated === "name" ? start : lowerCase(start)}${made}`;
}

/** The text in lower case, its marks as they are. */
function lowerCase(text: string): string {
  return text.replaceAll(/⟨[^⟩]*⟩|[^⟨]+/gu, (part) => (part.startsWith("⟨") ? part : part.toLowerCase()));
}
