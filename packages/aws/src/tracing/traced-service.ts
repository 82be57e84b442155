import type { Platform } from "@tenantry/model";

type Named = Pick<Platform, "name" | "environment">;

/** The name by which a service shows in traces, which is what sampling rules match. */
export function tracedName({ name, environment }: Named, service: string): string {
  return `${name}-${environment}-${service}`;
}

/** Variables that tell the X-Ray SDK and OpenTelemetry the name of a service. */
export function tracingVariables(platform: Named, service: string): Readonly<Record<string, string>> {
  const traced = tracedName(platform, service);
  return { AWS_XRAY_TRACING_NAME: traced, OTEL_SERVICE_NAME: traced };
}
