/** What the runtime reports about itself, as data. It holds no token, no body, no query. */
export type LogEntry = AccessEntry | FailureEntry | SharedLimitsEntry;

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
}

/** An error that nobody expected. The client sees only the request id. */
export interface FailureEntry {
  readonly kind: "failure";
  readonly listener: ListenerName;
  readonly time: string;
  readonly requestId: string;
  readonly tenant: string | null;
  readonly route: string;
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

export type Log = (entry: LogEntry) => void;
