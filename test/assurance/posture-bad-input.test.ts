// Goal: whatever somebody wrote into a template, the checks say something of it, and never fall over it.
import { checkRecoverability, judgePosture, readShipment, type ShippedFiles } from "@tenantry/assurance";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shippedFiles } from "./shipped-platform.ts";

const junk = fc.constantFrom<unknown>(
  null,
  0,
  -1,
  "",
  "⟨unknown:x⟩",
  "cron(",
  "__proto__",
  [],
  [[]],
  {},
  { Ref: "Nowhere" },
  { "Fn::GetAtt": [] },
  { Statement: [null, 7, { Effect: {} }] },
  true,
  "0.0.0.0/99",
);

/** One place of a file, chosen by numbers, with something else in it. */
function replaced(content: unknown, choices: readonly number[], value: unknown): unknown {
  const [choice = 0, ...rest] = choices;
  if (typeof content !== "object" || content === null || choices.length === 0) return value;
  const keys = Object.keys(content);
  const key = keys[choice % Math.max(1, keys.length)];
  if (key === undefined) return value;
  const inner = replaced((content as Record<string, unknown>)[key], rest, value);
  if (Array.isArray(content))
    return content.map((item: unknown, index) => (String(index) === key ? inner : item));
  return { ...content, [key]: inner };
}

test("posture and recoverability judge any edited template", async () => {
  const files = await shippedFiles("saas-management", "production");
  const paths = Object.keys(files).filter((path) => path.endsWith(".template.json"));
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(fc.nat(), { minLength: 2, maxLength: 9 }),
      junk,
      (which, choices, value) => {
        const path = paths[which % paths.length] ?? "";
        const edited: ShippedFiles = {
          ...files,
          [path]: JSON.stringify(replaced(JSON.parse(files[path] ?? "{}"), choices, value)),
        };
        const shipment = readShipment(edited);
        const verdicts = [
          ...judgePosture(shipment, edited).verdicts,
          ...checkRecoverability(shipment).verdicts,
        ];
        expect(verdicts.length).toBeGreaterThan(40);
      },
    ),
    { numRuns: 30 },
  );
}, 120_000);
