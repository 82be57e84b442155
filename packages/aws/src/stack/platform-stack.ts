import { assert } from "@tenantry/base";
import {
  type App,
  BootstraplessSynthesizer,
  type CfnElement,
  CfnOutput,
  CfnParameter,
  type CfnParameterProps,
  Fn,
  type IStackSynthesizer,
  Stack,
  Token,
} from "aws-cdk-lib";
import { CfnParameter as CfnSsmParameter } from "aws-cdk-lib/aws-ssm";
import { tagStack } from "./deployment-tags.ts";
import type { ParameterSource } from "./parameter-source.ts";
import type { Site } from "./site.ts";
import type { KeyPurpose, StackListName, StackValueName } from "./stack-values.ts";

/** What a shared stack holds. The cells of a region have one template each for `cell` and `cell-watch`, and stacks by their number. */
export type StackArea =
  | "organization"
  | "foundation"
  | "replicas"
  | "data"
  | "cell"
  | "cell-watch"
  | "services"
  | "edge-global"
  | "edge"
  | "operations-global"
  | "operations"
  | "access";

export interface PlatformStackOptions {
  readonly description: string;
  /** AWS region. Default: the site's. */
  readonly region?: string;
}

/**
 * A stack of a platform: named `{platform}-{environment}-{area}`, tagged, with logical ids that are the path of the construct without
 * a hash, so that a template can be read and a diff be reviewed.
 *
 * Stacks meet through Parameter Store only: `provide` writes a value, `need` reads it. There are no exports, so no stack
 * holds another one back.
 */
export class PlatformStack extends Stack {
  readonly site: Site;
  readonly area: string;
  /** Where a deployment takes the values of the parameters from, by the parameter's logical id. */
  readonly parameterSources = new Map<string, ParameterSource>();

  constructor(app: App, site: Site, area: StackArea | `tenant-${string}`, options: PlatformStackOptions) {
    const { platform, role } = site;
    super(app, role === "primary" ? area : `recovery-${area}`, {
      stackName: `${platform.name}-${platform.environment}-${area}`,
      description: options.description,
      env: {
        region: options.region ?? site.region.region,
        ...(platform.account === null ? {} : { account: platform.account }),
      },
      // No template refers to an asset or to a role of a bootstrap stack.
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
      analyticsReporting: false,
    });
    this.site = site;
    this.area = area;
    tagStack(this, platform.tags);
  }

  /** Hands a value to other stacks: the SSM parameter `/{platform}/{environment}/{name}`. */
  provide(name: StackValueName, value: string): void {
    this.#write(name, "String", value);
  }

  provideList(name: StackListName, values: readonly string[]): void {
    this.#write(name, "StringList", Fn.join(",", [...values]));
  }

  /** A value that another stack hands over: of the same region where none is named. */
  need(name: StackValueName, region = this.region): string {
    if (region !== this.region) return this.#needElsewhere(name, region);
    const id = `Value${pascal(name)}`;
    const known = this.node.tryFindChild(id) as CfnParameter | undefined;
    if (known !== undefined) return known.valueAsString;
    const description = `The value ${name} of another stack.`;
    return new CfnParameter(this, id, {
      type: "AWS::SSM::Parameter::Value<String>",
      default: this.parameterPath(name),
      description,
    }).valueAsString;
  }

  needList(name: StackListName): string[] {
    const id = `Value${pascal(name)}`;
    const known = this.node.tryFindChild(id) as CfnParameter | undefined;
    const parameter =
      known ??
      new CfnParameter(this, id, {
        type: "AWS::SSM::Parameter::Value<List<String>>",
        default: this.parameterPath(name),
        description: `The values ${name} of another stack.`,
      });
    return parameter.valueAsList;
  }

  /** The ARN of the key for a purpose; null where AWS's own keys are used. */
  needKey(purpose: KeyPurpose): string | null {
    return this.site.platform.encryption.keys === "aws-managed" ? null : this.need(`keys/${purpose}`);
  }

  /** A parameter of the template that a deployment fills. */
  parameter(id: string, props: CfnParameterProps, source: ParameterSource | null): CfnParameter {
    const parameter = new CfnParameter(this, id, props);
    if (source !== null) this.parameterSources.set(id, source);
    return parameter;
  }

  /** What people and programs read after a deployment. */
  output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }

  /** The path in Parameter Store of a value. */
  parameterPath(name: string): string {
    const { platform } = this.site;
    return `/${platform.name}/${platform.environment}/${name}`;
  }

  protected override allocateLogicalId(element: CfnElement): string {
    const path = element.node.path.split("/").slice(1);
    // CDK's constructs of one resource call it so.
    const id = pascal(path.filter((part) => part !== "Resource" && part !== "Default").join("-"));
    assert(id.length > 0 && id.length <= 255, `no logical id can be made of the path ${element.node.path}`);
    return id;
  }

  /** Its parameter has the region in its name, because the stack may need its own region's as well. */
  #needElsewhere(name: StackValueName, region: string): string {
    // Checks of templates take a parameter with "secret" in its name for a secret, and these hold ARNs.
    const id = `Value${pascal(name.replace(/secrets?/, "credentials"))}In${pascal(region)}`;
    const known = this.node.tryFindChild(id) as CfnParameter | undefined;
    if (known !== undefined) return known.valueAsString;
    const description = `The value ${name} of another stack in ${region}.`;
    const source = { kind: "stack-value", region, name: this.parameterPath(name) } as const;
    return this.parameter(id, { type: "String", description }, source).valueAsString;
  }

  #write(name: string, type: "String" | "StringList", value: string): void {
    assert(!Token.isUnresolved(name), `the name ${name} of a stack value is not known`);
    new CfnSsmParameter(this, `Provide-${pascal(name)}`, { name: this.parameterPath(name), type, value });
  }
}

/** "network/vpc-id" becomes "NetworkVpcId": letters and digits only, as logical ids want it. */
export function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word.length > 0)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
