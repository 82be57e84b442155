import { validateTemplate as report } from "@tenantry/assurance/validator";

/** What is wrong with a template, in strict mode, where a warning is an error: a line for each finding. */
export function validateTemplate(template: object): readonly string[] {
  const text = JSON.stringify(template);
  const { findings, isComplete } = report({ file: "template.json", text, region: null });
  return [
    ...(isComplete ? [] : ["the validator could not look at everything"]),
    ...findings.map(({ rule, logicalId, message }) => `${rule} ${logicalId ?? ""}: ${message}`),
  ];
}
