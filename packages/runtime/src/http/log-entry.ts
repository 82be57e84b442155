/** What the runtime reports about itself, as data. It holds no token, no body, no query. */
export type LogEntry =
  | AccessEntry
  | FailureEntry
  | SharedLimitsEntry
  | TracesEntry
  | UsageEntry
  | WebhooksEntry;

export type ListenerName = "gateway" | "control";

/** One request that was answered, or refused before it became a request. */
export interface AccessEntry {
  readonly kind: "access";
  readonly listener: ListenerName;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly requestId: string;
  /** The tenant of the host; null where the host has none. */
  readonly tenant: string | null;
  /** Null where the request was too malformed to have one. */
  readonly method: string | null;
  /** The template of the route, never the path itself. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  /** The code of the problem that was sent, if one was. */
  readonly problem: string | null;
  /** Why the request was refused, where the client is not told. */
  readonly reason: string | null;
  /** What kind of principal asked, and of a tenant's, what it showed. */
  readonly principal?: "token" | "api-key" | "control" | undefined;
  /** Its trace, where requests are traced. */
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

/** An error that nobody expected. The client sees only the request id. */
export interface FailureEntry {
  readonly kind: "failure";
  readonly listener: ListenerName;
  readonly time: string;
  readonly requestId: string;
  readonly tenant: string | null;
  readonly route: string;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
  readonly error: {
    readonly name: string;
    readonly code: string | null;
    readonly message: string;
    readonly stack: string | null;
  };
}

/** Redis came or went. Without it each process counts for itself, so that n of them admit up to n times the rates. */
export interface SharedLimitsEntry {
  readonly kind: "shared-limits";
  readonly time: string;
  readonly state: "connected" | "away";
  /** Why it went. */
  readonly reason: string | null;
}

/** The receiver of traces came or went. Without it traces are dropped, and nothing else happens. */
export interface TracesEntry {
  readonly kind: "traces";
  readonly time: string;
  readonly state: "connected" | "away";
  /** Why it went. */
  readonly reason: string | null;
}

/** Counts of what tenants use wait in memory for the database, were written, or were lost. */
export interface UsageEntry {
  readonly kind: "usage";
  readonly time: string;
  readonly state: "current" | "behind" | "lost";
  readonly reason: string | null;
}

/** The database does not answer whoever delivers webhooks, or does so again. What waits is kept there. */
export interface WebhooksEntry {
  readonly kind: "webhooks";
  readonly time: string;
  readonly state: "delivering" | "away";
  /** Why it is away. */
  readonly reason: string | null;
}

export type Log = (entry: LogEntry) => void;
