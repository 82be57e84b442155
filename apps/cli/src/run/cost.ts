import { cost } from "@tenantry/toolkit";
import type { CommandInput } from "../command.ts";
import { systemPorts } from "../ports.ts";
import type { Terminal } from "../terminal.ts";
import { comparisonLines } from "./cost-comparison-lines.ts";
import { costLines } from "./cost-lines.ts";

/** With --json: the result of `cost`, with every line and every tenant; amounts are whole millionths of a dollar. */
export async function runCost(input: CommandInput, terminal: Terminal): Promise<void> {
  const ports = systemPorts(() => undefined);
  const compare = input.text("compare");
  const result = await cost(
    {
      config: input.config,
      environment: input.argument("environment") ?? "",
      artifacts: input.text("artifacts"),
      compare,
      priceLists: (input.text("price-list") ?? "").split(",").filter((path) => path !== ""),
    },
    ports,
  );
  if (terminal.json) {
    terminal.document(result);
    return;
  }
  const { estimate, comparison } = result;
  const shown = { tenants: input.flag("tenants"), lines: input.flag("details") };
  for (const line of costLines(estimate, shown, terminal.paint)) terminal.out(line);
  if (comparison === null) return;
  for (const line of comparisonLines(comparison, compare ?? "", terminal.paint)) terminal.out(line);
}
