import { describe, expect, it } from "vitest";
import { variables } from "../../apps/server/src/configuration/variables.ts";
import { operationEvents } from "../../packages/runtime/src/events/lifecycle-events.ts";
import { problemCodes } from "../../packages/runtime/src/http/problems.ts";
import { controlPermissions, tenantPermissions } from "../../packages/runtime/src/identity/permissions.ts";
import { controlRolePermissions, tenantRolePermissions } from "../../packages/runtime/src/identity/roles.ts";
import { refusals } from "../../packages/service-context/src/refusals.ts";
import { readErrorTables } from "../../tools/generate-error-reference.ts";
import { markedLines, operationEventTable, roleTable, unknownCodes } from "./guide-facts.ts";
import { parseMarkdown } from "./markdown.ts";
import { filesEndingIn, readRepositoryFile } from "./repository-files.ts";

const guides = filesEndingIn(".md").filter(({ path }) => path.startsWith("docs/guides/"));

const tables = {
  "tenant-roles": ["docs/guides/identity.md", roleTable(tenantPermissions, tenantRolePermissions)],
  "control-roles": ["docs/guides/identity.md", roleTable(controlPermissions, controlRolePermissions)],
  "operation-events": ["docs/guides/tenant-lifecycle.md", operationEventTable(operationEvents)],
} as const;

describe("the guides", () => {
  it.each(Object.entries(tables))("say of %s what the code says", (name, [path, lines]) => {
    expect(markedLines(readRepositoryFile(path).text, name)).toEqual(lines);
  });

  it("name every series that the runtime counts, and no other", () => {
    const sources = filesEndingIn(".ts").filter(
      ({ path }) => path.startsWith("packages/runtime/src/") && !path.endsWith(".test.ts"),
    );
    const counted = sources.flatMap(({ text }) =>
      [...text.matchAll(/(?:name: |gauge\([^,]*, )"(tenantry_[a-z_]+)"/g)].map((match) => match[1]),
    );
    const guide = readRepositoryFile("docs/guides/observability.md").text;
    const named = [...guide.matchAll(/^\| `(tenantry_[a-z_]+)` /gm)].map((match) => match[1]);
    expect(counted.length).toBeGreaterThan(10);
    expect(named.toSorted()).toEqual(counted.toSorted());
  });

  it("name only codes and variables that exist", async () => {
    const { errors } = await readErrorTables();
    const known = new Set<string>([
      ...problemCodes,
      ...Object.keys(refusals),
      ...Object.values(errors).flatMap((rows) => rows.map(({ code }) => code)),
      "AWS_PROFILE",
      "DATABASE_URL",
      "REDIS_URL",
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "TENANTRY_ISSUER",
      "TENANTRY_JWKS_URL",
      "TENANTRY_AUDIENCE",
      ...Object.keys(variables),
    ]);
    const unknown = guides.flatMap((guide) => {
      const spans = parseMarkdown(guide).spans.map(({ text }) => text);
      return unknownCodes(spans, known).map((code) => `${guide.path}: ${code}`);
    });
    expect(guides.length).toBeGreaterThan(4);
    expect(unknown).toEqual([]);
  });
});

/** What the five documents tell their readers to type; each is beside what does it here, or marked as later. */
const commandsOfTheDocuments = [
  "aws configure",
  "aws-vault add production",
  "terraform init -backend-config=environments/production/backend.hcl",
  "terraform plan -var-file=environments/production/terraform.tfvars",
  "terraform apply -var-file=environments/production/terraform.tfvars",
  "./scripts/build-containers.sh",
  "./scripts/push-containers.sh",
  "./scripts/deploy-services.sh",
  "./scripts/backup.sh --type=rds",
  "./scripts/backup.sh --type=config",
  "./scripts/failover.sh --region=us-west-2",
  "./scripts/switch-traffic.sh --region=us-west-2",
  'export ENVIRONMENT_SUFFIX="synth101912368"',
  'export AWS_REGION="us-east-1"',
  'export PULUMI_CONFIG_PASSPHRASE=""',
  "pulumi up --stack synth101912368",
];

describe("docs/guides/from-the-documents.md", () => {
  const rows = readRepositoryFile("docs/guides/from-the-documents.md")
    .text.split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => line.split(" | "));

  it.each(commandsOfTheDocuments)("has a row for %s", (command) => {
    expect(rows.some(([, theirs]) => theirs?.includes(`\`${command}\``))).toBe(true);
  });

  it("says for each what does it here, that nothing has to, or that it comes later", () => {
    // The commands of ours that it names are held to exist where all documents are.
    for (const [, theirs, ours] of rows)
      expect(ours, theirs).toMatch(/`tenantry |^nothing|^later|in the definition/);
  });
});

describe("the check of tables", () => {
  const lines = roleTable(["a:read", "a:write"], {
    all: new Set(["a:read", "a:write"]),
    some: new Set(["a:read"]),
  });
  const page = (table: readonly string[]) =>
    `# T\n\n<!-- roles -->\n\n${table.join("\n")}\n<!-- /roles -->\n`;

  it("finds a table between its marks", () => {
    expect(markedLines(page(lines), "roles")).toEqual(lines);
    expect(lines.at(-1)).toBe("| `a:write` | yes | |");
  });

  it("sees a row that is missing, changed or one too many", () => {
    const [first = "", ...rest] = lines;
    expect(markedLines(page(rest), "roles")).not.toEqual(lines);
    expect(markedLines(page([first.replace("all", "one"), ...rest]), "roles")).not.toEqual(lines);
    expect(markedLines(page([...lines, "| `b` | yes | |"]), "roles")).not.toEqual(lines);
  });

  it.each(["# T\n", "<!-- roles -->\n| a |\n", page(lines) + page(lines)])("finds none in %j", (text) => {
    expect(markedLines(text, "roles")).toBeUndefined();
  });
});

it("the check of codes finds those that there are not, and leaves other words alone", () => {
  expect(
    unknownCodes(["TOKEN_INVALID", "TOKEN_LOST", "PATCH", "tenant_id"], new Set(["TOKEN_INVALID"])),
  ).toEqual(["TOKEN_LOST"]);
});
