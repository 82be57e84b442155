import type { Clock, Random } from "@tenantry/base";
import type { ControlDatabase } from "../database/control-database.ts";
import type { SecretBox } from "../database/secret-box.ts";
import { type AttemptResult, DeliveryQueue, type TakenDelivery } from "./delivery-queue.ts";
import { type ResolveHost, type SendResult, sendWebhook, systemResolveHost } from "./send-webhook.ts";
import { webhookMessage } from "./webhook-message.ts";
import type { WebhookSettings } from "./webhook-settings.ts";
import { signWebhook } from "./webhook-signature.ts";

export interface WebhookDispatcherOptions {
  readonly database: ControlDatabase;
  readonly secretBox: SecretBox;
  readonly settings: WebhookSettings;
  readonly clock: Clock;
  readonly random: Random;
  /** Told when deliveries stop because the database does not answer, and when they go on. */
  readonly onState?: (state: WebhookDispatcherState) => void;
  readonly resolveHost?: ResolveHost;
}

export type WebhookDispatcherState =
  | { readonly state: "delivering" }
  | { readonly state: "away"; readonly reason: string };

const tidyEveryMs = 60_000;
const awayMsMax = 30_000;

/** Sends deliveries as their turn comes, until it is disposed of. Holds no more of them than it sends at once. */
export class WebhookDispatcher implements AsyncDisposable {
  readonly #options: WebhookDispatcherOptions;
  readonly #queue: DeliveryQueue;
  #closing = false;
  readonly #giveUp = new AbortController();
  readonly #attempts = new Set<Promise<void>>();
  #wake = Promise.withResolvers<void>();
  #running: Promise<void> | null = null;

  constructor(options: WebhookDispatcherOptions) {
    this.#options = options;
    this.#queue = new DeliveryQueue(options);
  }

  /** Begins to deliver. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** There may be work: looks at once instead of at the next poll. */
  wake(): void {
    this.#wake.resolve();
  }

  /** Sends one delivery now, and waits for its end. Returns false if it is being sent already. */
  async deliverNow(webhookId: string, eventId: string): Promise<boolean> {
    const delivery = await this.#queue.takeOne(webhookId, eventId);
    if (delivery === null) return false;
    await this.#attempt(delivery);
    return true;
  }

  /** Lets attempts that are under way end within the time, and gives the rest back. */
  async stop(withinMs: number): Promise<void> {
    this.#closing = true;
    this.wake();
    await this.#running;
    const timer = new AbortController();
    this.#options.clock.sleep(withinMs, timer.signal).then(
      () => this.#giveUp.abort(),
      () => undefined,
    );
    await Promise.all(this.#attempts);
    timer.abort();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(0);
  }

  async #run(): Promise<void> {
    const { clock, settings } = this.#options;
    let failures = 0;
    let tidyAtMs = clock.monotonicMs();
    while (!this.#closing) {
      this.#wake = Promise.withResolvers();
      try {
        const free = settings.attemptsInFlightMax - this.#attempts.size;
        const taken = free > 0 ? await this.#queue.take(free) : [];
        for (const delivery of taken) this.#begin(delivery);
        if (clock.monotonicMs() >= tidyAtMs) {
          const isMore = await this.#queue.tidy();
          tidyAtMs = clock.monotonicMs() + (isMore ? settings.pollMs : tidyEveryMs);
        }
        if (failures > 0) this.#options.onState?.({ state: "delivering" });
        failures = 0;
        await this.#pause(settings.pollMs);
      } catch (error) {
        failures += 1;
        if (failures === 1) this.#options.onState?.({ state: "away", reason: reasonOf(error) });
        await this.#pause(Math.min(awayMsMax, settings.pollMs * 2 ** Math.min(failures, 10)));
      }
    }
  }

  /** Until the next poll, or until somebody wakes us: an attempt that ended makes room for another. */
  async #pause(durationMs: number): Promise<void> {
    const { clock, random } = this.#options;
    const over = new AbortController();
    // Processes that were started together do not ask together.
    const slept = clock.sleep(durationMs * (0.5 + random.unit() / 2), over.signal).catch(() => undefined);
    await Promise.race([slept, this.#wake.promise]);
    over.abort();
  }

  #begin(delivery: TakenDelivery): void {
    const attempt: Promise<void> = this.#attempt(delivery)
      // The database does not answer: the lease ends and the delivery is sent again.
      .catch(() => undefined)
      .finally(() => {
        this.#attempts.delete(attempt);
        this.wake();
      });
    this.#attempts.add(attempt);
  }

  async #attempt(delivery: TakenDelivery): Promise<void> {
    const secrets = this.#secretsOf(delivery);
    if (secrets === null) {
      await this.#settle(delivery, failed("its secret cannot be read any more; rotate it"));
      return;
    }
    const { clock, settings, resolveHost = systemResolveHost } = this.#options;
    const body = webhookMessage(delivery);
    const headers = signWebhook(secrets, { id: delivery.eventId, sentAtMs: clock.nowMs(), body });
    let result: SendResult;
    try {
      result = await sendWebhook(
        { url: delivery.url, headers: { ...headers }, body },
        {
          allowLoopback: settings.allowLoopback,
          clock,
          resolveHost,
          timeoutMs: settings.attemptTimeoutMs,
          signal: this.#giveUp.signal,
        },
      );
    } catch (error) {
      if (!this.#giveUp.signal.aborted) throw error;
      await this.#queue.release(delivery);
      return;
    }
    await this.#settle(delivery, resultOf(result));
  }

  /**
   * Notes how it ended, also when the database is away for a while: what was forgotten would be sent
   * again, and until its lease ends take a place of its webhook.
   */
  async #settle(delivery: TakenDelivery, result: AttemptResult): Promise<void> {
    const { clock, settings } = this.#options;
    const endMs = clock.monotonicMs() + settings.leaseMs / 2;
    for (let pauseMs = settings.pollMs; ; pauseMs *= 2) {
      try {
        await this.#queue.settle(delivery, result);
        return;
      } catch (error) {
        if (this.#closing || clock.monotonicMs() + pauseMs > endMs) throw error;
        await clock.sleep(pauseMs);
      }
    }
  }

  /** Both secrets while there are two; null where one cannot be read. */
  #secretsOf({ webhookId, secret, previousSecret }: TakenDelivery): readonly string[] | null {
    const { secretBox } = this.#options;
    const current = secretBox.open(webhookId, secret);
    if (current === null) return null;
    const previous = previousSecret === null ? null : secretBox.open(webhookId, previousSecret);
    return previous === null ? [current] : [current, previous];
  }
}

function resultOf(result: SendResult): AttemptResult {
  if (result.kind === "failed") return failed(result.reason);
  const { status, retryAfterSeconds } = result;
  if (status >= 200 && status < 300) return { kind: "delivered", status };
  const reason =
    status >= 300 && status < 400
      ? `it answered ${status}, and redirects are not followed`
      : `it answered ${status}`;
  return { ...failed(reason), status, retryAfterSeconds, isGone: status === 410 };
}

function failed(reason: string) {
  return { kind: "failed", status: null, reason, retryAfterSeconds: null, isGone: false } as const;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
