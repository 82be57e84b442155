import { App, CfnResource, Stack } from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";

/**
 * A template as constructs of the CDK, which is what cdk-nag's rules read.
 *
 * @param path of the file: the CDK reads templates from files only
 * @throws whatever the CDK has against the template
 */
export function loadTemplate(path: string, region: string | null): readonly CfnResource[] {
  const app = new App({ autoSynth: false, analyticsReporting: false, treeMetadata: false });
  const stack = new Stack(app, "Stack", region === null ? {} : { env: { region } });
  const include = new CfnInclude(stack, "Template", { templateFile: path, allowCyclicalReferences: true });
  return include.node.findAll().filter((node) => CfnResource.isCfnResource(node));
}
