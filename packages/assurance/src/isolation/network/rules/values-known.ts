import { unknown } from "../../../rule.ts";
import type { NetworkRule } from "../network-rule.ts";

export const valuesKnown: NetworkRule = {
  id: "network/values-known",
  why: "what cannot be read or resolved may open anything",
  fix: "write the value where it can be read, or let the stack that makes the resource provide it",
  judge: ({ network }) => {
    const gaps = new Map(network.gaps.map((gap) => [`${gap.subject} ${gap.missing}`, gap]));
    return [...gaps.values()].map(({ subject, missing }) => unknown(subject, missing));
  },
};
