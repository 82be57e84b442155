import type { Clock } from "@tenantry/base";

/** How long a line waits for others to go out with it: to write each alone costs more than to make it. */
const delayMs = 50;
/** From how much on nothing waits for more. */
const enoughCharacters = 65_536;

/** Where lines go at the end: a file, a stream. */
export interface LogDestination {
  /** Resolves when the text is taken. Texts come one at a time. */
  write(text: string): Promise<void>;
}

export interface LineBufferOptions {
  readonly clock: Clock;
  readonly destination: LogDestination;
  /** How much waits at most; lines beyond it are dropped and counted. */
  readonly charactersMax: number;
  /** The line that says how many were dropped. */
  readonly describeDropped: (lines: number) => string;
}

/**
 * Lines on their way to a destination that may be slow, hang or fail: whoever writes one never
 * waits, and what waits is bounded.
 */
export class LineBuffer implements AsyncDisposable {
  readonly #options: LineBufferOptions;
  #lines: string[] = [];
  #characters = 0;
  #dropped = 0;
  #writing: Promise<void> | null = null;
  #hurry = new AbortController();

  constructor(options: LineBufferOptions) {
    this.#options = options;
  }

  /** @param line with its line end */
  write(line: string, urgency: "now" | "soon" = "soon"): void {
    if (this.#characters + line.length > this.#options.charactersMax) {
      this.#dropped += 1;
      return;
    }
    this.#lines.push(line);
    this.#characters += line.length;
    this.#writing ??= this.#writeAll();
    if (urgency === "now" || this.#characters >= enoughCharacters) this.#hurryUp();
  }

  /** Resolves when everything that was written so far is taken, or given up. */
  async flush(): Promise<void> {
    this.#hurryUp();
    await this.#writing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.flush();
  }

  #hurryUp(): void {
    // An abort makes an error with its stack also where there was one before, which costs more than a line.
    if (!this.#hurry.signal.aborted) this.#hurry.abort();
  }

  async #writeAll(): Promise<void> {
    while (this.#lines.length > 0) {
      await this.#options.clock.sleep(delayMs, this.#hurry.signal).catch(() => undefined);
      this.#hurry = new AbortController();
      const lines = this.#lines;
      const dropped = this.#dropped;
      const characters = this.#characters;
      this.#lines = [];
      const note = dropped === 0 ? "" : this.#options.describeDropped(dropped);
      try {
        await this.#options.destination.write(lines.join("") + note);
        this.#dropped -= dropped;
      } catch {
        this.#dropped += lines.length;
      }
      // What is being written takes memory too.
      this.#characters -= characters;
    }
    this.#writing = null;
  }
}
