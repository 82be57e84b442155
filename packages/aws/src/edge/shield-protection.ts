import { CfnProtection } from "aws-cdk-lib/aws-shield";
import { Construct } from "constructs";

export interface ShieldProtectionProps {
  /** Name of the protection; the thing's name is put behind it. */
  readonly name: string;
  /** ARNs of what is protected, by name. */
  readonly resources: Readonly<Record<string, string>>;
}

/**
 * AWS Shield Advanced for things that the internet reaches. The subscription is the account's decision and contract (a year, 3,000 USD a month
 * for all accounts of an AWS Organization), so it is never made here; without it AWS refuses these resources.
 * https://docs.aws.amazon.com/waf/latest/developerguide/enable-ddos-prem.html
 */
export class ShieldProtection extends Construct {
  constructor(scope: Construct, id: string, { name, resources }: ShieldProtectionProps) {
    super(scope, id);
    for (const [what, resourceArn] of Object.entries(resources)) {
      new CfnProtection(this, what, { name: `${name}-${what}`, resourceArn });
    }
  }
}
