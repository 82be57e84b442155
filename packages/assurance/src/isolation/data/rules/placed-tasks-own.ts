import { notApplicable, refuted } from "../../../rule.ts";
import { platformRule } from "../data-rule.ts";

export const placedTasksOwn = platformRule({
  id: "data/placed-tasks-own",
  why: "of the tenants that are there, one's service is told the store of another",
  fix: "write placement.json anew with tenantry synth",
  judge: ({ foreign, placedTasks, shared, shipment }) => {
    if (placedTasks + shared.texts.length === 0)
      return [notApplicable(shipment.environment, "no service is told of a store")];
    return foreign.map(({ subject, variable, name, owner }) =>
      refuted(`${subject} (${variable})`, `${name} is a store of the tenant "${owner}"`),
    );
  },
});
