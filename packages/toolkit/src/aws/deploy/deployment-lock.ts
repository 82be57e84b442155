import type { Clock, Random } from "@tenantry/base";
import { z } from "zod";
import { errors } from "../../errors.ts";
import type { ParameterService } from "../cloud/cloud.ts";

/*
 * One deployment at a time for an environment in a region. The lock is a parameter in Parameter Store that says who
 * holds it, what for, and until when; creating it is the one step that only one can win.
 *
 * The lease is short and renewed while the deployment runs, so that one that was killed lets go by itself. Who takes
 * an expired lock over writes its own into it, waits for a moment, and looks whether it is still there: of several
 * that do so at once the last one wins, and the others see it. Every renewal looks again, so nobody goes on for long who
 * lost it. What the lock does not prevent, CloudFormation does: it runs one operation on a stack at a time.
 */

export interface LockOptions {
  /** How long a lock holds without being renewed. */
  readonly leaseMs: number;
  /** How long to wait before believing in a lock that was taken over. */
  readonly settleMs: number;
}

export const defaultLock: LockOptions = Object.freeze({ leaseMs: 120_000, settleMs: 1_500 });

export interface LockRequest {
  readonly platform: string;
  readonly environment: string;
  readonly region: string;
  /** Who deploys: such as ada@laptop. */
  readonly holder: string;
  /** What for: such as "deploy 3f2a…". */
  readonly purpose: string;
  /** Takes the lock although somebody holds it. */
  readonly takeOver: boolean;
}

interface LockPorts {
  readonly parameters: ParameterService;
  readonly clock: Clock;
  readonly random: Random;
}

const contentSchema = z.object({
  holder: z.string(),
  purpose: z.string(),
  /** RFC 3339, UTC. */
  since: z.string(),
  until: z.string(),
  /** Tells locks of one holder apart. */
  nonce: z.string(),
});
type LockContent = z.infer<typeof contentSchema>;

export function lockName({ platform, environment }: Pick<LockRequest, "platform" | "environment">): string {
  return `/${platform}/${environment}/deployment/lock`;
}

/** A lock that is held until it is disposed of. */
export class DeploymentLock implements AsyncDisposable {
  readonly #request: LockRequest;
  readonly #options: LockOptions;
  readonly #ports: LockPorts;
  readonly #name: string;
  readonly #ended = new AbortController();
  readonly #lost = new AbortController();
  #content: LockContent;
  #renewing: Promise<void> = Promise.resolve();
  /** Whose lock was taken over; null where it was free. */
  readonly takenFrom: string | null;

  private constructor(
    request: LockRequest,
    options: LockOptions,
    ports: LockPorts,
    held: { readonly content: LockContent; readonly takenFrom: string | null },
  ) {
    this.#request = request;
    this.#options = options;
    this.#ports = ports;
    this.#name = lockName(request);
    this.#content = held.content;
    this.takenFrom = held.takenFrom;
    this.#renewing = this.#renew();
  }

  /** @throws TOOLKIT_DEPLOYMENT_LOCKED, TOOLKIT_AWS_* */
  static async acquire(
    request: LockRequest,
    options: LockOptions,
    ports: LockPorts,
  ): Promise<DeploymentLock> {
    const content = newContent(request, options, ports);
    const name = lockName(request);
    const made = await ports.parameters.create(
      name,
      JSON.stringify(content),
      "Held by a deployment that runs.",
    );
    if (made === "created") return new DeploymentLock(request, options, ports, { content, takenFrom: null });
    const other = await readLock(ports.parameters, name);
    // Our own call may have been answered with a failure although it was carried out.
    if (other?.nonce === content.nonce)
      return new DeploymentLock(request, options, ports, { content, takenFrom: null });
    const isExpired = other === null || Date.parse(other.until) <= ports.clock.nowMs();
    if (!isExpired && !request.takeOver) throw locked(request, other);
    await ports.parameters.overwrite(name, JSON.stringify(content));
    await ports.clock.sleep(options.settleMs);
    const now = await readLock(ports.parameters, name);
    if (now?.nonce !== content.nonce) throw locked(request, now);
    return new DeploymentLock(request, options, ports, { content, takenFrom: other?.holder ?? "nobody" });
  }

  /** Aborted, with TOOLKIT_DEPLOYMENT_LOCK_LOST as its reason, when somebody else has the lock. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    await this.#renewing;
    const now = await readLock(this.#ports.parameters, this.#name);
    if (now?.nonce === this.#content.nonce) await this.#ports.parameters.delete(this.#name);
  }

  async #renew(): Promise<void> {
    const { clock, parameters } = this.#ports;
    for (;;) {
      try {
        await clock.sleep(this.#options.leaseMs / 4, this.#ended.signal);
      } catch {
        return;
      }
      try {
        const now = await readLock(parameters, this.#name);
        if (now?.nonce !== this.#content.nonce) {
          const { region } = this.#request;
          const holder = now?.holder ?? "somebody who released it";
          this.#lost.abort(errors.TOOLKIT_DEPLOYMENT_LOCK_LOST({ region, holder }));
          return;
        }
        const until = new Date(clock.nowMs() + this.#options.leaseMs).toISOString();
        this.#content = { ...this.#content, until };
        await parameters.overwrite(this.#name, JSON.stringify(this.#content));
      } catch (failure) {
        // The next renewal may succeed; without one the deployment must not outlive its lease.
        if (clock.nowMs() < Date.parse(this.#content.until)) continue;
        this.#lost.abort(failure);
        return;
      }
    }
  }
}

/** The lock as it is; null where nobody holds one. */
export async function readLock(parameters: ParameterService, name: string): Promise<LockContent | null> {
  const text = (await parameters.values([name])).get(name);
  if (text === undefined) return null;
  try {
    return contentSchema.parse(JSON.parse(text));
  } catch {
    // Somebody wrote something else there: it holds until it is taken over by word.
    return {
      holder: "somebody unknown",
      purpose: text,
      since: "",
      until: "9999-01-01T00:00:00.000Z",
      nonce: "",
    };
  }
}

function newContent(
  { holder, purpose }: LockRequest,
  { leaseMs }: LockOptions,
  ports: LockPorts,
): LockContent {
  const nowMs = ports.clock.nowMs();
  return {
    holder,
    purpose,
    since: new Date(nowMs).toISOString(),
    until: new Date(nowMs + leaseMs).toISOString(),
    nonce: Buffer.from(ports.random.bytes(12)).toString("hex"),
  };
}

function locked({ region }: LockRequest, other: LockContent | null) {
  const { holder = "somebody", until = "now" } = other ?? {};
  return errors.TOOLKIT_DEPLOYMENT_LOCKED({ holder, region, until });
}
