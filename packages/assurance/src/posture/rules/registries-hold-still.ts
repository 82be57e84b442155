import { postureRule } from "../posture-rule.ts";
import { requireFlag, requireProperty } from "../read-value.ts";

export const registriesHoldStill = postureRule({
  name: "registries-hold-still",
  why: "Where a tag can be written again, what was tested and approved is not what the next task starts.",
  fix: "Set ImageTagMutability to IMMUTABLE and ScanOnPush to true, as delivery.registry says.",
  things: "registries",
  find: ({ ofType }) => ofType("AWS::ECR::Repository"),
  judge: (repository, { definition }) => {
    const { immutableTags, scanOnPush } = definition.delivery.registry;
    return [
      ...(immutableTags
        ? requireProperty(
            repository,
            ["ImageTagMutability"],
            (value) => value === "IMMUTABLE",
            "a tag can be written again",
          )
        : []),
      ...(scanOnPush
        ? requireFlag(
            repository,
            ["ImageScanningConfiguration", "ScanOnPush"],
            true,
            "known holes are not found",
          )
        : []),
    ];
  },
});
