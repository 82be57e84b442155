import { createRequire } from "node:module";

/** AWS's own validator, which ships inside aws-cdk-lib and has no address of its own. */
interface Validator {
  readonly CompositeEngine: new () => {
    validateTemplate(
      template: object,
      config: { readonly strict: boolean; readonly detailLevel: "STANDARD" },
    ): {
      readonly diagnostics: readonly {
        readonly severity: "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";
        readonly ruleId: string;
        readonly message: string;
        readonly entity?: { readonly name?: string };
        readonly propertyPath?: string;
      }[];
    };
  };
  readonly TemplateContent: new (content: string) => object;
}

const cdk = createRequire(createRequire(import.meta.url).resolve("aws-cdk-lib/package.json"));
let engine: InstanceType<Validator["CompositeEngine"]> | null = null;

/** What is wrong with a template, in strict mode, where a warning is an error: a line for each finding. */
export function validateTemplate(template: object): readonly string[] {
  const { CompositeEngine, TemplateContent } = cdk("@aws/cloudformation-validate") as Validator;
  // It takes a second or two to start, and is the same for all templates.
  engine ??= new CompositeEngine();
  const { diagnostics } = engine.validateTemplate(new TemplateContent(JSON.stringify(template)), {
    strict: true,
    detailLevel: "STANDARD",
  });
  return diagnostics
    .filter(({ severity }) => severity === "ERROR" || severity === "FATAL")
    .map(
      ({ severity, ruleId, message, entity, propertyPath }) =>
        `${severity} ${ruleId} ${entity?.name ?? ""} ${propertyPath ?? ""}: ${message}`,
    );
}
