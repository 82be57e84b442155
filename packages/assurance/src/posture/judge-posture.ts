import type { Shipment, ShippedFiles } from "../artifacts/shipment.ts";
import { judge } from "../rule.ts";
import type { Matrix, ThemeResult } from "../theme-result.ts";
import type { Verdict } from "../verdict.ts";
import { postureRules } from "./own-rules.ts";
import { readPosture } from "./read-posture.ts";

/**
 * The rules of our own about how things are shipped: keys, backups, TLS, users of containers. Light, and without AWS's and
 * cdk-nag's rules, which `checkPosture` of `@tenantry/assurance/posture` adds.
 *
 * @param files what the shipment was read from, for what is not a resource: outputs, parameters, the manifest
 */
export function judgePosture(shipment: Shipment, files: ShippedFiles): ThemeResult {
  const posture = readPosture(shipment, files);
  const verdicts = postureRules.flatMap((rule) => judge(rule, shipment.environment, posture));
  return { theme: "posture", verdicts, matrices: [matrixOf(verdicts)] };
}

function matrixOf(verdicts: readonly Verdict[]): Matrix {
  const count = (rule: string, kind: Verdict["kind"]) =>
    String(verdicts.filter((verdict) => verdict.rule === rule && verdict.kind === kind).length);
  return {
    title: "Posture: our own rules",
    columns: ["rule", "holds", "refuted", "unknown", "not applicable"],
    rows: postureRules.map(({ id }) => [
      id,
      verdicts.some(({ rule, kind }) => rule === id && (kind === "refuted" || kind === "unknown"))
        ? "no"
        : "yes",
      count(id, "refuted"),
      count(id, "unknown"),
      count(id, "not-applicable"),
    ]),
    legend: { yes: "nothing against it was found", no: "see the findings" },
  };
}
