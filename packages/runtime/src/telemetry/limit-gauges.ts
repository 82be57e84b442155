import type { RequestLimits } from "../limits/request-limits.ts";
import type { GaugeSource } from "./gauge-source.ts";

/** How many requests are at work and how many wait for their turn. */
export function limitGauges({ load }: RequestLimits): readonly GaugeSource[] {
  if (load === undefined) return [];
  const gauge = (figure: "inFlight" | "waiting", name: string, help: string): GaugeSource => ({
    name,
    help,
    labels: ["kind"],
    read: () => load().map((one) => ({ labels: { kind: one.kind }, value: one[figure] })),
  });
  return [
    gauge("inFlight", "tenantry_limit_in_flight", "Requests that hold their turn, by what for."),
    gauge("waiting", "tenantry_limit_waiting", "Requests that wait for their turn, by what for."),
  ];
}
