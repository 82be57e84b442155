import { z } from "zod";
import { tenantIdSchema } from "./control-tenant-schema.ts";

const text = z.string().min(1, "must not be empty").max(255, "must be at most 255 characters").optional();
const time = z.iso
  .datetime({ offset: true, error: "must be a time such as 2026-01-31T12:00:00Z" })
  .transform((given) => new Date(given))
  .optional();

/** What lists of the control plane can be narrowed by. */
export const filterShapes = { tenant: tenantIdSchema.optional(), text, time };

export const filterDocuments = {
  tenant: { type: "string", description: "Only what concerns this tenant." },
  from: { type: "string", format: "date-time", description: "Only from this time on." },
  to: { type: "string", format: "date-time", description: "Only before this time." },
};
