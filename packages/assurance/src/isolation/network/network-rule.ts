import type { Rule } from "../../rule.ts";
import type { Connection } from "./connections.ts";
import type { NetworkModel } from "./read-network.ts";

/** What every rule of the theme looks at, computed once. */
export interface NetworkView {
  readonly network: NetworkModel;
  /** Every connection that can be opened. */
  readonly connections: readonly Connection[];
}

export type NetworkRule = Rule<[NetworkView]>;
