import { App } from "aws-cdk-lib";
import { test } from "vitest";
import { synthesize } from "../../src/assembly/synthesize.ts";
import { accessStack } from "../../src/identity/access-stack.ts";
import { referencePlatform } from "../compute/compute-templates.ts";
import { resourcesOf, type Template } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";
test("x", () => {
  for (const [n, e] of [["saas-management", "production"], ["tenant-silos", "production"]] as const) {
    const p = referencePlatform(n, e);
    const made = synthesize(p);
    const templates = Object.entries(made.files).filter(([f]) => f.endsWith(".template.json") && !f.includes("organization")).map(([, t]) => JSON.parse(t) as Template);
    const app = new App({ analyticsReporting: false });
    const stack = accessStack(app, p, templates);
    const t = app.synth().getStackByName(stack.stackName).template as Template;
    console.log(n, templates.length, new Set(templates.flatMap((x) => Object.values(x.Resources).map((r) => r.Type))).size, Object.keys(resourcesOf(t, "AWS::IAM::ManagedPolicy")).length, validateTemplate(t), made.manifest.stacks.filter((s) => s.area.startsWith("edge")).map((s) => [s.id, s.dependsOn]));
  }
});
