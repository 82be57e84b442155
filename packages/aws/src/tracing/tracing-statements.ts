import type { Statement } from "../policy/policy-document.ts";

/**
 * What a task needs to send traces to X-Ray and to learn what it shall sample.
 * https://docs.aws.amazon.com/xray/latest/devguide/security_iam_id-based-policy-examples.html
 */
export function tracingStatements(): readonly Statement[] {
  return [
    {
      Sid: "SendTraces",
      Effect: "Allow",
      Action: [
        "xray:GetSamplingRules",
        "xray:GetSamplingStatisticSummaries",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
      ],
      // X-Ray knows no resource for any of them.
      Resource: "*",
    },
  ];
}
