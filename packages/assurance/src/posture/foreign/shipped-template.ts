import type { ShippedFiles } from "../../artifacts/shipment.ts";

/** A template as text, and the region where its stacks would stand. */
export interface ShippedTemplate {
  /** Name of the file below `cloudformation/`. */
  readonly file: string;
  readonly text: string;
  /** Null where the manifest names no stack of it. */
  readonly region: string | null;
}

const path = /^cloudformation\/([\w.-]+\.template\.json)$/;

/** Every template among the files, in the order of their names. */
export function templatesOf(
  files: ShippedFiles,
  regions: ReadonlyMap<string, string>,
): readonly ShippedTemplate[] {
  return Object.keys(files)
    .sort()
    .flatMap((name) => {
      const file = path.exec(name)?.[1];
      const text = files[name];
      return file === undefined || text === undefined
        ? []
        : [{ file, text, region: regions.get(file) ?? null }];
    });
}
