import type { Platform } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import { primarySite, recoverySite, type Site } from "../../src/stack/site.ts";
import { globalOperationsStack, operationsStack } from "../../src/stacks/operations-stack.ts";
import type { Template } from "../test-stack.ts";

/** The template of the operations stack of a region; null where there is none. */
export function operationsTemplate(platform: Platform, role: Site["role"] = "primary"): Template | null {
  return synthesized(platform, role, operationsStack);
}

/** The template of what is watched in us-east-1 for another region; null where there is none. */
export function globalTemplate(platform: Platform): Template | null {
  return synthesized(platform, "primary", globalOperationsStack);
}

function synthesized(platform: Platform, role: Site["role"], make: typeof operationsStack): Template | null {
  const site = role === "primary" ? primarySite(platform) : recoverySite(platform);
  if (site === null) throw new Error("the platform has no recovery region");
  const app = new App({ analyticsReporting: false });
  const stack = make(app, site);
  const assembly = app.synth();
  return stack === null ? null : (assembly.getStackArtifact(stack.artifactId).template as Template);
}
