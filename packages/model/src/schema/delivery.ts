import { z } from "zod";
import { errors } from "../errors.ts";
import { part, report, without } from "./part.ts";
import { distinct, schedule, text, whole } from "./scalars.ts";

const gitPath = z
  .string()
  .regex(
    /^(?!.*\.\.)[\w.-]+(\/([\w.-]+|\{environment\}))*$/,
    'a folder of the repository, such as "deploy/{environment}"',
  );

/** The gates of a pipeline in the only order that makes sense: nothing unscanned is pushed. */
const gates = [
  "lint",
  "unit-tests",
  "integration-tests",
  "image-build",
  "image-scan",
  "push",
  "plan",
  "approval",
  "deploy",
  "validate",
] as const;

const pipeline = part({
  /** Where the pipeline runs. Default "github-actions". */
  provider: z.literal("github-actions").default("github-actions"),
  /** What a change must pass, in order. */
  gates: distinct(z.enum(gates), "gate")
    .min(1)
    .default(["lint", "unit-tests", "image-build", "image-scan", "push", "plan", "deploy"])
    .superRefine((value, context) => {
      for (const [index, gate] of value.entries()) {
        const before = value[index - 1];
        if (before !== undefined && gates.indexOf(before) > gates.indexOf(gate)) {
          report(context, [index], errors.MODEL_PIPELINE_ORDER({ gate, before }));
        }
      }
    }),
  /** Image scanner. Default "trivy". */
  scanner: z.enum(["trivy", "inspector"]).default("trivy"),
  /** Severity from which a finding stops the pipeline. Default "critical". */
  failOn: z.enum(["critical", "high", "medium"]).default("critical"),
  /** Infrastructure changes come as pull requests with the plan in them. Default true. */
  planOnPullRequest: z.boolean().default(true),
});

export const deliverySchema = part({
  /** Continuous integration. Default none. */
  pipeline: without(pipeline),
  /** The platform's own container registry (ECR). */
  registry: part({
    /** Tags can never be written again. Default true. */
    immutableTags: z.boolean().default(true),
    /** Every image is scanned when it arrives. Default true. */
    scanOnPush: z.boolean().default(true),
    /** Images kept per repository. Default 50. */
    imagesMax: whole(1, 10_000).default(50),
  }).prefault({}),
  /** Deployment by git. Default none. */
  gitOps: without(
    part({
      /** What deploys. Default "argo-cd". */
      tool: z.literal("argo-cd").default("argo-cd"),
      /** One application per service below one of all. Default "app-of-apps". */
      pattern: z.enum(["app-of-apps", "single"]).default("app-of-apps"),
      /** Folder of an environment's manifests in the repository of identity.deployment. Default "deploy/{environment}". */
      path: gitPath.default("deploy/{environment}"),
      /** The branch that is followed. Default "main". */
      branch: text.default("main"),
      /** The cluster follows git by itself. Default true. */
      automatedSync: z.boolean().default(true),
      /** What somebody changes in the cluster by hand is set back. Default true. */
      selfHeal: z.boolean().default(true),
      /** Environments in the order in which a version goes through them. */
      promotion: distinct(z.string().min(1), "environment").default([]),
      /** Argo Rollouts for canary and blue/green. Default true. */
      rollouts: z.boolean().default(true),
    }),
  ),
  /** Who must agree before a deployment. Default nobody. */
  approvals: without(
    part({
      /** People who must agree. Default 1. */
      required: whole(1, 10).default(1),
      /** Teams or people who may. */
      by: distinct(text, "approver").min(1),
    }),
  ),
  /** What starts a release. Default "manual". */
  release: part({
    /** A merge, a schedule or a person. Default "manual". */
    trigger: z.enum(["merge", "schedule", "manual"]).default("manual"),
    /** The branch whose merges release. Default none. */
    branch: text.nullable().default(null),
    /** When scheduled releases start. Default none. */
    schedule: schedule.nullable().default(null),
  }).prefault({}),
  /** Whether endpoints are checked after a deployment. Default true. */
  validateAfter: z.boolean().default(true),
});
