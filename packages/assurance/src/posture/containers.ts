import type { PlatformService } from "@tenantry/model";
import type { Data, Resource } from "../artifacts/shipment.ts";
import type { Posture } from "./read-posture.ts";
import { isFields, listAt, textAt } from "./read-value.ts";

/** A container of a task definition. */
export interface ShippedContainer {
  readonly resource: Resource;
  readonly name: string;
  readonly fields: Readonly<Record<string, Data>>;
  /** The service of the definition that it runs; null for what stands beside one. */
  readonly service: PlatformService | null;
}

export function containersOf(posture: Posture): readonly ShippedContainer[] {
  return posture.ofType("AWS::ECS::TaskDefinition").flatMap((resource) =>
    listAt(resource.properties, "ContainerDefinitions")
      .filter((container) => isFields(container))
      .map((fields) => {
        const name = textAt(fields, "Name") ?? "";
        const services = posture.askedOf(resource.stack)?.services ?? {};
        return {
          resource,
          name,
          fields,
          service: Object.hasOwn(services, name) ? (services[name] ?? null) : null,
        };
      }),
  );
}
