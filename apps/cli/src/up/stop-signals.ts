import type { Clock } from "@tenantry/base";

/**
 * Ctrl-C, seen from here. A terminal sends SIGINT to its whole foreground group, and npm and other
 * parents that wait for this process forward theirs as well, so one press arrives several times,
 * milliseconds apart. All that arrive within `samePressMs` of the first one are that press.
 *
 *   running ── first press, SIGTERM, SIGHUP ──▶ stopping ── a later press ──▶ forced
 */
export const samePressMs = 500;

export interface StopSignals {
  /** Resolves with the first signal. */
  readonly asked: Promise<NodeJS.Signals>;
  /** Resolves with the first signal after that press. */
  readonly forced: Promise<NodeJS.Signals>;
  readonly isAsked: () => boolean;
  /** Gives the signals back their usual effect. */
  readonly release: () => void;
}

type SignalSource = Pick<NodeJS.Process, "on" | "off">;

export function watchStopSignals(source: SignalSource, clock: Pick<Clock, "monotonicMs">): StopSignals {
  const asked = Promise.withResolvers<NodeJS.Signals>();
  const forced = Promise.withResolvers<NodeJS.Signals>();
  let askedAtMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (askedAtMs === undefined) {
      askedAtMs = clock.monotonicMs();
      asked.resolve(signal);
    } else if (clock.monotonicMs() - askedAtMs > samePressMs) {
      forced.resolve(signal);
    }
  };
  const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) source.on(signal, onSignal);
  return {
    asked: asked.promise,
    forced: forced.promise,
    isAsked: () => askedAtMs !== undefined,
    release: () => {
      for (const signal of signals) source.off(signal, onSignal);
    },
  };
}
