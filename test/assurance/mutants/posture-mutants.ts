import type { Mutant } from "./mutant.ts";
import { broken, firstOf, ownStatements, silos, starter } from "./posture-broken.ts";
import { edgeMutants, networkMutants } from "./posture-network-mutants.ts";
import { foreignPrincipalMutants, policiesMutants, secretsMutants } from "./posture-policy-mutants.ts";
import { storesMutants } from "./posture-store-mutants.ts";
import { watchMutants, workloadsMutants } from "./posture-watch-mutants.ts";

/** Broken how things are shipped; each is refuted by a rule of our own. */
export const postureMutants: readonly Mutant[] = [
  ...policiesMutants,
  ...foreignPrincipalMutants,
  ...secretsMutants,
  ...networkMutants,
  ...storesMutants,
  ...edgeMutants,
  ...watchMutants,
  ...workloadsMutants,
];

/** What only AWS's validator or cdk-nag sees, by the template that is broken. */
export const foreignMutants: readonly (Mutant & { readonly template: string })[] = [
  {
    ...broken("a property of a bucket is misspelt", "aws-validator", [silos], "tenant-silo", (template) => {
      firstOf(template, "AWS::S3::Bucket").Properties["BucketNam"] = "x";
    }),
    template: "tenant-silo",
  },
  {
    ...broken("a reference leads nowhere", "aws-validator", [starter], "services", (template) => {
      firstOf(template, "AWS::ECS::Service").Properties["TaskDefinition"] = { Ref: "Nowhere" };
    }),
    template: "services",
  },
  {
    ...broken(
      "the reason of an acknowledgement is left out",
      "cdk-nag-aws-solutions",
      [silos],
      "tenant-silo",
      (template) => {
        for (const rule of (firstOf(template, "AWS::ECS::TaskDefinition")["Metadata"] as Acknowledged).cdk_nag
          .rules_to_suppress)
          rule.reason = " ";
      },
    ),
    template: "tenant-silo",
  },
  {
    ...broken(
      "a role gets a wildcard that nobody answered for",
      "cdk-nag-aws-solutions",
      [starter],
      "tenant-silo",
      (template) => {
        ownStatements(template).push({
          Effect: "Allow",
          Action: "ec2:Describe*",
          Resource: "*",
        });
      },
    ),
    template: "tenant-silo",
  },
];

interface Acknowledged {
  readonly cdk_nag: { readonly rules_to_suppress: { id: string; reason: string }[] };
}
