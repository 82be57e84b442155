import { usage } from "../charge.ts";
import type { CostOf } from "./cost-of.ts";

export const costOfRepository: CostOf = (_repository, { usage: assumed }) => [
  usage(
    "images",
    { service: "ecr", item: "Storage" },
    {
      quantity: assumed.imageGiBPerRepository,
      basis: `${assumed.imageGiBPerRepository} GiB of images`,
      assumes: ["imageGiBPerRepository"],
    },
  ),
];
