import { type CfnResource, Validations } from "aws-cdk-lib";

/** Says why a rule of a check does not hold for a resource; checks count it, and show the reason. */
export function acknowledge(resource: CfnResource, rule: string, reason: string): void {
  Validations.of(resource).acknowledge({ id: rule, reason });
}
