import { refuted } from "../../rule.ts";
import type { PostureRule } from "../posture-rule.ts";
import { boundFindings } from "../bound-findings.ts";

export const noLongLivedKeys: PostureRule = {
  id: "posture/no-long-lived-keys",
  why: "An access key of a user works until somebody notices that it is out; credentials of a role work for hours.",
  fix: "Let programs assume roles, and people sign in by IAM Identity Center.",
  judge: ({ ofType }) =>
    boundFindings(
      ofType("AWS::IAM::User", "AWS::IAM::AccessKey").map(({ key, type }) => refuted(key, `is a ${type}`)),
    ),
};
