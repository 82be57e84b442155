import { refuted } from "../../rule.ts";
import { postureRule } from "../posture-rule.ts";
import { isFlag, numberAt, requireFlag, textAt, valueAt } from "../read-value.ts";

/** What AWS does where nothing is said. */
const rotationDaysDefault = 365;

export const keysRotate = postureRule({
  name: "keys-rotate",
  why: "A key that is never renewed encrypts everything there ever was, so that its loss is the loss of everything.",
  fix: "Set EnableKeyRotation, and RotationPeriodInDays to what encryption.rotationDays says.",
  things: "keys of our own",
  find: ({ ofType }) =>
    ofType("AWS::KMS::Key").filter(({ properties }) =>
      // KMS rotates only keys whose material it made, for encryption with one key.
      ["SYMMETRIC_DEFAULT", undefined].includes(textAt(properties, "KeySpec")),
    ),
  judge: (key, { definition }) => {
    const off = requireFlag(key, ["EnableKeyRotation"], true, "it is never renewed");
    if (off.length > 0) return off;
    const { rotationDays, deletionWindowDays } = definition.encryption;
    const days = numberAt(key.properties, "RotationPeriodInDays") ?? rotationDaysDefault;
    const window = numberAt(key.properties, "PendingWindowInDays") ?? 30;
    return [
      ...(rotationDays !== null && days > rotationDays
        ? [refuted(key.key, `it is renewed every ${days} days, and the definition says ${rotationDays}`)]
        : []),
      ...(window < deletionWindowDays
        ? [
            refuted(
              key.key,
              `it can be got back for ${window} days, and the definition says ${deletionWindowDays}`,
            ),
          ]
        : []),
      ...(isFlag(valueAt(key.properties, "Enabled"), false) ? [refuted(key.key, "it is disabled")] : []),
    ];
  },
});
