import { isTenantId } from "@tenantry/model";
import { errors } from "../errors.ts";
import { type CompiledTemplate, compileTemplate, emptyTemplate } from "./compile-template.ts";
import {
  type Manifest,
  manifestSchema,
  type ParameterSource,
  type PlacedTenant,
  placedTenantSchema,
} from "./manifest-schema.ts";
import { mark } from "./mark.ts";
import { lazyParameterValues, parameterValues } from "./parameter-values.ts";
import { type ProblemList, problemList } from "./problem-list.ts";
import { firstIssue, readDefinition } from "./read-definition.ts";
import { readJson } from "./read-json.ts";
import type { Shipment, ShippedFiles, ShippedStack, ShippedTenant, ShippedTier } from "./shipment.ts";
import { instantiate } from "./stack-instance.ts";
import { type Provider, type StoredValues, storedValues } from "./stored-values.ts";
import { anyTenant, tenantParameterText } from "./tenant-parameters.ts";

const manifestPath = "cloudformation/manifest.json";
const placementPath = "placement.json";

/** CloudFormation takes no larger template, not even from a bucket. */
const templateLengthMax = 1024 * 1024;

/** What everything of a shipment is read with. */
interface Reading {
  readonly files: ShippedFiles;
  readonly manifest: Manifest;
  readonly account: string;
  readonly problems: ProblemList;
  readonly templateOf: (file: string) => CompiledTemplate;
  readonly stored: StoredValues;
}

/**
 * Reads what would be deployed from the files that synthesis wrote. Anybody may have edited them since: what cannot be read or
 * resolved is a problem of the shipment, and stands as an unknown mark where its value would be.
 *
 * @throws ASSURANCE_FILE_MISSING, ASSURANCE_FILE_INVALID where there is no manifest or no platform to hold anything against
 */
export function readShipment(files: ShippedFiles): Shipment {
  const manifest = readManifest(files);
  const definition = readDefinition(files);
  const problems = problemList();
  const providers: Provider[] = [];
  const reading: Reading = {
    files,
    manifest,
    account: manifest.account ?? mark("account"),
    problems,
    templateOf: templateReader(files, problems),
    stored: storedValues(() => providers, problems.report),
  };
  providers.push(...sharedStacks(reading));
  const tiers = manifest.tenantTemplates.map((entry) => tierOf(entry, reading));
  const tenants = readTenants(reading);
  const shared = providers.map(({ stack }) => stack);
  reportDuplicates(shared, tenants, problems);
  reading.stored.reportTwice();
  // Whatever cannot be resolved is known once everything was: a problem in one tenant's stack is one too.
  for (const stack of shared) stack.resources();
  for (const { anyTenant: stackOf } of tiers) stackOf("a").resources();
  for (const { stacks } of tenants.values()) for (const stack of stacks) stack.resources();
  return {
    platform: manifest.platform,
    environment: manifest.environment,
    account: reading.account,
    region: manifest.region,
    definition,
    shared,
    tenants,
    tiers,
    problems: problems.list(),
  };
}

function readManifest(files: ShippedFiles): Manifest {
  const read = readJson(files, manifestPath);
  if (read.kind === "absent") throw errors.ASSURANCE_FILE_MISSING({ file: manifestPath });
  if (read.kind === "wrong")
    throw errors.ASSURANCE_FILE_INVALID({ file: manifestPath, detail: read.missing });
  const parsed = manifestSchema.safeParse(read.content);
  if (parsed.success) return parsed.data;
  throw errors.ASSURANCE_FILE_INVALID({ file: manifestPath, detail: firstIssue(parsed.error) });
}

/** Each template is read once, however many stacks are made of it. */
function templateReader(files: ShippedFiles, problems: ProblemList): Reading["templateOf"] {
  const known = new Map<string, CompiledTemplate>();
  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const template = readTemplate(files, file, problems);
    for (const { logicalId, missing } of template.problems) {
      problems.report(logicalId === null ? file : `${file}/${logicalId}`, missing);
    }
    known.set(file, template);
    return template;
  };
}

