import { Transform, type TransformCallback } from "node:stream";

/**
 * Frames of a WebSocket on their way (RFC 6455, section 5.2), passed on as they are. Only where one
 * ends is looked for, so that a close frame of our own can stand between two of theirs.
 */
export class WebSocketFrames extends Transform {
  #payloadLeft = 0;
  readonly #header: number[] = [];
  /** What is sent at the end of the current frame, after which nothing follows. */
  #closeFrame: Buffer | null = null;
  #isClosed = false;

  /** Ends the direction with this frame as soon as the frame that is on its way has passed. */
  closeWith(frame: Buffer): void {
    if (this.#closeFrame !== null || this.writableEnded || this.destroyed) return;
    this.#closeFrame = frame;
    if (this.#isBetweenFrames()) this.#close();
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    // What comes after the close frame is read and dropped.
    if (!this.#isClosed) {
      const passed = this.#readOn(chunk);
      if (passed > 0) this.push(chunk.subarray(0, passed));
      if (this.#closeFrame !== null && this.#isBetweenFrames()) this.#close();
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    done();
  }

  /** @returns how many bytes pass: all, or, when it closes, those up to the end of the frame */
  #readOn(chunk: Buffer): number {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, chunk.length - offset);
        this.#payloadLeft -= taken;
        offset += taken;
      } else {
        this.#header.push(chunk[offset] ?? 0);
        offset += 1;
        this.#endHeader();
      }
      if (this.#closeFrame !== null && this.#isBetweenFrames()) break;
    }
    return offset;
  }

  #endHeader(): void {
    const [, second] = this.#header;
    if (second === undefined) return;
    const short = second & 0x7f;
    const extendedBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
    const maskBytes = (second & 0x80) === 0 ? 0 : 4;
    if (this.#header.length < 2 + extendedBytes + maskBytes) return;
    const extended = Buffer.from(this.#header.slice(2, 2 + extendedBytes));
    this.#payloadLeft = extendedBytes === 0 ? short : Number(`0x${extended.toString("hex")}`);
    this.#header.length = 0;
  }

  #isBetweenFrames(): boolean {
    return this.#payloadLeft === 0 && this.#header.length === 0;
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.push(this.#closeFrame);
    this.push(null);
  }
}

/**
 * A close frame (RFC 6455, section 5.5.1).
 *
 * @param mask four random bytes where a client sends it, and nothing where a server does
 */
export function closeFrame(code: number, reason: string, mask?: Uint8Array): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  if (mask === undefined) return Buffer.concat([Buffer.from([0x88, payload.length]), payload]);
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x88, 0x80 | payload.length]), mask, masked]);
}
