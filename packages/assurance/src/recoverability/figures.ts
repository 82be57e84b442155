/** What a step of a recovery takes, or how far a copy is behind, by whoever runs it. */
export interface Figure {
  /** Seconds; null where nobody says, so that only a drill can tell. */
  readonly seconds: number | null;
  /** "typical" is what AWS sees, "at-most" what it answers for. */
  readonly kind: "typical" | "at-most" | "unsaid";
  /** What the source says, in our words. */
  readonly says: string;
  readonly source: string;
}

/** Read 2026-11-21. What AWS does not say is here too, with where it does not say it. */
export const figures = {
  "aurora-global-lag": {
    seconds: 1,
    kind: "typical",
    says: "the secondary region is typically less than a second behind",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html",
  },
  "aurora-global-failover": {
    seconds: 60,
    kind: "typical",
    says: "a secondary region takes writes in less than a minute",
    source: "https://disaster-recovery.workshop.aws/en/services/databases/aurora/global-database.html",
  },
  "documentdb-global-lag": {
    seconds: 1,
    kind: "typical",
    says: "the secondary region is typically less than a second behind",
    source: "https://docs.aws.amazon.com/documentdb/latest/developerguide/global-clusters.html",
  },
  "documentdb-global-failover": {
    seconds: 60,
    kind: "typical",
    says: "a secondary cluster is promoted with a typical recovery time of under a minute",
    source: "https://docs.aws.amazon.com/documentdb/latest/developerguide/global-clusters.html",
  },
  "elasticache-global-lag": {
    seconds: 1,
    kind: "typical",
    says: "a secondary region is typically less than a second behind",
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastore.html",
  },
  "rds-replica-promotion": {
    seconds: null,
    kind: "unsaid",
    says: "several minutes or longer, depending on the size of the replica",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html",
  },
  "rds-replica-lag": {
    seconds: null,
    kind: "unsaid",
    says: "replication between regions is asynchronous; how far behind is a metric (ReplicaLag)",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.html",
  },
  "s3-replication-time-control": {
    seconds: 900,
    kind: "at-most",
    says: "99.99 % of the objects are copied within 15 minutes, and AWS answers for 99.9 %",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html",
  },
  "s3-replication": {
    seconds: null,
    kind: "unsaid",
    says: "without Replication Time Control most objects are copied within 15 minutes, and some take hours",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html",
  },
  "backup-and-copy": {
    seconds: null,
    kind: "unsaid",
    says: "a backup and its copy to another region take as long as the data needs",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html",
  },
  restore: {
    seconds: null,
    kind: "unsaid",
    says: "a restore takes as long as the data needs",
    source: "https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-a-backup.html",
  },
  deployment: {
    seconds: null,
    kind: "unsaid",
    says: "a stack takes as long as its resources need to become stable",
    source:
      "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-resource-configuration-complete.html",
  },
  "alias-ttl": {
    seconds: 60,
    kind: "at-most",
    says: "the names of load balancers, and aliases of them, are kept for 60 seconds",
    source:
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html",
  },
  "record-change": {
    seconds: null,
    kind: "unsaid",
    says: "records are changed by Route 53's control plane, which is in us-east-1 only",
    source:
      "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
  },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof figures;

/** What a drill measured, in place of what AWS says or does not say. */
export interface MeasuredFigure {
  readonly figure: FigureName;
  readonly seconds: number;
  /** Which drill, such as "drill of 2026-08-01". */
  readonly source: string;
}
