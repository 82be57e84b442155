import { type Platform, tenantIdLengthMax, tenantIdLengthMin } from "@tenantry/model";
import { z } from "zod";
import { errors } from "../errors.ts";
import { readJson } from "./read-json.ts";
import type { ShippedFiles } from "./shipment.ts";

const definitionPath = "platform.json";

const isolation = z.enum(["pool", "bridge", "silo"]);
const texts = z.array(z.string());
const service = z.looseObject({
  name: z.string(),
  port: z.int(),
  protocol: z.string(),
  route: z.string().nullable(),
  access: z.string(),
  uses: texts,
  allowFrom: texts,
});
const store = z.looseObject({ name: z.string(), kind: z.string() });
const network = z.looseObject({
  cidr: z.string(),
  subnets: z.record(z.string(), z.array(z.looseObject({ cidr: z.string(), zone: z.string() }))),
});
const anything = z.looseObject({});
/** Settings of which themes read single values: none of them may be missing as a whole. */
const settings = {
  audit: z.looseObject({
    cloudTrail: z.boolean(),
    config: z.boolean(),
    guardDuty: z.boolean(),
    securityHub: z.boolean(),
  }),
  backups: z.looseObject({ plans: z.record(z.string(), anything) }),
  compliance: texts,
  cost: anything,
  delivery: z.looseObject({ registry: anything }),
  encryption: z.looseObject({ keys: z.string() }),
  identity: z.looseObject({ deployment: anything }),
  incidents: z.looseObject({ acknowledgeMinutes: z.record(z.string(), z.number()) }),
  observability: anything,
};
const tier = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), isolation),
  stores: z.record(z.string(), isolation),
});
const tenant = z.looseObject({
  id: z.string(),
  tier: z.string(),
  hosts: texts,
  placement: z.object({ cell: z.int(), slot: z.int() }),
});
const region = {
  region: z.string(),
  zones: texts,
  network,
  services: z.record(z.string(), service),
  functions: z.record(z.string(), z.looseObject({ name: z.string() })),
  stores: z.record(z.string(), store),
};

/** The parts of a platform that checks look at; the rest stands as it is. */
const definitionSchema = z.looseObject({
  ...region,
  ...settings,
  kind: z.literal("platform"),
  name: z.string(),
  environment: z.string(),
  domain: z.string(),
  compute: z.string(),
  routing: z.looseObject({
    tenantHosts: texts,
    listener: z.enum(["http", "https"]),
    tlsMinimum: z.enum(["1.2", "1.3"]),
    scheme: z.string(),
  }),
  edge: z.looseObject({ cloudFront: z.looseObject({}).nullable(), waf: z.looseObject({}).nullable() }),
  tenantIdLengthMax: z.int().min(tenantIdLengthMin).max(tenantIdLengthMax),
  cells: z.looseObject({ capacity: z.int().min(1) }),
  recovery: z
    .looseObject({ ...region, strategy: z.string(), rtoMinutes: z.number(), rpoSeconds: z.number() })
    .nullable(),
  tiers: z.record(z.string(), tier),
  tenants: z.record(z.string(), tenant),
  tenantStore: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  dataProtection: z.enum(["protected", "disposable"]),
});

/**
 * Reads `platform.json`: what was asked for. A check of it as far as this package looks: everything is held against it, so
 * what is missing makes the rest worth nothing.
 */
export function readDefinition(files: ShippedFiles): Platform {
  const read = readJson(files, definitionPath);
  if (read.kind === "absent") throw errors.ASSURANCE_FILE_MISSING({ file: definitionPath });
  if (read.kind === "wrong")
    throw errors.ASSURANCE_FILE_INVALID({ file: definitionPath, detail: read.missing });
  const parsed = definitionSchema.safeParse(read.content);
  if (parsed.success) return read.content as Platform;
  throw errors.ASSURANCE_FILE_INVALID({ file: definitionPath, detail: firstIssue(parsed.error) });
}

/** Where the first thing is wrong, and what. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}`;
}