function readTemplate(files: ShippedFiles, file: string, { report }: ProblemList): CompiledTemplate {
  const path = `cloudformation/${file}`;
  if ((files[path]?.length ?? 0) > templateLengthMax) {
    report(file, `it is larger than ${templateLengthMax} bytes, which CloudFormation does not take`);
    return emptyTemplate;
  }
  const read = readJson(files, path);
  if (read.kind === "read") return compileTemplate(read.content);
  report(file, read.kind === "absent" ? "the template is not there" : read.missing);
  return emptyTemplate;
}

function sharedStacks(reading: Reading): readonly Provider[] {
  const { manifest, account } = reading;
  return [
    ...manifest.stacks.map((entry) => sharedStack(entry, account, reading)),
    ...manifest.administration.map((entry) => sharedStack(entry, entry.account ?? account, reading)),
  ];
}

function sharedStack(entry: Manifest["stacks"][number], account: string, reading: Reading): Provider {
  const { id, stackName, region, role, area, template: file } = entry;
  const template = reading.templateOf(file);
  const report = (missing: string): void => reading.problems.report(id, missing);
  reportUndeclared(template, Object.keys(entry.parameters), report);
  const cell = /^cell(?:-watch)?-(\d+)$/.exec(area)?.[1];
  const stack: ShippedStack = {
    id,
    stackName,
    region,
    role,
    area,
    tenant: null,
    tier: null,
    cell: cell === undefined ? null : Number(cell),
    template: file,
    parameters: lazyParameterValues(template, {
      given: (name) => givenValue(ownValue(entry.parameters, name), id, reading),
      stored: (name) => reading.stored.valueOf({ region, account }, name, id),
      report,
    }),
    resources: () => instance.resources(),
  };
  const instance = instantiate(template, stack, { account, report: reading.problems.report });
  return { stack, account, template, instance };
}

function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** What a deployment gives to a parameter with that source. */
function givenValue(
  source: ParameterSource | undefined,
  subject: string,
  { account, stored }: Reading,
): string | undefined {
  switch (source?.kind) {
    case undefined:
      return undefined;
    case "literal":
      return source.value;
    case "deployment":
      return mark(`deployment:${source.field}`);
    case "hosted-zone":
      return mark(`hosted-zone:${source.domain}`);
    case "stack-value":
      return stored.valueOf({ region: source.region, account }, source.name, subject);
  }
}

function reportUndeclared(
  { parameters }: CompiledTemplate,
  given: readonly string[],
  report: (missing: string) => void,
): void {
  for (const name of given) {
    if (!parameters.has(name)) report(`it is given ${name}, which is no parameter of its template`);
  }
}

type TenantTemplate = Manifest["tenantTemplates"][number];

interface TenantStackInputs {
  readonly id: string;
  readonly stackName: string;
  readonly region: string;
  readonly role: "primary" | "recovery";
  readonly tenant: string;
  readonly tier: string;
  readonly cell: number;
  readonly template: string;
  /** What only its own template's entry in the manifest says. */
  readonly sources: Readonly<Record<string, ParameterSource>>;
  /** What the tenant's placement says, which comes before that. */
  readonly given: Readonly<Record<string, string>>;
}

function tenantStack(inputs: TenantStackInputs, reading: Reading): ShippedStack {
  const { given, sources, ...names } = inputs;
  const { account, problems, stored } = reading;
  const template = reading.templateOf(inputs.template);
  const report = (missing: string): void => problems.report(inputs.id, missing);
  reportUndeclared(template, [...Object.keys(sources), ...Object.keys(given)], report);
  const stack: ShippedStack = {
    ...names,
    area: "tenant",
    placed: given,
    parameters: parameterValues(template, {
      given: (name) => ownValue(given, name) ?? givenValue(ownValue(sources, name), inputs.id, reading),
      stored: (name) => stored.valueOf({ region: inputs.region, account }, name, inputs.id),
      report,
    }),
    resources: () => instantiate(template, stack, { account, report: problems.report }).resources(),
  };
  return stack;
}

