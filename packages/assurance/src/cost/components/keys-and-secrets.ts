import { fixed, noCharge, usage } from "../charge.ts";
import { objectsAt, textAt } from "../property.ts";
import type { CostOf } from "./cost-of.ts";

export const costOfKey: CostOf = () => [
  fixed(
    "keys",
    { service: "kms", item: "Customer managed key" },
    {
      quantity: 1,
      basis: "one key, before its first rotation",
    },
  ),
];

export const costOfSecret: CostOf = ({ properties }, { usage: assumed, region }) => [
  fixed("secrets", { service: "secretsmanager", item: "Secret" }, { quantity: 1, basis: "one secret" }),
  ...objectsAt(properties, "ReplicaRegions").map((replica) => {
    const replicaRegion = textAt(replica, "Region") ?? region;
    return fixed(
      "secrets",
      { service: "secretsmanager", item: "Secret" },
      {
        quantity: 1,
        basis: `its replica in ${replicaRegion}`,
        region: replicaRegion,
      },
    );
  }),
  usage(
    "secrets",
    { service: "secretsmanager", item: "API calls" },
    {
      quantity: assumed.readsPerSecret,
      basis: `${assumed.readsPerSecret} reads a month`,
      assumes: ["readsPerSecret"],
    },
  ),
];

export const costOfParameter: CostOf = ({ properties }) =>
  textAt(properties, "Tier") === "Advanced"
    ? [
        fixed(
          "secrets",
          { service: "ssm", item: "Advanced parameter" },
          {
            quantity: 1,
            basis: "Tier Advanced",
          },
        ),
      ]
    : [noCharge("standard parameters cost nothing")];
