import type { Mutant } from "./mutant.ts";
import { routingEdgeMutants } from "./routing-edge-mutants.ts";
import { routingHostMutants } from "./routing-host-mutants.ts";
import { routingRuleMutants } from "./routing-rule-mutants.ts";

export const routingMutants: readonly Mutant[] = [
  ...routingHostMutants,
  ...routingRuleMutants,
  ...routingEdgeMutants,
];
