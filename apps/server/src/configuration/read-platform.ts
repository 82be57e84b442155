import { deepFreeze } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import { z } from "zod";
import { errors } from "../errors.ts";
import type { VariableReader } from "./variable-reader.ts";

const bytesMax = 67_108_864;

/** What must be there for the runtime to begin. The file is written by synthesis, which has checked everything in it. */
const shape = z.looseObject({
  kind: z.literal("platform"),
  name: z.string().min(1),
  environment: z.string().min(1),
  domain: z.string().min(1),
  region: z.string().min(1),
  services: z.record(z.string(), z.looseObject({ name: z.string(), route: z.string().nullable() })),
  stores: z.record(z.string(), z.looseObject({ kind: z.string() })),
  tiers: z.record(
    z.string(),
    z.looseObject({ name: z.string(), stores: z.record(z.string(), z.enum(["pool", "bridge", "silo"])) }),
  ),
  tenants: z.record(
    z.string(),
    z.looseObject({
      id: z.string(),
      tier: z.string(),
      placement: z.object({ cell: z.number().int(), slot: z.number().int() }),
    }),
  ),
  defaultTier: z.string().nullable(),
  tenantStore: z.string().nullable(),
  identity: z.looseObject({}),
  observability: z.looseObject({}),
});

/** Reads the platform that PLATFORM_FILE names; undefined where it is wrong, which the reader then knows. */
export function readPlatform(reader: VariableReader, path: string): Platform | undefined {
  const text = reader.readFile("PLATFORM_FILE", path, bytesMax);
  if (text === null) return undefined;
  const refuse = (where: string, reason: string) => {
    reader.mistakes.push(errors.SERVER_PLATFORM_INVALID({ path, where, reason }));
    return undefined;
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse("", error instanceof Error ? error.message : String(error));
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) {
    deepFreeze(value);
    return value as Platform;
  }
  const [issue] = parsed.error.issues;
  return refuse(issue?.path.join(".") ?? "", issue?.message ?? "it has another form");
}
