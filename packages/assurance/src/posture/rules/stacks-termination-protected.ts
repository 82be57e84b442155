import { notApplicable, refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";

export const stacksTerminationProtected = postureRule({
  name: "stacks-termination-protected",
  why: "One call deletes a stack that is not protected, with the services of everybody in it.",
  fix: "Synthesize again; the manifest says terminationProtection for every stack of a protected environment.",
  things: "stacks",
  find: ({ manifestEntries }) => manifestEntries.filter((entry) => typeof entry["stackName"] === "string"),
  judge: (entry, { isProtected, shipment }) => {
    if (!isProtected)
      return [notApplicable(shipment.environment, 'the environment says dataProtection: "disposable"')];
    return entry["terminationProtection"] === true
      ? []
      : [refuted(String(entry["id"]), "the manifest does not say terminationProtection: true")];
  },
});
