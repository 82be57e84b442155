import type { EventSources } from "./lifecycle-events.ts";

/** How webhooks are delivered. Every setting has a safe default. */
export interface WebhookSettings {
  /** Whether this process delivers; one of those that share a database has to. */
  readonly deliver: boolean;
  /** Lets webhooks go to this machine, also without TLS: for development. */
  readonly allowLoopback: boolean;
  /** Attempts of this process at once, to all receivers together. */
  readonly attemptsInFlightMax: number;
  /** How long one attempt may take. */
  readonly attemptTimeoutMs: number;
  /**
   * How long a process has a delivery to itself; longer than an attempt takes. If it dies, another
   * one sends the delivery after that. Also how far the clocks of the processes may be apart.
   */
  readonly leaseMs: number;
  /** How long until work that another process has left is seen. */
  readonly pollMs: number;
  /** The pause after the first failed attempt; it doubles with each, less up to half of it by chance. */
  readonly retryMsMin: number;
  readonly retryMsMax: number;
  /** After this a delivery fails for good, and a webhook without any success is disabled. */
  readonly giveUpMs: number;
  /** Failed attempts of a delivery during which later events of the same tenant wait for it. */
  readonly orderedAttempts: number;
  /** Failed attempts in a row after which a webhook counts as failing and is asked only now and then. */
  readonly failuresMax: number;
  /** The longest pause of a failing webhook. */
  readonly restMsMax: number;
  /** How long the previous secret signs beside the new one. */
  readonly secretOverlapMs: number;
  /** How many webhooks a platform may have. */
  readonly webhooksMax: number;
  readonly deliveriesKeptMs: number;
  readonly eventsKeptMs: number;
  /** Whom events say that they come from; SBT's names where not given. */
  readonly sources?: EventSources;
}

const dayMs = 86_400_000;

export const defaultWebhookSettings: WebhookSettings = Object.freeze({
  deliver: true,
  allowLoopback: false,
  attemptsInFlightMax: 32,
  attemptTimeoutMs: 10_000,
  leaseMs: 60_000,
  pollMs: 1_000,
  retryMsMin: 5_000,
  retryMsMax: 6 * 3_600_000,
  giveUpMs: 3 * dayMs,
  orderedAttempts: 6,
  failuresMax: 5,
  restMsMax: 600_000,
  secretOverlapMs: dayMs,
  webhooksMax: 100,
  deliveriesKeptMs: 30 * dayMs,
  eventsKeptMs: 400 * dayMs,
});