function stackId(tenant: string, role: "primary" | "recovery"): string {
  return role === "primary" ? `tenant/${tenant}` : `tenant/${tenant}/recovery`;
}

function tierOf(entry: TenantTemplate, reading: Reading): ShippedTier {
  const { tier, role, region, template, tenantParameters } = entry;
  const { manifest } = reading;
  return {
    tier,
    role,
    region,
    template,
    parameters: tenantParameters,
    anyTenant: (name) => {
      const any = anyTenant(name);
      const id = stackId(any.id, role);
      const given = Object.fromEntries(
        Object.entries(tenantParameters).map(([parameter, source]) => [
          parameter,
          tenantParameterText(source, any, manifest),
        ]),
      );
      return tenantStack(
        {
          id,
          stackName: `${manifest.platform}-${manifest.environment}-tenant-${any.id}`,
          region,
          role,
          tenant: any.id,
          tier,
          cell: any.cell,
          template,
          sources: entry.parameters,
          given,
        },
        reading,
      );
    },
  };
}

function readTenants(reading: Reading): ReadonlyMap<string, ShippedTenant> {
  const { files, problems } = reading;
  const tenants = new Map<string, ShippedTenant>();
  const read = readJson(files, placementPath);
  if (read.kind !== "read") {
    problems.report(placementPath, read.kind === "absent" ? "the file is not there" : read.missing);
    return tenants;
  }
  const entries = tenantEntries(read.content);
  if (entries === null) {
    problems.report(placementPath, "it names no tenants");
    return tenants;
  }
  for (const [id, content] of entries.toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const parsed = placedTenantSchema.safeParse(content);
    if (!isTenantId(id)) problems.report(placementPath, `${JSON.stringify(id)} is no tenant's id`);
    else if (parsed.success) tenants.set(id, tenantOf(id, parsed.data, reading));
    else problems.report(`${placementPath}: ${id}`, firstIssue(parsed.error));
  }
  return tenants;
}

function tenantEntries(content: unknown): readonly (readonly [string, unknown])[] | null {
  if (typeof content !== "object" || content === null || !("tenants" in content)) return null;
  const { tenants } = content;
  if (typeof tenants !== "object" || tenants === null || Array.isArray(tenants)) return null;
  return Object.entries(tenants);
}

function tenantOf(id: string, placed: PlacedTenant, reading: Reading): ShippedTenant {
  const { tier, cell, slot } = placed;
  const { manifest, problems } = reading;
  const stacks = placed.stacks.map(({ role, region, stackName, template, parameters }) => {
    const entry = manifest.tenantTemplates.find((one) => one.template === template);
    const stack = stackId(id, role);
    if (entry === undefined) problems.report(stack, `the manifest does not know its template ${template}`);
    return tenantStack(
      {
        id: stack,
        stackName,
        region,
        role,
        tenant: id,
        tier,
        cell,
        template,
        sources: entry?.parameters ?? {},
        given: parameters,
      },
      reading,
    );
  });
  return { id, tier, cell, slot, stacks };
}

/** Stacks of one name in one region are one stack to CloudFormation; those of one id are one to the checks. */
function reportDuplicates(
  shared: readonly ShippedStack[],
  tenants: ReadonlyMap<string, ShippedTenant>,
  { report }: ProblemList,
): void {
  const ids = new Set<string>();
  const names = new Set<string>();
  const stacks = [...shared, ...[...tenants.values()].flatMap((tenant) => tenant.stacks)];
  for (const { id, stackName, region } of stacks) {
    const name = `${stackName} in ${region}`;
    if (ids.has(id)) report(id, "there are two stacks of this id");
    if (names.has(name)) report(id, `there are two stacks of the name ${name}`);
    ids.add(id);
    names.add(name);
  }
}
