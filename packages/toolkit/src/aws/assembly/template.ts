/** A template of CloudFormation, as far as a deployment looks into it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Condition?: string }>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** Whether CloudFormation reads the value of the parameter in Parameter Store. */
export function isStoredValue({ Type }: TemplateParameter): boolean {
  return Type.startsWith("AWS::SSM::Parameter::Value<");
}
