import { marksIn, unknownIn } from "../../artifacts/mark.ts";
import type { Data, Resource } from "../../artifacts/shipment.ts";
import { listOf, recordOf, textOf, wholeOf } from "../network/property-values.ts";
import { hostName } from "./host-names.ts";
import type { ListenerRule, Priority, RuleAction } from "./routing-model.ts";

/** Reads a rule; what it cannot read it says to `gap`. */
export function readRule(
  { key, physicalId, properties }: Resource,
  gap: (missing: string) => void,
): ListenerRule {
  const conditions = listOf(properties["Conditions"]).map(recordOf);
  const valuesOf = (field: string, config: string): readonly string[] | null => {
    const found = conditions.filter((condition) => condition["Field"] === field);
    const [first] = found;
    if (first === undefined) return null;
    if (found.length > 1) gap(`it has ${found.length} conditions on ${field}`);
    const written = recordOf(first[config]);
    if (written["RegexValues"] !== undefined) gap(`what its expressions for ${field} match`);
    return texts(written["Values"] ?? first["Values"], () => gap(`the values of its condition on ${field}`));
  };
  for (const { Field: field } of conditions) {
    if (!knownFields.has(textOf(field) ?? "")) gap(`what its condition ${textOf(field) ?? ""} matches`);
  }
  if (listOf(properties["Transforms"]).length > 0) gap("what its transforms make of host and path");
  const headers = conditions
    .filter(({ Field: field }) => field === "http-header")
    .map((condition) => recordOf(condition["HttpHeaderConfig"]))
    .map((config) => ({
      name: (textOf(config["HttpHeaderName"]) ?? "").toLowerCase(),
      values: texts(config["Values"], () => gap("the values of a header")),
    }));
  return {
    key,
    arn: physicalId,
    listener: textOf(properties["ListenerArn"]) ?? "",
    priority: priorityOf(properties["Priority"], gap),
    hosts: valuesOf("host-header", "HostHeaderConfig")?.map(hostName) ?? null,
    paths: valuesOf("path-pattern", "PathPatternConfig"),
    headers,
    action: actionOf(properties["Actions"]),
  };
}

const knownFields: ReadonlySet<string> = new Set([
  "host-header",
  "path-pattern",
  "http-header",
  "http-request-method",
  "query-string",
  "source-ip",
]);

function texts(value: Data | undefined, gap: () => void): readonly string[] {
  const all = listOf(value).map(textOf);
  const known = all.filter((text) => text !== null && unknownIn(text) === undefined) as readonly string[];
  if (known.length < all.length || all.length === 0) gap();
  return known;
}

function priorityOf(value: Data | undefined, gap: (missing: string) => void): Priority | null {
  const number = wholeOf(value);
  if (number !== null) return { kind: "number", value: number };
  const text = textOf(value) ?? "";
  const slots = /^⟨priority:[^:]*:(\d+):(\d+)⟩$/u.exec(text);
  if (slots !== null) return { kind: "slots", index: Number(slots[1]), count: Number(slots[2]) };
  gap(marksIn(text).length > 0 ? `its priority ${text}` : "its priority is no number");
  return null;
}

/** Where actions lead: those of a rule, or the default ones of a listener. */
export function actionOf(value: Data | undefined): RuleAction {
  const actions = listOf(value).map(recordOf);
  const targets = actions.flatMap((action) => [
    ...listOf(action["TargetGroupArn"]),
    ...listOf(recordOf(action["ForwardConfig"])["TargetGroups"]).map(
      (one) => recordOf(one)["TargetGroupArn"] ?? "",
    ),
  ]);
  const redirect = actions
    .map((action) => recordOf(action["RedirectConfig"]))
    .find((one) => Object.keys(one).length > 0);
  return {
    types: actions.map((action) => textOf(action["Type"]) ?? ""),
    targets: targets.map((target) => textOf(target) ?? ""),
    redirectHost: redirect === undefined ? null : hostName(textOf(redirect["Host"]) ?? "#{host}"),
  };
}
