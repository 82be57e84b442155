import { type CfnResource, Tags } from "aws-cdk-lib";

/** Gives a resource the tag that AWS's console shows as its name. */
export function tagName(resource: CfnResource, name: string): void {
  Tags.of(resource).add("Name", name);
}
