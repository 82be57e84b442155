/**
 * What CloudFormation's reference says of each type: what names it, what `Ref` and `Fn::GetAtt` give, how its ARN is made.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 *
 * In the texts {name} is the name or id, {mark} what AWS makes up for the resource, {attribute} what it makes up for the
 * attribute, {arn} the ARN, and {Capital} a property.
 */
export interface ResourceType {
  /** The property that names it. */
  readonly named?: string;
  /** What it is called where nothing names it; an id that says nothing where this is left out. */
  readonly generated?: "name" | "lower-case name";
  readonly arn?: string;
  /** What `Ref` gives; the name where it is left out. */
  readonly ref?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export const inRegion = (service: string, rest: string): string =>
  `arn:aws:${service}:{region}:{account}:${rest}`;
export const everywhere = (service: string, rest: string): string => `arn:aws:${service}::{account}:${rest}`;
