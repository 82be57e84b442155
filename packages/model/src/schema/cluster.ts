import { z } from "zod";
import { errors } from "../errors.ts";
import { part, report, without } from "./part.ts";
import { distinct, instanceType, nameOf, schedule, sourceCidr, whole } from "./scalars.ts";
import { versionOf } from "./stores/versions.ts";

const nodeGroup = part({
  /** How the nodes are bought. Default "on-demand". */
  capacity: z.enum(["on-demand", "spot"]).default("on-demand"),
  /** Instance types; several make spot interruptions rarer. */
  instances: distinct(instanceType(""), "instance type").min(1),
  /** Fewest nodes. Default 1. */
  min: whole(0, 1000).default(1),
  /** Most nodes. Default 6. */
  max: whole(1, 1000).default(6),
  /** Encrypted root volume of a node, GiB. Default 50. */
  volumeGiB: whole(20, 16_384).default(50),
  /** Kubernetes labels of the nodes. Default none. */
  labels: z.record(z.string(), z.string()).default({}),
  /** Keeps pods away that do not tolerate it. Default none. */
  taints: z
    .array(
      part({
        key: z.string().min(1),
        value: z.string(),
        effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
      }),
    )
    .default([]),
}).superRefine(({ min, max }, context) => {
  if (min > max) report(context, [], errors.MODEL_SCALING_RANGE({ min, max }));
});

/** An EKS cluster. */
export const clusterSchema = part({
  /** Kubernetes version. Default "1.33". */
  version: versionOf("EKS", ["1.30", "1.31", "1.32", "1.33", "1.34"]).default("1.33"),
  /** Who may reach the API server: only the VPC, or named ranges as well. Default none. */
  publicAccessCidrs: distinct(sourceCidr, "range").default([]),
  /** Managed node groups, by name. */
  nodeGroups: z.record(nameOf("a node group", 24), nodeGroup),
  /** Who adds nodes. Default "karpenter". */
  autoscaler: z.enum(["karpenter", "cluster-autoscaler", "none"]).default("karpenter"),
  /** What happens when a spot node is taken away. Default "drain". */
  spotInterruption: z.enum(["drain", "ignore"]).default("drain"),
  /** AWS identity of pods. Default "pod-identity". */
  workloadIdentity: z.enum(["pod-identity", "irsa"]).default("pod-identity"),
  /** Where pods get secrets from. Default "external-secrets" (Secrets Manager). */
  secrets: z.enum(["external-secrets", "secrets-store-csi"]).default("external-secrets"),
  /** Network policies: nothing is allowed that is not named. Default "default-deny". */
  networkPolicies: z.enum(["default-deny", "none"]).default("default-deny"),
  /** Pod Security Standard that is enforced. Default "restricted". */
  podSecurity: z.enum(["restricted", "baseline", "privileged"]).default("restricted"),
  /** Namespaces and their quotas. Default: "default" without a quota. */
  namespaces: z
    .record(
      nameOf("a namespace", 63),
      part({
        /** Most that the namespace's pods may ask for together (ResourceQuota). Default none. */
        quota: without(
          part({ cpuUnits: whole(1, 10_000_000), memoryMiB: whole(1, 100_000_000), pods: whole(1, 100_000) }),
        ),
        /** Limits of a container that names none (LimitRange). Default none. */
        containerDefaults: without(part({ cpuUnits: whole(1, 196_608), memoryMiB: whole(1, 786_432) })),
      }),
    )
    .default({ default: { quota: null, containerDefaults: null } }),
  /** A job in the cluster that reports what things cost. Default none. */
  costJob: without(part({ schedule })),
  /** Control plane logs. Default api, audit, authenticator. */
  controlPlaneLogs: distinct(
    z.enum(["api", "audit", "authenticator", "controllerManager", "scheduler"]),
    "log",
  ).default(["api", "audit", "authenticator"]),
});

/** What all EC2 machines have in common. */
export const machinesSchema = part({
  /** Base image: a hardened one that Image Builder keeps, or Amazon's. Default "hardened". */
  image: z.enum(["hardened", "amazon-linux-2023", "ecs-optimized", "bottlerocket"]).default("hardened"),
  /** Managed by Systems Manager (Session Manager, inventory, patches). Default true. */
  systemsManager: z.boolean().default(true),
  /** Host firewall on. Default true. */
  hostFirewall: z.boolean().default(true),
  /** Only IMDSv2 answers. Default true. */
  metadataTokens: z.boolean().default(true),
});
