import type { Platform } from "@tenantry/model";

/** The ports on which load balancers listen: over HTTPS port 80 redirects, unless CloudFront does that itself. */
export function entrancePorts({ routing, edge }: Pick<Platform, "routing" | "edge">): readonly number[] {
  if (routing.listener === "http") return [80];
  return edge.cloudFront === null ? [443, 80] : [443];
}
