import { readFileSync, rmSync } from "node:fs";
import type { Platform } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import { primarySite, recoverySite, type Site } from "../../src/stack/site.ts";
import { foundationStack } from "../../src/stacks/foundation-stack.ts";
import type { Template } from "../test-stack.ts";

/** A platform of the documents, as it is resolved, with tags open as for synthesis. */
export function documentPlatform(name: "tenant-silos" | "saas-management", environment: string): Platform {
  const file = new URL(
    `../../../../platforms/${name}/expected/platform.${environment}.json`,
    import.meta.url,
  );
  const platform = JSON.parse(readFileSync(file, "utf8")) as Platform;
  const open: Readonly<Record<string, string>> = {
    Repository: "{repository}",
    Author: "{author}",
    PRNumber: "{pullRequest}",
    CreatedAt: "{createdAt}",
  };
  const tags = Object.entries(platform.tags).map(([key, value]) => [key, open[key] ?? value] as const);
  return { ...platform, tags: Object.fromEntries(tags) };
}

export function foundationTemplate(platform: Platform, role: Site["role"] = "primary"): Template {
  const site = role === "primary" ? primarySite(platform) : recoverySite(platform);
  if (site === null) throw new Error("the platform has no recovery region");
  const app = new App({ analyticsReporting: false });
  const { stackName } = foundationStack(app, site);
  return takeTemplate(app, stackName);
}

/** The template of an app's stack; the folder that CDK made for it goes. */
export function takeTemplate(app: App, stackName: string): Template {
  const template = app.synth().getStackByName(stackName).template as Template;
  rmSync(app.outdir, { recursive: true, force: true });
  return template;
}
