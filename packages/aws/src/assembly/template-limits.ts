import { errors } from "../errors.ts";

/** A template as CloudFormation reads it. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
  readonly Outputs?: Readonly<Record<string, object>>;
  readonly Mappings?: Readonly<Record<string, object>>;
  readonly Transform?: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html, read 2026-08-14 */
const limits = {
  bytes: 1_000_000,
  resources: 500,
  parameters: 200,
  outputs: 200,
  mappings: 200,
  dynamicReferences: 60,
};

/** Throws AWS_TEMPLATE_TOO_LARGE where CloudFormation would refuse the template. */
export function requireFit(file: string, template: Template, text: string): void {
  const counts: Readonly<Record<keyof typeof limits, number>> = {
    bytes: Buffer.byteLength(text),
    resources: Object.keys(template.Resources).length,
    parameters: Object.keys(template.Parameters ?? {}).length,
    outputs: Object.keys(template.Outputs ?? {}).length,
    mappings: Object.keys(template.Mappings ?? {}).length,
    dynamicReferences: text.split("{{resolve:").length - 1,
  };
  for (const [what, limit] of Object.entries(limits)) {
    const count = counts[what as keyof typeof limits];
    if (count > limit) throw errors.AWS_TEMPLATE_TOO_LARGE({ file, what, count, limit });
  }
}
