import { notPriced, usage } from "../charge.ts";
import { textAt } from "../property.ts";
import type { CostOf } from "./cost-of.ts";

const deliveries: ReadonlyMap<string, string> = new Map(
  Object.entries({
    email: "Email notifications",
    "email-json": "Email notifications",
    http: "HTTP/S notifications",
    https: "HTTP/S notifications",
    sqs: "SQS/Lambda delivery",
    lambda: "SQS/Lambda delivery",
  }),
);

export const costOfSubscription: CostOf = ({ properties }, { usage: assumed }) => {
  const protocol = textAt(properties, "Protocol") ?? "an unknown protocol";
  const item = deliveries.get(protocol);
  if (item === undefined)
    return [notPriced(`messages by ${protocol}`, "this way of delivery is not in the price list")];
  return [
    usage(
      "notifications",
      { service: "sns", item },
      {
        quantity: assumed.messagesPerSubscription,
        basis: `${assumed.messagesPerSubscription} messages a month by ${protocol}`,
        assumes: ["messagesPerSubscription"],
      },
    ),
  ];
};
