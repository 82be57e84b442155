import { StringDecoder } from "node:string_decoder";
import type { Clock } from "@tenantry/base";

export const lineLengthMax = 8_192;
/** A prompt or a progress dot has no end of line and is shown all the same. */
const partialLineMs = 250;

/**
 * Turns a stream of bytes into lines. Colours and other escapes pass as they are. A line beyond
 * `lineLengthMax` characters is cut there, so that a service without line ends costs no memory.
 */
export class LineSplitter {
  readonly #clock: Clock;
  readonly #emit: (line: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  #line = "";
  /** Characters of this line that were dropped. */
  #dropped = 0;
  #timer: AbortController | undefined;

  constructor(clock: Clock, emit: (line: string) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  push(chunk: Uint8Array): void {
    this.#take(this.#decoder.write(chunk));
  }

  /** The stream has ended: what is left is a line. */
  end(): void {
    this.#take(this.#decoder.end());
    this.#flushPartial();
  }

  #take(text: string): void {
    const parts = text.split("\n");
    const rest = parts.pop() ?? "";
    for (const part of parts) {
      this.#append(part);
      this.#flush();
    }
    this.#append(rest);
    if (this.#line !== "" && !this.#timer) this.#flushLater();
  }

  #append(text: string): void {
    const room = lineLengthMax - this.#line.length;
    this.#line += text.slice(0, room);
    this.#dropped += Math.max(0, text.length - room);
  }

  #flush(): void {
    this.#timer?.abort();
    this.#timer = undefined;
    const line = this.#line.replace(/\r+$/, "");
    const cut = this.#dropped > 0 ? ` … (${this.#dropped} more characters)` : "";
    this.#line = "";
    this.#dropped = 0;
    this.#emit(line + cut);
  }

  #flushPartial(): void {
    if (this.#line !== "") this.#flush();
  }

  #flushLater(): void {
    const timer = new AbortController();
    this.#timer = timer;
    this.#clock.sleep(partialLineMs, timer.signal).then(
      () => {
        // A cut line waits for its end, or its tail would look like a line of its own.
        if (this.#timer !== timer || this.#dropped > 0) return;
        this.#timer = undefined;
        this.#flushPartial();
      },
      () => undefined,
    );
  }
}
