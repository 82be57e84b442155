import { type App, CfnParameter } from "aws-cdk-lib";
import { CfnParameter as CfnSsmParameter } from "aws-cdk-lib/aws-ssm";
import type { ParameterSource } from "./parameter-source.ts";
import { pascal, PlatformStack, type PlatformStackOptions } from "./platform-stack.ts";
import type { Site } from "./site.ts";
import type { CellValue } from "./stack-values.ts";

/**
 * The template of all cells of a region. Everything in it that differs from cell to cell is a parameter, so a cell more needs no
 * synthesis, and what is proved about the template holds for every cell.
 */
export class CellStack extends PlatformStack {
  /** The cell's number, from 1. */
  readonly cell: string;
  readonly #values = new Map<string, (cell: number) => string>();

  constructor(app: App, site: Site, area: "cell" | "cell-watch", options: PlatformStackOptions) {
    super(app, site, area, options);
    this.#values.set("Cell", String);
    this.cell = new CfnParameter(this, "Cell", {
      type: "String",
      allowedPattern: "^[1-9][0-9]*$",
      description: "The cell's number.",
    }).valueAsString;
  }

  /** A name with {cell} in it, for the cell of the stack. */
  fill(pattern: string): string {
    return pattern.replaceAll("{cell}", this.cell);
  }

  /** A text that no template can make of the number, such as one with a digest in it. */
  text(id: string, description: string, of: (cell: number) => string): string {
    this.#values.set(id, of);
    return new CfnParameter(this, id, { type: "String", description }).valueAsString;
  }

  /** Hands a value of the cell to other stacks. */
  provideOfCell(value: CellValue, text: string): void {
    new CfnSsmParameter(this, `Provide-${pascal(value)}`, {
      name: this.parameterPath(`cells/${this.cell}/${value}`),
      type: "String",
      value: text,
    });
  }

  /** A value that the cell hands over in another stack. */
  needOfCell(value: CellValue): string {
    const id = `Cell${pascal(value)}`;
    const known = this.node.tryFindChild(id) as CfnParameter | undefined;
    if (known !== undefined) return known.valueAsString;
    this.#values.set(id, (cell) => this.parameterPath(`cells/${cell}/${value}`));
    return new CfnParameter(this, id, {
      type: "AWS::SSM::Parameter::Value<String>",
      description: `The value ${value} of the cell.`,
    }).valueAsString;
  }

  /** Where a deployment takes the values of the parameters of one cell's stack from. */
  sourcesOf(cell: number): Readonly<Record<string, ParameterSource>> {
    const sources: Record<string, ParameterSource> = Object.fromEntries(this.parameterSources);
    for (const [id, valueOf] of this.#values) sources[id] = { kind: "literal", value: valueOf(cell) };
    return sources;
  }
}
