import { type CfnResource, Validations } from "aws-cdk-lib";

/** Where cdk-nag looks for acknowledgements in a template that it did not make. */
const metadataKey = "cdk_nag";

interface Acknowledgements {
  readonly rules_to_suppress: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Says why a rule of a check does not hold for a resource; checks count it, and show the reason. It stands in the template too, because
 * what is checked before a deployment is the template, by people who have nothing else.
 */
export function acknowledge(resource: CfnResource, rule: string, reason: string): void {
  Validations.of(resource).acknowledge({ id: rule, reason });
  const known = resource.getMetadata(metadataKey) as Acknowledgements | undefined;
  const others = (known?.rules_to_suppress ?? []).filter(({ id }) => id !== rule);
  resource.addMetadata(metadataKey, { rules_to_suppress: [...others, { id: rule, reason }] });
}
