import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Platform } from "@tenantry/model";
import { App } from "aws-cdk-lib";
import type { CellStack } from "../src/stack/cell-stack.ts";
import type { ParameterSource } from "../src/stack/parameter-source.ts";
import { primarySite, recoverySite, type Site } from "../src/stack/site.ts";
import { cellStack } from "../src/stacks/cell-stack.ts";
import { cellWatchStack } from "../src/stacks/cell-watch-stack.ts";
import type { Template } from "./test-stack.ts";

/** One cell's stack as CloudFormation sees it: with the cell's own values in place of the parameters. */
export function cellTemplate(platform: Platform, cell = 1, role: Site["role"] = "primary"): Template {
  return made(platform, cell, role, cellStack);
}

/** As `cellTemplate`, of what watches the cell. */
export function cellWatchTemplate(platform: Platform, cell = 1, role: Site["role"] = "primary"): Template {
  return made(platform, cell, role, cellWatchStack);
}

function made(
  platform: Platform,
  cell: number,
  role: Site["role"],
  make: (app: App, site: Site) => CellStack,
): Template {
  const site = role === "primary" ? primarySite(platform) : recoverySite(platform);
  if (site === null) throw new Error("the platform has no recovery region");
  const outdir = mkdtempSync(join(tmpdir(), "cells-"));
  try {
    const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
    const stack = make(app, site);
    const template = app.synth().getStackArtifact(stack.artifactId).template as Template;
    return stamped(template, stack.sourcesOf(cell));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The template with the literal values of one stack; what CloudFormation reads in Parameter Store stays a reference. */
export function stamped(template: Template, sources: Readonly<Record<string, ParameterSource>>): Template {
  const values = new Map<string, string>();
  for (const [id, { Type }] of Object.entries(template.Parameters ?? {})) {
    const source = sources[id];
    if (source?.kind === "literal" && Type === "String") values.set(id, source.value);
  }
  const fill = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(fill);
    if (typeof node !== "object" || node === null) return node;
    if ("Ref" in node) return values.get(String(node.Ref)) ?? node;
    if ("Fn::Join" in node) return joined(node["Fn::Join"] as readonly [string, readonly unknown[]]);
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fill(value)]));
  };
  const joined = ([separator, parts]: readonly [string, unknown]): unknown => {
    if (!Array.isArray(parts)) return { "Fn::Join": [separator, fill(parts)] };
    const filled = parts.map(fill);
    if (filled.every((part) => typeof part === "string")) return filled.join(separator);
    return { "Fn::Join": [separator, filled] };
  };
  return { ...template, ...(fill({ Resources: template.Resources }) as Pick<Template, "Resources">) };
}
