import { z } from "zod";

// The names of files stand beside the manifest: none leads out of the folder.
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\.template\.json$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const region = z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d$/);
const stackName = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/);
const texts = z.record(z.string(), z.string());

const parameterSource = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("literal"), value: z.string() }),
  z.strictObject({ kind: z.literal("stack-value"), region, name: z.string().min(1) }),
  z.strictObject({ kind: z.literal("hosted-zone"), domain: z.string().min(1) }),
  z.strictObject({
    kind: z.literal("deployment"),
    field: z.enum(["repository", "author", "pullRequest", "createdAt"]),
  }),
]);

const tenantParameter = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["tenant-id", "username", "cost-center"]) }),
  z.strictObject({ kind: z.literal("hosts"), patterns: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ kind: z.literal("main-host"), pattern: z.string().min(1) }),
  z.strictObject({ kind: z.literal("cell-value"), value: z.string().min(1) }),
  z.strictObject({ kind: z.literal("priority"), index: z.int().min(0), count: z.int().min(1) }),
]);

const role = z.enum(["primary", "recovery"]);
const template = {
  role,
  region,
  template: fileName,
  templateSha256: sha256,
  capabilities: z.array(z.string()),
  parameters: z.record(z.string(), parameterSource),
};

const account = z
  .string()
  .regex(/^\d{12}$/)
  .nullable();
const stack = {
  ...template,
  id: z.string().min(1),
  area: z.string().min(1),
  stackName,
  dependsOn: z.array(z.string()),
  terminationProtection: z.boolean(),
};

/** `cloudformation/manifest.json`, as synthesis writes it. */
export const manifestSchema = z.object({
  version: z.literal(1),
  platform: z.string().min(1),
  environment: z.string().min(1),
  account,
  region,
  dataProtection: z.enum(["protected", "disposable"]),
  stacks: z.array(z.object(stack)),
  administration: z.array(z.object({ ...stack, account })),
  tenantTemplates: z.array(
    z.object({
      ...template,
      tier: z.string().min(1),
      dependsOn: z.array(z.string()),
      tenantParameters: z.record(z.string(), tenantParameter),
    }),
  ),
});

/** A tenant's entry in `placement.json`. */
export const placedTenantSchema = z.object({
  tier: z.string().min(1),
  cell: z.int().min(1),
  slot: z.int().min(1),
  stacks: z.array(z.object({ role, region, stackName, template: fileName, parameters: texts, tags: texts })),
});

/** `placement.json`, as synthesis writes it. */
export const placementsSchema = z.object({
  version: z.literal(1),
  tenants: z.record(z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/), placedTenantSchema),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type PlacedTenant = z.infer<typeof placedTenantSchema>;
/** Where a deployment takes a parameter's value from. */
export type ParameterSource = z.infer<typeof parameterSource>;
