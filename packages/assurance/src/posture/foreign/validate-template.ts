import { createRequire } from "node:module";
import type { ShippedTemplate } from "./shipped-template.ts";

/** What AWS's validator has against a template. */
export interface TemplateFinding {
  /** Such as "F3002" or "E3012". */
  readonly rule: string;
  /** Logical id; null where the template as a whole is meant. */
  readonly logicalId: string | null;
  readonly message: string;
}

export interface TemplateReport {
  readonly file: string;
  /** False where the validator could not look at everything, so that it may have missed something. */
  readonly isComplete: boolean;
  readonly findings: readonly TemplateFinding[];
  /** How many rules it went by. */
  readonly rules: number;
}

/** AWS's own validator, which ships inside aws-cdk-lib and has no address of its own. */
interface Validator {
  readonly CompositeEngine: new () => {
    validateTemplate(
      template: object,
      config: {
        readonly strict: boolean;
        readonly detailLevel: "STANDARD";
        readonly pseudoParameterOverrides?: { readonly region: string };
      },
    ): {
      readonly status: "OK" | "ANALYSIS_INCOMPLETE" | "ERROR";
      readonly metadata: { readonly rulesEvaluated: number };
      readonly diagnostics: readonly {
        readonly severity: "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";
        readonly ruleId: string;
        readonly message: string;
        readonly entity?: { readonly logicalId?: string };
        readonly propertyPath?: string;
      }[];
    };
  };
  readonly TemplateContent: new (content: string, name: string) => object;
}

const cdk = createRequire(createRequire(import.meta.url).resolve("aws-cdk-lib/package.json"));
let engine: InstanceType<Validator["CompositeEngine"]> | null = null;

/** Looks at a template in strict mode, where a warning is an error. */
export function validateTemplate({ file, text, region }: ShippedTemplate): TemplateReport {
  const { CompositeEngine, TemplateContent } = cdk("@aws/cloudformation-validate") as Validator;
  // It takes a second to start, and is the same for all templates.
  engine ??= new CompositeEngine();
  const { status, diagnostics, metadata } = engine.validateTemplate(new TemplateContent(text, file), {
    strict: true,
    detailLevel: "STANDARD",
    ...(region === null ? {} : { pseudoParameterOverrides: { region } }),
  });
  return {
    file,
    isComplete: status === "OK",
    rules: metadata.rulesEvaluated,
    findings: diagnostics
      .filter(({ severity }) => severity === "ERROR" || severity === "FATAL")
      .map(({ ruleId, message, entity, propertyPath }) => ({
        rule: ruleId,
        logicalId: entity?.logicalId ?? null,
        message: propertyPath === undefined ? message : `${propertyPath}: ${message}`,
      })),
  };
}
