import type { ShippedFiles } from "../../artifacts/shipment.ts";
import { addressUses } from "./addresses.ts";
import { dataStoreUses } from "./data-stores.ts";
import { ecsUses, scaledServices } from "./ecs-services.ts";
import { edgeUses } from "./edge.ts";
import { identityUses } from "./identity.ts";
import { loadBalancingUses } from "./load-balancing.ts";
import { networkUses } from "./network.ts";
import { operationsUses } from "./operations.ts";
import { simpleCounts } from "./simple-counts.ts";
import { regionOf, type StackView, type Use } from "./stack-view.ts";
import { templateUses } from "./templates.ts";

export interface CountOptions {
  /** Length of the longest tenant id that may come. */
  readonly tenantIdLength: number;
  readonly files: ShippedFiles | undefined;
}

/** Everything that one stack uses of quotas. */
export function stackUses(view: StackView, resources: number, options: CountOptions): readonly Use[] {
  const services = scaledServices(view);
  const { stack } = view;
  return [
    { quota: "stacks", container: regionOf(view), amount: 1, by: stack.id },
    ...templateUses(stack, resources, options.files),
    ...simpleCounts(view),
    ...loadBalancingUses(view, services),
    ...ecsUses(view, services),
    ...networkUses(view),
    ...addressUses(view, services),
    ...identityUses(view, options.tenantIdLength),
    ...dataStoreUses(view, services),
    ...edgeUses(view),
    ...operationsUses(view),
  ];
}
