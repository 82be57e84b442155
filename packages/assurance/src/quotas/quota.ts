/** A limit of AWS, as AWS names it, with where its value was read. */
export interface Quota {
  /** Kebab-case; the second part of its rule's id. */
  readonly id: string;
  /** Service code in Service Quotas, such as "elasticloadbalancing". */
  readonly service: string;
  readonly name: string;
  /** Code in Service Quotas; null for what it does not list. */
  readonly code: string | null;
  /**
   * What an account has until AWS raises it. Null where nobody says, or where the value follows from what is deployed (the
   * addresses of a subnet, the memory of an instance).
   */
  readonly value: number | null;
  /** How far AWS raises it; null where it does not say. */
  readonly max: number | null;
  readonly adjustable: boolean;
  /** What one value holds for, such as "account and region" or "load balancer". */
  readonly per: string;
  /** What is counted, in the plural. */
  readonly unit: string;
  readonly source: string;
  /** When the value was read: a date, or as near to one as the source says. */
  readonly asOf: string;
  /** Only what was read in documentation or from the API ends anything; the rest is said and does not count against a platform. */
  readonly confidence: "documented" | "listed-by-api" | "recalled";
  /**
   * Why the value says little about an account before it is read from it; it does not count against a platform until then.
   * Null for nearly all.
   */
  readonly startingPoint: string | null;
  /** Whether it is only reached once services run as many tasks as they may: nothing is refused while it is made. */
  readonly atScale: boolean;
}
