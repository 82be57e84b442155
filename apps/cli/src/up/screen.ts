import type { UpResult } from "@tenantry/toolkit";
import type { Terminal } from "../terminal.ts";
import { formatTable } from "../table.ts";
import { formatDuration } from "./progress.ts";

/** How many tenants the screen names before it counts the rest. */
const tenantsShownMax = 10;

export interface ScreenOptions {
  /** How the user runs this program from where they stand: `npx tenantry`. */
  readonly program: string;
  /** Options that the hints need from where the user stands, with a space before; mostly nothing. */
  readonly selection: string;
  /** The data folder as the user would write it. */
  readonly dataFolder: string;
  readonly detached: boolean;
}

/** The one screen that says where everything is and what to type next. */
export function upScreen(
  result: UpResult,
  { program, selection, dataFolder, detached }: ScreenOptions,
  { paint }: Pick<Terminal, "paint">,
): readonly string[] {
  const command = (words: string) => `    ${paint("cyan", `${program} ${words}${selection}`)}`;
  const title = (text: string) => `  ${paint("bold", text)}`;
  const ready = `is ready in ${formatDuration(result.durationMs)}`;
  const first = result.tenants[0];
  const hasTiers = result.tiers.length > 0;
  const more = result.tenantCount - Math.min(result.tenants.length, tenantsShownMax);
  return [
    "",
    `  ${paint(["bold", "green"], result.platform)} ${paint("bold", result.environment)} ${ready}`,
    "",
    title("Tenants"),
    ...(first === undefined
      ? [`    ${hasTiers ? "none yet" : "none: this platform has no tiers"}`]
      : tenantLines(result)),
    ...(more > 0 ? [`    … and ${more} more: ${program} tenant list${selection}`] : []),
    "",
    title("Where"),
    ...formatPairs([
      ["gateway", result.gatewayUrl],
      ["control plane", result.controlUrl],
      ["database", result.database],
      ["data", dataFolder],
      ...result.services.map((service) => [`service ${service.name}`, service.detail] as const),
    ]),
    "",
    ...(first === undefined
      ? []
      : [
          title("A first request"),
          `    ${paint("cyan", `curl -H "Authorization: Bearer $(${program} token ${first.id}${selection})" ${first.url}/v2/tenant`)}`,
          "",
        ]),
    ...(hasTiers
      ? [
          title(first === undefined ? "The first tenant" : "One more tenant"),
          command("tenant add umbrella-co"),
          "",
        ]
      : []),
    detached
      ? `  It runs in the background; ${paint("cyan", `${program} down${selection}`)} stops it. Data stay.`
      : `  ${paint("bold", "Ctrl-C")} stops it. Data stay.`,
    "",
  ];
}

function tenantLines({ tenants }: UpResult): readonly string[] {
  const rows = tenants.slice(0, tenantsShownMax).map(({ url, tier, isolation }) => [url, tier, isolation]);
  return formatTable(["address", "tier", "isolation"], rows).map((line) => `    ${line}`);
}

/** Names and values in two columns. */
export function formatPairs(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `    ${name.padEnd(width)}  ${value}`);
}
