import type { Platform, PlatformStore } from "@tenantry/model";
import type { CfnResource } from "aws-cdk-lib";
import type { RotationPlace } from "../secrets/hosted-rotation.ts";
import type { SecretReplica } from "../secrets/database-secret.ts";

export type PostgresStore = Extract<PlatformStore, { kind: "postgres" }>;
export type DocumentStore = Extract<PlatformStore, { kind: "documentdb" }>;

/** Where a database stands, and what protects it; the same for all engines. */
export interface DatabasePlace {
  /** Name in RDS or DocumentDB; may hold tokens. */
  readonly identifier: string;
  readonly vpcId: string;
  /** Subnets of the instances, in two zones at least. */
  readonly subnetIds: readonly string[];
  /** ARN of the key for data, snapshots and Performance Insights; null takes AWS's own. */
  readonly keyArn: string | null;
  readonly logs: { readonly keyArn: string | null; readonly retentionDays: number };
  /** ARN of the permissions boundary of its roles; null for none. */
  readonly permissionsBoundaryArn: string | null;
  readonly dataProtection: Platform["dataProtection"];
  readonly origin: DatabaseOrigin;
}

/** Where the data come from. */
export type DatabaseOrigin =
  | {
      /** It begins empty, with credentials of its own, and takes writes. */
      readonly kind: "new";
      readonly masterSecret: {
        readonly name: string;
        readonly keyArn: string | null;
        readonly replicas: readonly SecretReplica[];
      };
      readonly rotation: RotationPlace;
      /** Name of the global database or cluster that it begins; null for none. */
      readonly globalIdentifier: string | null;
    }
  | {
      /** It follows one of another region, and has its data and credentials. */
      readonly kind: "follower";
      /** Of the database that it follows, or of the global database or cluster that it joins. */
      readonly identifier: string;
      /** Of the database that it follows. */
      readonly region: string;
    };

/** What every database construct can be asked for. */
export interface Database {
  /** Host that takes writes; of a follower, once it is promoted. */
  readonly endpoint: string;
  /** Host that spreads reads; the writer's where there is one instance. */
  readonly readerEndpoint: string;
  readonly identifier: string;
  /** What IAM authentication knows it by, such as "cluster-ABC". */
  readonly resourceId: string;
  readonly arn: string;
  /** The security group that clients carry. */
  readonly clientSecurityGroup: string;
  /** Of the master credentials; null for a follower, which has those of whom it follows. */
  readonly masterSecretArn: string | null;
  /** What makes the function that rotates its secrets; empty where nothing is rotated. */
  readonly rotation: readonly CfnResource[];
}
