export type Severity = "error" | "warning" | "note";

export type SubjectKind =
  | "alarm"
  | "certificate"
  | "database"
  | "host"
  | "image"
  | "listener"
  | "log-group"
  | "network-acl"
  | "reading"
  | "role"
  | "route-table"
  | "secret"
  | "security-group"
  | "service"
  | "stack"
  | "subnet"
  | "target-group"
  | "task-definition"
  | "vpc"
  | "vpc-endpoint";

/** One thing in the account. */
export interface Subject {
  readonly kind: SubjectKind;
  /** Its ARN, id or name: what AWS calls it. */
  readonly id: string;
  /** Null for what belongs to no region. */
  readonly region: string | null;
  /** Null for what tenants share. */
  readonly tenant: string | null;
}

/** What judgments and findings both say. */
interface Trouble {
  readonly severity: Severity;
  /** What is wrong, as one word: such as SECRET_MISSING. */
  readonly code: string;
  /** What has to be mended; where many are alike, the first of them. */
  readonly subject: Subject;
  /** One sentence, with the values that were seen. */
  readonly what: string;
  /** What shows it. */
  readonly because: readonly string[];
  /** Commands and changes that mend it. */
  readonly fix: readonly string[];
  /** What suffers, the subject's own kind included where many are alike. */
  readonly affected: readonly Subject[];
}

/** What a judge says of one thing, before what has the same cause is brought together. */
export interface Judgment extends Trouble {
  /** The same for judgments of one code that are one cause. */
  readonly cause: string;
  /** Codes that explain it when they concern the same thing, "*" for any; null for what is a cause itself. */
  readonly symptomOf: readonly string[] | null;
}

/** A cause of trouble, as people and programs read it. */
export interface Finding extends Trouble {
  /** What is wrong as a consequence. */
  readonly symptoms: readonly string[];
}

/** A judgment of what is usual: a cause by itself, of nothing but its subject. */
export function judgment(
  given: Pick<Judgment, "severity" | "code" | "subject" | "what" | "fix"> & Partial<Judgment>,
): Judgment {
  const { subject } = given;
  return { because: [], cause: subject.id, affected: [subject], symptomOf: null, ...given };
}
