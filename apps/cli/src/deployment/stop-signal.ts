export interface StopSignal extends Disposable {
  readonly signal: AbortSignal;
}

/** Aborted by the first Ctrl-C or SIGTERM; the second one ends the process as it always does. */
export function stopSignal(onStop: () => void): StopSignal {
  const controller = new AbortController();
  const stop = () => {
    leave();
    onStop();
    controller.abort(new DOMException("stopped", "AbortError"));
  };
  const leave = () => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return { signal: controller.signal, [Symbol.dispose]: leave };
}
