import { refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { isFlag, valueAt } from "../read-value.ts";

export const noShellIntoContainers = postureRule({
  name: "no-shell-into-containers",
  why: "A shell in a running task reads what the task reads, and no review saw what was typed.",
  fix: "Set EnableExecuteCommand to false.",
  things: "services",
  find: ({ ofType }) => ofType("AWS::ECS::Service"),
  judge: ({ key, properties }) => {
    const value = valueAt(properties, "EnableExecuteCommand");
    return value === undefined || isFlag(value, false)
      ? []
      : [
          refuted(
            key,
            "EnableExecuteCommand is on: whoever may call ExecuteCommand has a shell in every task",
          ),
        ];
  },
});
