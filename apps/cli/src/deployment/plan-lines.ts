import type { DeploymentPlan, ResourceChange, SecurityChange, StackPlan } from "@tenantry/toolkit";
import type { Terminal } from "../terminal.ts";

type Paint = Terminal["paint"];

const signs = { create: "+", update: "~", delete: "-", unchanged: "=" } as const;
const colours = { create: "green", update: "yellow", delete: "red", unchanged: "dim" } as const;
const impactSigns = {
  create: "+",
  update: "~",
  replace: "±",
  "may-replace": "±",
  delete: "-",
  keep: "○",
} as const;
/** More of these than this are counted and not listed. */
const resourcesShown = 30;
const tenantsShown = 12;

/** A plan as people read it: what is lost last, where the eye is. */
export function planLines(plan: DeploymentPlan, paint: Paint): readonly string[] {
  const against =
    plan.basis === "nothing" ? "as if nothing were deployed" : `against account ${plan.account ?? "?"}`;
  return [
    `${plan.platform} ${plan.environment}, ${against}`,
    "",
    ...plan.stacks.flatMap((stack) => stackLines(stack, plan, paint)),
    ...tenantLines(plan, paint),
    ...securityLines(plan, paint),
    ...abandonedLines(plan, paint),
    ...obstacleLines(plan, paint),
    ...lossLines(plan, paint),
    "",
    summaryLine(plan),
  ];
}

function stackLines(stack: StackPlan, plan: DeploymentPlan, paint: Paint): readonly string[] {
  const { action, id, region } = stack;
  const head = `${signs[action]} ${id.padEnd(24)} ${region.padEnd(14)} ${action}`;
  const follow =
    action === "unchanged" && stack.mayFollow ? " unless a stack before it hands over other values" : "";
  const change = stack.change === null ? undefined : plan.changes[stack.change];
  const resources = change?.resources ?? [];
  const count = action === "create" ? `  ${resources.length} resources` : "";
  const shown = action === "create" ? [] : resources;
  return [
    `  ${paint(colours[action], head)}${count}${paint("dim", follow)}`,
    ...shown.slice(0, resourcesShown).map((one) => resourceLine(one, paint)),
    ...(shown.length > resourcesShown ? [`      … and ${shown.length - resourcesShown} more`] : []),
  ];
}

function resourceLine({ impact, logicalId, type, properties, fate }: ResourceChange, paint: Paint): string {
  const isLoss = impact === "replace" || impact === "delete";
  const what = `${impactSigns[impact]} ${logicalId} (${type}) ${impact === "may-replace" ? "may be replaced" : impact}`;
  const why = properties.length === 0 ? "" : `: ${properties.join(", ")}`;
  const old = fate === null ? "" : `; the old one is ${fate === "snapshot" ? "kept as a snapshot" : fate}`;
  return `      ${paint(isLoss ? "red" : "reset", `${what}${why}${old}`)}`;
}

/** Tenants of one tier change alike, so they are counted, and what changes is shown once. */
function tenantLines(plan: DeploymentPlan, paint: Paint): readonly string[] {
  if (plan.tenants.length === 0) return [];
  const lines = ["", "tenants"];
  for (const action of ["create", "update", "delete", "unchanged"] as const) {
    const stacks = plan.tenants.filter((stack) => stack.action === action);
    if (stacks.length === 0) continue;
    const ids = [...new Set(stacks.map(({ tenant }) => tenant ?? ""))];
    const more = ids.length > tenantsShown ? `, … and ${ids.length - tenantsShown} more` : "";
    const shown = action === "unchanged" ? "" : `: ${ids.slice(0, tenantsShown).join(", ")}${more}`;
    lines.push(`  ${paint(colours[action], `${signs[action]} ${ids.length} ${action}${shown}`)}`);
    if (action !== "update") continue;
    for (const key of new Set(stacks.map(({ change }) => change))) {
      const resources = key === null ? [] : (plan.changes[key]?.resources ?? []);
      lines.push(...resources.slice(0, resourcesShown).map((one) => resourceLine(one, paint)));
    }
  }
  return lines;
}

function securityLines(plan: DeploymentPlan, paint: Paint): readonly string[] {
  // What a new stack brings is in its templates; what is told is how an existing one opens or closes.
  const updated = [...plan.stacks, ...plan.tenants].filter(({ action }) => action === "update");
  const keys = new Set(updated.flatMap(({ change }) => (change === null ? [] : [change])));
  const changes = [...keys].flatMap((key) => plan.changes[key]?.security ?? []);
  if (changes.length === 0) return [];
  return ["", "security", ...changes.map((change) => securityLine(change, paint))];
}

function securityLine({ kind, change, columns }: SecurityChange, paint: Paint): string {
  const text = `${change === "added" ? "+" : "-"} ${kind}: ${columns.filter((column) => column !== "").join(" · ")}`;
  return `  ${paint(change === "added" ? "yellow" : "dim", text)}`;
}

function abandonedLines({ abandoned }: DeploymentPlan, paint: Paint): readonly string[] {
  if (abandoned.length === 0) return [];
  return [
    "",
    "no part of the platform any more, and left alone",
    ...abandoned.map(({ stackName, region }) => `  ${paint("dim", `○ ${stackName} in ${region}`)}`),
  ];
}

function obstacleLines({ obstacles }: DeploymentPlan, paint: Paint): readonly string[] {
  if (obstacles.length === 0) return [];
  return [
    "",
    "in the way",
    ...obstacles.map(
      ({ stackName, region, detail }) => `  ${paint("red", `! ${stackName} in ${region}: ${detail}`)}`,
    ),
  ];
}

function lossLines(plan: DeploymentPlan, paint: Paint): readonly string[] {
  const losses = [...plan.stacks, ...plan.tenants].flatMap((stack) => stack.losses);
  if (losses.length === 0) return [];
  return [
    "",
    "data at risk",
    ...losses.flatMap(({ message, permission, fate }) => [
      `  ${paint("red", `! ${message}`)}; what was there is ${fate === "snapshot" ? "kept as a snapshot" : fate}`,
      `      where it is meant: --allow ${permission}`,
    ]),
  ];
}

function summaryLine({ stacks, tenants, digest }: DeploymentPlan): string {
  const all = [...stacks, ...tenants];
  const count = (action: StackPlan["action"]) => all.filter((stack) => stack.action === action).length;
  return `${count("create")} to create, ${count("update")} to update, ${count("delete")} to delete, ${count("unchanged")} unchanged; plan ${digest.slice(0, 12)}`;
}
