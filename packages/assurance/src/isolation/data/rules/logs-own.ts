import type { Resource } from "../../../artifacts/shipment.ts";
import { listAt, textAt } from "../../../posture/read-value.ts";
import { type Finding, refuted, unknown } from "../../../rule.ts";
import { canMeet } from "../../words/can-meet.ts";
import { parsePattern } from "../../words/pattern.ts";
import type { DataModel } from "../data-model.ts";
import { tenantsRule } from "../data-rule.ts";

export const logsOwn = tenantsRule({
  id: "data/logs-own",
  why: "a log group that several write is one in which a tenant's requests stand beside another's",
  fix: "let a tenant's service write to the log group of its own stack, and no other service to that",
  judge: (model) => [
    ...model.tiers.flatMap(({ resources, stack }) => {
      const own = resources.filter(({ type }) => type === "AWS::Logs::LogGroup");
      return resources.flatMap(writersOf).flatMap(({ task, group, driver }) => {
        if (driver !== "awslogs")
          return [unknown(task.key, `where the log driver ${driver ?? "(none)"} writes to`)];
        if (group !== undefined && own.some(({ physicalId }) => physicalId === group)) return [];
        return [
          refuted(
            task.key,
            `it writes its log to ${group ?? "nowhere"}, which is not a log group of ${stack.id}`,
          ),
        ];
      });
    }),
    ...sharedWriters(model),
  ],
});

interface Writer {
  readonly task: Resource;
  readonly driver: string | undefined;
  readonly group: string | undefined;
}

function writersOf(task: Resource): readonly Writer[] {
  if (task.type !== "AWS::ECS::TaskDefinition") return [];
  return listAt(task.properties, "ContainerDefinitions").map((container) => ({
    task,
    driver: textAt(container, "LogConfiguration", "LogDriver"),
    group: textAt(container, "LogConfiguration", "Options", "awslogs-group"),
  }));
}

/** Services that tenants share write to no tenant's group. */
function sharedWriters({ shared: { resources: shared }, tiers, shipment }: DataModel): readonly Finding[] {
  const groups = tiers.flatMap(({ resources }) =>
    resources.filter(({ type }) => type === "AWS::Logs::LogGroup"),
  );
  const { tenantIdLengthMax: lengthMax } = shipment.definition;
  return shared.flatMap(writersOf).flatMap(({ task, group = "" }) =>
    groups.flatMap(({ physicalId, key, stack }) => {
      if (stack.region !== task.stack.region) return [];
      const [left, right] = [group, physicalId].map((text) => parsePattern(text, { wildcards: false }));
      const meeting = canMeet(left ?? [], right ?? [], { lengthMax });
      return meeting.kind === "meet"
        ? [refuted(task.key, `it writes its log to ${group}, which is ${key} of the tenant "${meeting.a}"`)]
        : [];
    }),
  );
}
