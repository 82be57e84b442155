import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Platform } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import { primarySite, recoverySite, type Site } from "../../src/stack/site.ts";
import { cellStack, hasCells } from "../../src/stacks/cell-stack.ts";
import { servicesStack } from "../../src/stacks/services-stack.ts";
import { tenantStackOfTier } from "../../src/stacks/tenant-stack-of-tier.ts";
import "../test-stack.ts";
import type { Template, TemplateResource } from "../test-stack.ts";

/** The templates of cells, shared services and tiers of one region, by their name in the assembly. */
export function computeTemplates(
  platform: Platform,
  role: Site["role"] = "primary",
): Readonly<Record<string, Template>> {
  const site = role === "primary" ? primarySite(platform) : recoverySite(platform);
  if (site === null) throw new Error("the platform has no recovery region");
  return inFolder((outdir) => synthesized(new App({ outdir, analyticsReporting: false }), site));
}

/** Calls with a folder that is gone afterwards; CDK leaves those behind that it makes itself. */
export function inFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "compute-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function synthesized(app: App, site: Site): Readonly<Record<string, Template>> {
  const { platform } = site;
  const stacks = [
    hasCells(site) ? cellStack(app, site) : null,
    servicesStack(app, site),
    ...Object.values(platform.tiers).map((tier) => tenantStackOfTier(app, site, tier)),
  ].filter((stack) => stack !== null);
  const assembly = app.synth();
  return Object.fromEntries(
    stacks.map((stack) => [stack.area, assembly.getStackArtifact(stack.artifactId).template as Template]),
  );
}

/** One template, which must be there. */
export function computeTemplate(platform: Platform, area: string, role: Site["role"] = "primary"): Template {
  const template = computeTemplates(platform, role)[area];
  if (template === undefined) throw new Error(`no template ${area}`);
  return template;
}

/** The properties of the only resource of a type whose logical id matches. */
export function onlyOf(template: Template, type: string, id: RegExp = /./): Record<string, unknown> {
  const found = idsOf(template, type, id);
  const [first] = found;
  if (found.length !== 1 || first === undefined) throw new Error(`${type}: ${found.join(", ")}`);
  return { ...template.Resources[first]?.Properties };
}

export function idsOf(template: Template, type: string, id: RegExp = /./): readonly string[] {
  return Object.entries(template.Resources)
    .filter(([name, { Type }]) => Type === type && id.test(name))
    .map(([name]) => name);
}

/** Everything that a security group lets in, whether it says so itself or a rule beside it does. */
export function ingressOf(template: Template, group: string): readonly Record<string, unknown>[] {
  const own = template.Resources[group]?.Properties?.["SecurityGroupIngress"] ?? [];
  const beside = Object.values(template.Resources)
    .filter((resource) => resource.Type === "AWS::EC2::SecurityGroupIngress" && isRuleOf(resource, group))
    .map(({ Properties }) => Properties ?? {});
  return [...(own as Record<string, unknown>[]), ...beside];
}

function isRuleOf({ Properties }: TemplateResource, group: string): boolean {
  return JSON.stringify(Properties?.["GroupId"]) === JSON.stringify({ "Fn::GetAtt": [group, "GroupId"] });
}
