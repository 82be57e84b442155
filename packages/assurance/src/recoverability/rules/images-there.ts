import { notApplicable, refuted } from "../../rule.ts";
import { textAt } from "../../posture/read-value.ts";
import { recoveryRule } from "../recovery-rule.ts";

export const imagesThere = recoveryRule({
  id: "recoverability/images-there",
  why: "A task that starts in the recovery region pulls its image; from a registry of the lost region it never gets it.",
  fix: "Ship each registry in the recovery region too, and let tasks there use it.",
  judge: ({ primary, standby, shipment }, { region }) => {
    const registries = primary.ofType("AWS::ECR::Repository");
    const tasks = standby.ofType("AWS::ECS::TaskDefinition");
    if (registries.length === 0 && tasks.length === 0)
      return [notApplicable(shipment.environment, "no registries and no tasks are shipped")];
    const names = standby
      .ofType("AWS::ECR::Repository")
      .map(({ properties }) => textAt(properties, "RepositoryName"));
    const foreign = `.dkr.ecr.${primary.region}.`;
    return [
      ...registries
        .filter(({ properties }) => !names.includes(textAt(properties, "RepositoryName")))
        .map(({ key }) => refuted(key, `no registry of that name is in ${region}`)),
      ...tasks
        .filter(({ properties }) => JSON.stringify(properties).includes(foreign))
        .map(({ key }) => refuted(key, `it pulls its image from ${primary.region}`)),
    ];
  },
});
