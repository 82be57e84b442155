import { notApplicable, refuted } from "../../rule.ts";
import type { PostureRule } from "../posture-rule.ts";
import { isFlag, listAt, textAt, valueAt } from "../read-value.ts";

export const loadBalancersHardened: PostureRule = {
  id: "posture/load-balancers-hardened",
  why: "A load balancer without logs tells nobody who came; one that can be deleted takes every tenant with it.",
  fix: "Turn on access logs, deletion protection and the removal of invalid headers.",
  judge: ({ ofType, isProtected, shipment }) => {
    const balancers = ofType("AWS::ElasticLoadBalancingV2::LoadBalancer");
    if (balancers.length === 0) return [notApplicable(shipment.environment, "no load balancers are shipped")];
    return balancers.flatMap(({ key, properties }) => {
      const attributes = new Map(
        listAt(properties, "LoadBalancerAttributes").map((attribute) => [
          textAt(attribute, "Key"),
          valueAt(attribute, "Value"),
        ]),
      );
      const wanted = [
        "access_logs.s3.enabled",
        ...(isProtected ? ["deletion_protection.enabled"] : []),
        ...(textAt(properties, "Type") === "network"
          ? []
          : ["routing.http.drop_invalid_header_fields.enabled"]),
      ];
      return wanted
        .filter((attribute) => !isFlag(attributes.get(attribute), true))
        .map((attribute) => refuted(key, `${attribute} is not true`));
    });
  },
};
