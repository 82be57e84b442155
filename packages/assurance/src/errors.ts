import { defineErrors } from "@tenantry/base";
import { baselineErrors } from "./baseline/baseline-errors.ts";
import { costErrors } from "./cost/cost-errors.ts";

/** What makes any check impossible. Whatever else is wrong with what is shipped is a problem in the shipment. */
export const errors = defineErrors({
  ASSURANCE_FILE_MISSING: {
    message: (p: { readonly file: string }) => `there is no ${p.file}, without which nothing can be checked`,
    fix: () => "write the files with tenantry synth, and check the folder that it wrote",
    retriable: false,
  },
  ASSURANCE_FILE_INVALID: {
    message: (p: { readonly file: string; readonly detail: string }) =>
      `${p.file} cannot be checked: ${p.detail}`,
    fix: () => "write the files anew with tenantry synth, and leave them as they are",
    retriable: false,
  },
  ...baselineErrors,
  ...costErrors,
});
