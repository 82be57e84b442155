import { assert } from "@tenantry/base";

/**
 * Writes messages of PostgreSQL's extended query protocol, version 3, one after the other into one piece
 * of memory (https://www.postgresql.org/docs/current/protocol-message-formats.html). A batch then
 * costs one write, and not one for each of its messages.
 */
export class WireMessages {
  #bytes = Buffer.allocUnsafe(1_024);
  #length = 0;

  parse(name: string, text: string): void {
    assert(!text.includes("\0"), "a statement with a zero byte would be cut short");
    const start = this.#begin("P");
    this.#text(name);
    this.#text(text);
    this.#int16(0);
    this.#end(start);
  }

  /** Values are what node-postgres makes of them: text, bytes or null. */
  bind(statement: string, values: readonly (string | Uint8Array | null)[]): void {
    const start = this.#begin("B");
    this.#text("");
    this.#text(statement);
    this.#int16(values.length);
    for (const value of values) this.#int16(value instanceof Uint8Array ? 1 : 0);
    this.#int16(values.length);
    for (const value of values) this.#value(value);
    this.#int16(0);
    this.#end(start);
  }

  describePortal(): void {
    const start = this.#begin("D");
    this.#byte("P");
    this.#text("");
    this.#end(start);
  }

  execute(): void {
    const start = this.#begin("E");
    this.#text("");
    this.#int32(0);
    this.#end(start);
  }

  closeStatement(name: string): void {
    const start = this.#begin("C");
    this.#byte("S");
    this.#text(name);
    this.#end(start);
  }

  sync(): void {
    this.#end(this.#begin("S"));
  }

  /** What was written, which nothing writes to any more. */
  take(): Buffer {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    return bytes;
  }

  #begin(type: string): number {
    this.#byte(type);
    this.#int32(0);
    return this.#length - 4;
  }

  #end(start: number): void {
    this.#bytes.writeInt32BE(this.#length - start, start);
  }

  #byte(letter: string): void {
    this.#room(1);
    this.#bytes[this.#length] = letter.charCodeAt(0);
    this.#length += 1;
  }

  #int16(value: number): void {
    this.#room(2);
    this.#length = this.#bytes.writeUInt16BE(value, this.#length);
  }

  #int32(value: number): void {
    this.#room(4);
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
  }

  /** Ends with a zero byte, so none may be inside. */
  #text(text: string): void {
    // At most three bytes for each unit of UTF-16.
    this.#room(text.length * 3 + 1);
    this.#length += this.#bytes.write(text, this.#length, "utf8");
    this.#bytes[this.#length] = 0;
    this.#length += 1;
  }

  #value(value: string | Uint8Array | null): void {
    if (value === null) {
      this.#int32(-1);
      return;
    }
    const start = this.#length;
    this.#int32(0);
    if (typeof value === "string") {
      this.#room(value.length * 3);
      this.#length += this.#bytes.write(value, this.#length, "utf8");
    } else {
      this.#room(value.length);
      this.#bytes.set(value, this.#length);
      this.#length += value.length;
    }
    this.#bytes.writeInt32BE(this.#length - start - 4, start);
  }

  #room(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
