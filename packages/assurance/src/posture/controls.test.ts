import { expect, test } from "vitest";
import { recoverabilityRules } from "../recoverability/check-recoverability.ts";
import { frameworks } from "./controls.ts";
import { postureRules } from "./own-rules.ts";

const own = [...postureRules, ...recoverabilityRules].map(({ id }) => id);
const serving = Object.values(frameworks).map(({ controls }) =>
  Object.values(controls).flatMap(({ rules }) => rules),
);

test("every rule of posture and recoverability serves a control of SOC 2, GDPR, CCPA, PCI DSS and HIPAA", () => {
  for (const id of ["soc-2", "gdpr", "ccpa", "pci-dss", "hipaa"] as const) {
    const rules = Object.values(frameworks[id]?.controls ?? {}).flatMap((control) => control.rules);
    const lacking = own.filter(
      (rule) => !rules.some((one) => (one.endsWith("/") ? rule.startsWith(one) : rule === one)),
    );
    expect([id, lacking]).toEqual([id, []]);
  }
});

test("every rule that a control names is there", () => {
  const foreign = ["posture/aws-validator", "posture/cdk-nag-aws-solutions"];
  const known = new Set([...own, ...foreign]);
  const named = serving.flat().filter((rule) => !rule.endsWith("/"));
  expect(named.filter((rule) => !known.has(rule))).toEqual([]);
});
