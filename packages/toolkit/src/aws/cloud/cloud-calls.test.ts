import { isCodedError, ManualClock, seededRandom } from "@tenantry/base";
import { describe, expect, it } from "vitest";
import { CloudCalls, type RetriedCall } from "./cloud-calls.ts";
import { TokenBucket } from "./token-bucket.ts";

const place = { service: "cloudformation", operation: "CreateChangeSet", region: "us-east-1" };
const options = {
  rate: { perSecond: 1000, burst: 1000 },
  attemptsMax: 6,
  pauseMs: 100,
  pauseMaxMs: 1_000,
};
const sdkFailure = (name: string, more: object = {}) =>
  Object.assign(new Error(`says ${name}`), { name }, more);

/** Runs a call that fails in these ways before it succeeds, on a clock that never waits. */
async function run(failures: readonly unknown[]) {
  const retries: RetriedCall[] = [];
  const clock = {
    ...new ManualClock(),
    nowMs: () => 0,
    monotonicMs: () => 0,
    sleep: () => Promise.resolve(),
  };
  const calls = new CloudCalls(options, {
    clock,
    random: seededRandom(1),
    onRetry: (one) => retries.push(one),
  });
  const left = [...failures];
  const call = () => {
    const failure = left.shift();
    return failure === undefined ? Promise.resolve("done") : Promise.reject(failure);
  };
  const end = await calls.run(place, call).catch((failure: unknown) => failure);
  return { retries, end: isCodedError(end) ? end.code : end };
}

describe("calls to AWS", () => {
  it.each([
    sdkFailure("Throttling"),
    sdkFailure("RequestLimitExceeded"),
    sdkFailure("TooManyRequestsException"),
    sdkFailure("UnknownError", { $metadata: { httpStatusCode: 503 } }),
    sdkFailure("TimeoutError"),
    sdkFailure("Error", { code: "ECONNRESET" }),
  ])("are repeated after $name", async (failure) => {
    expect((await run([failure, failure])).end).toBe("done");
  });

  it.each([
    [sdkFailure("ValidationError", { $metadata: { httpStatusCode: 400 } }), "TOOLKIT_AWS_REFUSED"],
    [sdkFailure("AccessDenied", { $metadata: { httpStatusCode: 403 } }), "TOOLKIT_AWS_DENIED"],
    [sdkFailure("ExpiredToken"), "TOOLKIT_AWS_CREDENTIALS"],
    [sdkFailure("CredentialsProviderError"), "TOOLKIT_AWS_CREDENTIALS"],
    [sdkFailure("Error", { code: "ENOTFOUND" }), "TOOLKIT_AWS_REGION"],
  ])("are not repeated after %s, which is %s", async (failure, code) => {
    const { retries, end } = await run([failure]);
    expect(end).toBe(code);
    expect(retries).toEqual([]);
  });

  it("give up in the end, and say what happened last", async () => {
    const { retries, end } = await run(Array(20).fill(sdkFailure("Throttling")));
    expect(end).toBe("TOOLKIT_AWS_UNREACHABLE");
    expect(retries).toHaveLength(options.attemptsMax - 1);
  });

  it("pause for a random part of a time that doubles up to a bound", async () => {
    const pauses: number[][] = Array.from({ length: 5 }, () => []);
    const clock = { nowMs: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() };
    const random = seededRandom(3);
    const onRetry = ({ attempt, pauseMs }: RetriedCall) => pauses[attempt - 1]?.push(pauseMs);
    const calls = new CloudCalls(options, { clock, random, onRetry });
    for (let index = 0; index < 200; index += 1) {
      await calls.run(place, () => Promise.reject(sdkFailure("Throttling"))).catch(() => undefined);
    }
    for (const [index, bound] of [100, 200, 400, 800, 1_000].entries()) {
      const seen = pauses[index] ?? [];
      expect(Math.max(...seen)).toBeLessThanOrEqual(bound);
      // Full jitter: from nothing up to the bound, not around it.
      expect(Math.min(...seen)).toBeLessThan(bound / 10);
      expect(Math.max(...seen)).toBeGreaterThan(bound * 0.9);
    }
  });
});

describe("a token bucket", () => {
  it("lets a burst through, and then one call after the other at its rate", async () => {
    let nowMs = 0;
    const clock = {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      sleep: (durationMs: number) => {
        nowMs += durationMs;
        return Promise.resolve();
      },
    };
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, clock);
    const at: number[] = [];
    for (let index = 0; index < 6; index += 1) {
      await bucket.take();
      at.push(nowMs);
    }
    expect(at).toEqual([0, 0, 0, 100, 200, 300]);
    nowMs += 60_000;
    await bucket.take();
    expect(nowMs).toBe(60_300);
  });
});
