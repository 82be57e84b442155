import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { errors as assuranceErrors, readShipment } from "@tenantry/assurance";
import {
  compareCosts,
  type CostComparison,
  type CostEstimate,
  estimateCost,
  type PriceList,
  pricesOfOffer,
  shippedPrices,
  withPrices,
} from "@tenantry/assurance/cost";
import { openShipment } from "../check/open-shipment.ts";
import { readArtifacts } from "../check/read-artifacts.ts";
import type { ToolkitPorts } from "../ports.ts";

export interface CostRequest {
  /** The definition; without it the nearest. */
  readonly config: string | undefined;
  readonly environment: string;
  /** A folder that `synth` wrote; without it the definition is synthesized in memory. */
  readonly artifacts?: string | undefined;
  /** A folder that another `synth` wrote, which the change is told from. */
  readonly compare?: string | undefined;
  /** Offer files of AWS's price list in bulk, whose prices stand for those that come with the package. Default: none. */
  readonly priceLists?: readonly string[];
}

export interface CostResult {
  readonly estimate: CostEstimate;
  /** From the folder that was named to the estimate; null without one. */
  readonly comparison: CostComparison | null;
}

/**
 * Says what an environment costs each month. Offline and from the prices that this package comes with; changes nothing.
 *
 * @throws ASSURANCE_PRICE_LIST_INVALID, ASSURANCE_COST_RANGE, TOOLKIT_ARTIFACTS_*, TOOLKIT_DEFINITION_*, MODEL_*, ASSURANCE_FILE_*
 */
export async function cost(request: CostRequest, ports: ToolkitPorts): Promise<CostResult> {
  const { compare, priceLists = [] } = request;
  const prices = await pricesFrom(priceLists, ports);
  const { shipment } = await openShipment(request, ports);
  const estimate = estimateCost(shipment, prices);
  if (compare === undefined) return { estimate, comparison: null };
  const before = estimateCost(readShipment(await readArtifacts(resolve(ports.cwd, compare))), prices);
  return { estimate, comparison: compareCosts(before, estimate) };
}

/** The file of a service and a region has some MB; that of all regions together would not fit into a text. */
const priceListSizeMax = 256 * 1024 * 1024;

/** The prices that come with the package, with newer ones of offer files over them; the last file wins. */
async function pricesFrom(paths: readonly string[], { cwd }: ToolkitPorts): Promise<PriceList> {
  let list = shippedPrices;
  for (const path of paths) {
    const content = await readOffer(resolve(cwd, path), path);
    list = withPrices(list, pricesOfOffer(content, path));
  }
  return list;
}

async function readOffer(file: string, path: string): Promise<unknown> {
  try {
    const { size } = await stat(file);
    if (size > priceListSizeMax) throw new RangeError(`it has ${size} bytes, at most ${priceListSizeMax}`);
    return JSON.parse(await readFile(file, "utf8"));
  } catch (failure) {
    const detail = failure instanceof Error ? failure.message : String(failure);
    throw assuranceErrors.ASSURANCE_PRICE_LIST_INVALID({ path, detail }, failure);
  }
}
