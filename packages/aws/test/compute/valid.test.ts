// Goal: AWS's own validator and the rules of cdk-nag find nothing in any template, whatever a platform says.
import { App, Validations } from "aws-cdk-lib";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, test } from "vitest";
import { policyDocument, type Statement } from "../../src/policy/policy-document.ts";
import { acknowledgeWildcards } from "../../src/policy/acknowledge-wildcards.ts";
import { PlatformStack } from "../../src/stack/platform-stack.ts";
import { primarySite } from "../../src/stack/site.ts";
import { cellStack } from "../../src/stacks/cell-stack.ts";
import { servicesStack } from "../../src/stacks/services-stack.ts";
import { documentPlatform } from "../foundation/document-platform.ts";
import { platformWith } from "../test-stack.ts";
import { validateTemplate } from "../validate-template.ts";
import { computeTemplates, inFolder } from "./compute-templates.ts";

const services = {
  web: {
    image: "{registry}/web:1",
    route: "/",
    spotPercent: 50,
    deployment: { strategy: "canary", steps: [{ percent: 10, pauseMinutes: 5 }], analysis: {} },
    scaling: { targetMemoryPercent: 80, targetRequestsPerMinute: 600 },
  },
  api: {
    build: { context: "api" },
    route: "/api",
    protocol: "grpc",
    secrets: { KEY: "keys/api" },
    architecture: "arm64",
  },
  worker: {
    image: "worker:1",
    allowFrom: ["api"],
    discovery: "cloud-map",
    scaling: { min: 1, max: 1 },
    egress: "none",
  },
} as const;
const network = { endpoints: ["s3", "ecr.api", "ecr.dkr", "logs"] };
const silo = { services: { web: "silo", worker: "silo" } };

test.each([
  ["tenant-silos", "development", "primary"],
  ["tenant-silos", "production", "primary"],
  ["saas-management", "staging", "primary"],
  ["saas-management", "production", "primary"],
  ["saas-management", "production", "recovery"],
] as const)(
  "%s in %s, %s region",
  (name, environment, role) => {
    const found = Object.entries(computeTemplates(documentPlatform(name, environment), role));
    expect(found.length).toBeGreaterThan(1);
    for (const [area, template] of found) expect([area, validateTemplate(template)]).toEqual([area, []]);
  },
  120_000,
);

test.each([
  ["every strategy, protocol and discovery, protected", { services, network, tiers: { silo, pool: {} } }],
  [
    "disposable, behind CloudFront, with AWS's own keys and no boundary",
    {
      services,
      network,
      tiers: { silo },
      dataProtection: "disposable",
      encryption: { keys: "aws-managed" },
      edge: { cloudFront: { customDomains: true } },
      identity: { deployment: { permissionsBoundary: false } },
    },
  ],
])(
  "%s",
  (_, settings) => {
    for (const [area, template] of Object.entries(computeTemplates(platformWith(settings)))) {
      expect([area, validateTemplate(template)]).toEqual([area, []]);
    }
  },
  120_000,
);

/** What the checks of cdk-nag report of the stacks that `build` makes. */
function findingsOf(build: (app: App) => void): string {
  return inFolder((outdir) => {
    const app = new App({ outdir, analyticsReporting: false });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    build(app);
    const before = process.env["CDK_VALIDATION"];
    process.env["CDK_VALIDATION"] = "true";
    try {
      app.synth();
      return "";
    } catch (error) {
      return String(error);
    } finally {
      process.env["CDK_VALIDATION"] = before;
    }
  });
}

test("cdk-nag has nothing to say of cells and shared services but what is acknowledged", () => {
  for (const environment of ["production", "staging"]) {
    const site = primarySite(documentPlatform("saas-management", environment));
    const found = findingsOf((app) => {
      cellStack(app, site);
      servicesStack(app, site);
    });
    expect(found).toBe("");
  }
}, 120_000);

test("cdk-nag sees a wildcard that is not acknowledged", () => {
  const site = primarySite(platformWith({ services: { app: { image: "app:1" } } }));
  const statements: readonly Statement[] = [
    { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" },
  ];
  const roleIn = (app: App) =>
    new CfnRole(new PlatformStack(app, site, "services", { description: "Under test." }), "Role", {
      assumeRolePolicyDocument: policyDocument(),
      policies: [{ policyName: "P", policyDocument: policyDocument(...statements) }],
    });
  expect(findingsOf((app) => void roleIn(app))).toContain("AwsSolutions-IAM5");
  expect(findingsOf((app) => acknowledgeWildcards(roleIn(app), statements, "Under test."))).toBe("");
}, 120_000);

test("the validator sees a value that AWS does not have", () => {
  const [template] = Object.values(computeTemplates(platformWith({ services, network })));
  const broken = JSON.parse(JSON.stringify(template).replace('"internet-facing"', '"everywhere"')) as object;
  expect(validateTemplate(broken)).not.toEqual([]);
}, 120_000);
