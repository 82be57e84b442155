import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTemplate } from "./load-template.ts";
import { type PackRule, packs, PackRun } from "./packs.ts";
import type { ShippedTemplate } from "./shipped-template.ts";

/** CloudFormation takes no larger one. */
const templateLengthMax = 1_000_000;

export interface PackReport {
  readonly rules: readonly PackRule[];
  /** Templates that the CDK could not read, by file: what is in them was not looked at. */
  readonly unread: Readonly<Record<string, string>>;
  readonly resources: number;
}

/** What all packs say of the templates as they are written, whoever wrote them. */
export async function runPacks(templates: readonly ShippedTemplate[]): Promise<PackReport> {
  const folder = await mkdtemp(join(tmpdir(), "tenantry-posture-"));
  try {
    const runs = packs.map((pack) => new PackRun(pack));
    const unread: Record<string, string> = {};
    let resources = 0;
    for (const [index, { file, text, region }] of templates.entries()) {
      const path = join(folder, `${index}.json`);
      try {
        if (text.length > templateLengthMax)
          throw new RangeError(`it is larger than ${templateLengthMax} bytes`);
        await writeFile(path, text);
        const found = loadTemplate(path, region);
        if (found.length === 0) throw new TypeError("there are no resources in it");
        resources += found.length;
        for (const run of runs) run.look(file, found);
      } catch (error) {
        // An edited file may be anything; whatever the CDK has against it is what is missing.
        unread[file] = error instanceof Error ? error.message.replaceAll(path, file) : String(error);
      }
    }
    return { rules: runs.flatMap((run) => run.rules()), unread, resources };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
