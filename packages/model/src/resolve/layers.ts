import type { z } from "zod";

export type Data = Readonly<Record<string, unknown>>;

export function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A property that is there itself; never one of a prototype. */
export function own(data: unknown, key: string | number): unknown {
  if (typeof data !== "object" || data === null || !Object.hasOwn(data, key)) return undefined;
  return (data as Record<string | number, unknown>)[key];
}

/**
 * Lays an environment's override over the definition. Objects are merged field by field,
 * anything else is replaced, lists too. In a record (services, tags, …) null takes the entry
 * away; in an object of fixed fields null stays, and means "without" where the field allows it.
 */
export function mergeLayer(schema: z.core.$ZodType | undefined, base: unknown, override: unknown): unknown {
  if (!isData(base) || !isData(override)) return override;
  const target = schema === undefined ? undefined : unwrap(schema, base, override);
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(override)) {
    if (value === null && target?._zod.def.type === "record") delete merged[key];
    else if (Object.hasOwn(base, key)) merged[key] = mergeLayer(childOf(target, key), base[key], value);
    else merged[key] = value;
  }
  return merged;
}

type Def = z.core.$ZodTypeDef & {
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly valueType?: z.core.$ZodType;
};

/** The object or record schema inside defaults, nullables and unions. */
function unwrap(schema: z.core.$ZodType, base: Data, override: Data): z.core.$ZodType | undefined {
  const def = schema._zod.def as Def;
  if (def.innerType !== undefined) return unwrap(def.innerType, base, override);
  if (def.options === undefined) return schema;
  const kind = own(override, "kind") ?? own(base, "kind");
  const option = def.options.find((candidate) => {
    const shape = (candidate._zod.def as Def).shape;
    if (shape === undefined) return false;
    return kind === undefined || shape["kind"]?._zod.values?.has(kind as string) === true;
  });
  return option === undefined ? undefined : unwrap(option, base, override);
}

function childOf(schema: z.core.$ZodType | undefined, key: string): z.core.$ZodType | undefined {
  const def = schema?._zod.def as Def | undefined;
  if (def?.shape !== undefined) return Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
  return def?.valueType;
}
