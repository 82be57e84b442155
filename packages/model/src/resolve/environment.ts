import { errors } from "../errors.ts";
import type { Mistake, Path } from "../problem.ts";
import { definitionSchema } from "../schema/definition.ts";
import { overridable, recoverable } from "../schema/environment.ts";
import { type Data, isData, mergeLayer, own } from "./layers.ts";
import { collect, type Report } from "./report.ts";

/** A definition with the overrides of one environment, or of its recovery region, laid over it. */
export interface Layer {
  readonly definition: Data;
  readonly data: Data;
  /** The overrides that were laid over, outermost last, and where they are written. */
  readonly overrides: readonly { readonly data: Data; readonly path: Path }[];
  readonly mistakes: readonly Mistake[];
}

/** Records whose entries an environment may change or take away, but not add. */
const closedRecords = { services: "service", functions: "function", stores: "store", tiers: "tier" } as const;

export function environmentLayer(definition: Data, environment: string): Layer {
  const written = own(own(definition, "environments"), environment);
  const override = isData(written) ? pick(written, overridable) : {};
  const path = ["environments", environment];
  const base = {
    ...definition,
    environments: { [environment]: isData(written) ? without(written, overridable) : written },
  };
  return layOver({ definition, data: base, overrides: [], mistakes: [] }, override, path);
}

export function recoveryLayer(layer: Layer, environment: string): Layer {
  const path = ["environments", environment, "recovery"];
  const recovery = own(own(own(layer.data, "environments"), environment), "recovery");
  const override = isData(recovery) ? pick(recovery, recoverable) : {};
  return layOver(layer, override, path);
}

function layOver(layer: Layer, override: Data, path: Path): Layer {
  const mistakes: Mistake[] = [];
  const known = withoutStrangers(layer.data, override, path, collect(mistakes));
  return {
    definition: layer.definition,
    data: mergeLayer(definitionSchema, layer.data, known) as Data,
    overrides: [...layer.overrides, { data: known, path }],
    mistakes,
  };
}

/** Reports entries of an override that change nothing because there is nothing of that name. */
function withoutStrangers(base: Data, override: Data, path: Path, report: Report): Data {
  const kept: Record<string, unknown> = { ...override };
  for (const [record, what] of Object.entries(closedRecords)) {
    const entries = own(override, record);
    if (!isData(entries)) continue;
    const there = own(base, record);
    // Overrides of a record that is none mean nothing until that is mended.
    if (there !== undefined && !isData(there)) delete kept[record];
    if (there !== undefined && !isData(there)) continue;
    const known = isData(there) ? Object.keys(there) : [];
    const strangers = Object.keys(entries).filter((name) => !known.includes(name));
    for (const name of strangers)
      report([...path, record, name], errors.MODEL_OVERRIDE_UNKNOWN({ name, what, known }));
    kept[record] = Object.fromEntries(Object.entries(entries).filter(([name]) => known.includes(name)));
  }
  return kept;
}

/** A mistake at the place where it is written: in the outermost override that has the value. */
export function locate({ path, error }: Mistake, layer: Layer): Mistake {
  for (const { data, path: prefix } of layer.overrides.toReversed()) {
    const depth = depthOf(data, path);
    if (depth === path.length && depth > 0) {
      // An override of an object changes some of its fields, and the mistake may lie in others.
      const isPart = isData(valueAt(data, path));
      return { path: [...prefix, ...path], error, ...(isPart ? { origin: path } : {}) };
    }
    // A missing field belongs where its object is written, if only the override has that object.
    if (depth === path.length - 1 && depth > depthOf(layer.definition, path)) {
      return { path: [...prefix, ...path], error };
    }
  }
  return { path, error };
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => own(at, step), data);
}

function depthOf(data: unknown, path: Path): number {
  let depth = 0;
  let at: unknown = data;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) break;
    at = own(at, step);
    depth += 1;
  }
  return depth;
}

function pick(data: Data, keys: readonly string[]): Data {
  return Object.fromEntries(Object.entries(data).filter(([key]) => keys.includes(key)));
}

function without(data: Data, keys: readonly string[]): Data {
  return Object.fromEntries(Object.entries(data).filter(([key]) => !keys.includes(key)));
}
