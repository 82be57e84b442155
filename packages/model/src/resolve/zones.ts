import { errors } from "../errors.ts";
import type { Path } from "../problem.ts";
import { zonesOf } from "../regions.ts";
import type { Report } from "./report.ts";

/** The names of the zones that a region is used in: the first ones, or those that were named; null where that fails. */
export function resolveZones(
  region: string,
  wanted: number | readonly string[],
  path: Path,
  report: Report,
): readonly string[] | null {
  const known = zonesOf(region);
  if (typeof wanted === "number") {
    if (wanted <= known.length) return known.slice(0, wanted);
    report(path, errors.MODEL_ZONE_COUNT({ region, zones: wanted, known }));
    return null;
  }
  for (const [index, zone] of wanted.entries()) {
    // An account may see letters that the table lacks; another region's zone is always wrong.
    const letter = zone.startsWith(region) ? zone.slice(region.length) : "";
    if (!/^[a-f]$/.test(letter)) report([...path, index], errors.MODEL_ZONE_UNKNOWN({ zone, region, known }));
  }
  return wanted;
}
