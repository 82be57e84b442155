import type { Random } from "@tenantry/base";

/**
 * The pause before the attempt that follows this many failed ones: twice as long each time, up to
 * a bound, and shorter by chance by up to half, so that what failed together does not come back
 * together.
 */
export function retryDelayMs(
  failures: number,
  { retryMsMin, retryMsMax }: { readonly retryMsMin: number; readonly retryMsMax: number },
  random: Random,
): number {
  const doubled = retryMsMin * 2 ** Math.min(Math.max(0, failures - 1), 40);
  return Math.round(Math.min(retryMsMax, doubled) * (0.5 + random.unit() / 2));
}
