import { CellStack } from "../stack/cell-stack.ts";
import type { ParameterSource } from "../stack/parameter-source.ts";
import type { PlatformStack } from "../stack/platform-stack.ts";
import { cellsOf } from "../stacks/cell-stack.ts";

/** One stack that a deployment makes of a template. */
export interface StackEntry {
  /** Unique in the assembly. */
  readonly id: string;
  readonly area: string;
  readonly stackName: string;
  readonly sources: Readonly<Record<string, ParameterSource>>;
}

/** The stacks of a template: one, or one for each cell. */
export function stackEntriesOf(stack: PlatformStack): readonly StackEntry[] {
  const { artifactId, area, stackName } = stack;
  if (!(stack instanceof CellStack)) {
    return [{ id: artifactId, area, stackName, sources: Object.fromEntries(stack.parameterSources) }];
  }
  return cellsOf(stack.site).map((cell) => ({
    id: `${artifactId}-${cell}`,
    area: `${area}-${cell}`,
    stackName: `${stackName}-${cell}`,
    sources: stack.sourcesOf(cell),
  }));
}
