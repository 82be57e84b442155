import { computeTypes } from "./compute-types.ts";
import { identityTypes } from "./identity-types.ts";
import { messageTypes } from "./message-types.ts";
import { operationTypes } from "./operation-types.ts";
import type { ResourceType } from "./resource-type.ts";
import { storageTypes } from "./storage-types.ts";
import { trafficTypes } from "./traffic-types.ts";

/** Every type of which this package knows how its resources are called. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  Object.entries({
    ...computeTypes,
    ...identityTypes,
    ...storageTypes,
    ...messageTypes,
    ...trafficTypes,
    ...operationTypes,
  }),
);
