import { openDeployment, parseDefinition, type Platform, resolve } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import { PlatformStack, type StackArea } from "../src/stack/platform-stack.ts";
import { primarySite, recoverySite, type Site } from "../src/stack/site.ts";
import { TenantStack } from "../src/stack/tenant-stack.ts";

// The templates are judged by validateTemplate, once, and not by each synthesis as well.
process.env["CDK_VALIDATION"] = "false";

/** A template as CloudFormation reads it. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A platform of one environment "production" in us-east-1, from what a definition says besides. */
export function platformWith(settings: object, environment: object = {}): Platform {
  const definition = parseDefinition({
    name: "test-platform",
    domain: "example.com",
    ...settings,
    environments: { production: { region: "us-east-1", ...environment } },
  });
  return resolve(definition, "production", { deployment: openDeployment });
}

/** The template of one stack; `build` puts into it what is tested. */
export function templateOf(
  platform: Platform,
  area: StackArea,
  build: (stack: PlatformStack, site: Site) => void,
  role: Site["role"] = "primary",
): Template {
  const site = role === "primary" ? primarySite(platform) : recoverySite(platform);
  if (site === null) throw new Error("the platform has no recovery region");
  const app = new App({ analyticsReporting: false });
  const stack = new PlatformStack(app, site, area, { description: "Under test." });
  build(stack, site);
  return app.synth().getStackByName(stack.stackName).template as Template;
}

/** The template of a tier's tenants; `build` puts into it what is tested. */
export function tenantTemplateOf(
  platform: Platform,
  tier: string,
  build: (stack: TenantStack) => void,
): Template {
  const app = new App({ analyticsReporting: false });
  const found = platform.tiers[tier];
  if (found === undefined) throw new Error(`no tier ${tier}`);
  const stack = new TenantStack(app, primarySite(platform), found);
  build(stack);
  return app.synth().getStackByName(stack.stackName).template as Template;
}

/** The resources of one type, by logical id. */
export function resourcesOf(template: Template, type: string): Readonly<Record<string, TemplateResource>> {
  return Object.fromEntries(Object.entries(template.Resources).filter(([, { Type }]) => Type === type));
}
