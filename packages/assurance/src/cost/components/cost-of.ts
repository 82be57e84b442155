import type { Resource } from "../../artifacts/shipment.ts";
import type { CostOutcome } from "../charge.ts";
import type { Site } from "../site.ts";

/** What a resource of one type is charged for. */
export type CostOf = (resource: Resource, site: Site) => readonly CostOutcome[];
