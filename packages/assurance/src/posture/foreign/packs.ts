import type { CfnResource } from "aws-cdk-lib";
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type IApplyRule,
  type NagPack,
  NagRuleCompliance,
  NIST80053R5Checks,
  PCIDSS321Checks,
} from "cdk-nag";
import type { Platform } from "@tenantry/model";
import { acknowledgementsOf } from "../acknowledgements.ts";
import type { Properties } from "../../artifacts/shipment.ts";

/** A collection of rules of cdk-nag. */
export interface Pack {
  /** Begins the ids of its rules. */
  readonly name: string;
  /** Ends the id of our rule that runs it. */
  readonly id: string;
  /** What the definition's `compliance` must name for its findings to count; "always" where they do, null where none of them asks for it. */
  readonly askedBy: Platform["compliance"][number] | "always" | null;
  readonly version: string;
  readonly make: () => NagPack;
}

export const packs: readonly Pack[] = [
  {
    name: "AwsSolutions",
    id: "cdk-nag-aws-solutions",
    askedBy: "always",
    version: "AWS Solutions",
    make: () => new AwsSolutionsChecks(),
  },
  {
    name: "NIST.800.53.R5",
    id: "cdk-nag-nist",
    askedBy: null,
    version: "NIST SP 800-53, revision 5",
    make: () => new NIST80053R5Checks(),
  },
  {
    name: "HIPAA.Security",
    id: "cdk-nag-hipaa",
    askedBy: "hipaa",
    version: "HIPAA Security Rule, 45 CFR part 164",
    make: () => new HIPAASecurityChecks(),
  },
  {
    name: "PCI.DSS.321",
    id: "cdk-nag-pci-dss",
    askedBy: "pci-dss",
    version: "PCI DSS 3.2.1",
    make: () => new PCIDSS321Checks(),
  },
];

/** What one rule of a pack said of one resource. */
export interface PackFinding {
  /** `{template}/{logical id}`. */
  readonly subject: string;
  /** The id of the rule, and of the one finding where it has several: "AwsSolutions-IAM5[Resource::*]". */
  readonly rule: string;
  readonly kind: "broken" | "acknowledged" | "threw";
  /** The reason of an acknowledgement, or what the rule stumbled over. */
  readonly detail: string | null;
}

/** One rule of a pack over all templates. */
export interface PackRule {
  readonly pack: string;
  readonly id: string;
  /** What is wrong where it is broken, without the controls. */
  readonly info: string;
  /** Controls of the pack's framework that it serves, such as "SC-28(1)". */
  readonly controls: readonly string[];
  /** How many resources it applied to. */
  readonly looked: number;
  readonly findings: readonly PackFinding[];
}

interface OpenRule {
  readonly info: string;
  looked: number;
  readonly findings: PackFinding[];
}

/** What the rules of a pack say of resources, one after the other. */
export class PackRun {
  readonly pack: Pack;
  readonly #rules = new Map<string, OpenRule>();

  constructor(pack: Pack) {
    this.pack = pack;
  }

  /** Looks at every resource of a template. */
  look(file: string, resources: readonly CfnResource[]): void {
    const pack = this.pack.make();
    // The pack applies each of its rules through this method, and keeps only what is broken; what holds is evidence as well.
    Object.defineProperty(pack, "applyRule", { value: (params: IApplyRule) => this.#apply(file, params) });
    for (const resource of resources) (pack as unknown as RunnablePack).checkResource(resource);
  }

  rules(): readonly PackRule[] {
    return [...this.#rules].map(([id, { info, looked, findings }]) => ({
      pack: this.pack.name,
      id,
      info: info.replace(controlsText, "").trim(),
      controls: controlsIn(info),
      looked,
      findings,
    }));
  }

  #apply(file: string, params: IApplyRule): void {
    const id = `${this.pack.name}-${params.ruleSuffixOverride ?? params.rule.name}`;
    const known = this.#rules.get(id) ?? { info: params.info, looked: 0, findings: [] };
    this.#rules.set(id, known);
    // CfnInclude calls its constructs by their logical ids; those themselves are tokens until there is a template.
    const subject = `${file}/${params.node.node.id}`;
    const result = outcomeOf(params);
    if (result.kind === "threw") {
      known.looked += 1;
      known.findings.push(settled(params.node, { subject, rule: id, kind: "threw", detail: result.detail }));
      return;
    }
    if (result.value === NagRuleCompliance.NOT_APPLICABLE) return;
    known.looked += 1;
    if (result.value === NagRuleCompliance.COMPLIANT) return;
    const rules = Array.isArray(result.value) ? result.value.map((finding) => `${id}[${finding}]`) : [id];
    for (const rule of rules)
      known.findings.push(settled(params.node, { subject, rule, kind: "broken", detail: null }));
  }
}

/** What its packs do with a resource; for the eyes of cdk-nag only, by its types. */
interface RunnablePack {
  checkResource(resource: CfnResource): void;
}

type Outcome =
  | { readonly kind: "said"; readonly value: ReturnType<IApplyRule["rule"]> }
  | { readonly kind: "threw"; readonly detail: string };

function outcomeOf({ rule, node }: IApplyRule): Outcome {
  try {
    return { kind: "said", value: rule(node) };
  } catch (error) {
    return { kind: "threw", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** The finding, or that somebody meant it to be so. */
function settled(node: CfnResource, finding: PackFinding): PackFinding {
  const metadata = (node.cfnOptions.metadata ?? {}) as Properties;
  const meant = acknowledgementsOf({ metadata }).find(({ rule }) => rule === finding.rule);
  return meant === undefined ? finding : { ...finding, kind: "acknowledged", detail: meant.reason };
}

const controlsText = /\s*-?\s*\(Control IDs?: (.*)\)\.?\s*$/;

/** "AC-3, SC-28(1)" of "… - (Control IDs: AC-3, SC-28(1))." */
function controlsIn(info: string): readonly string[] {
  const list = controlsText.exec(info)?.[1];
  return list === undefined ? [] : list.split(/,\s*/).filter((control) => control !== "");
}
