import { assert } from "@tenantry/base";

/** One file in an archive. */
export interface TarMember {
  /** At most 100 bytes of ASCII. */
  readonly name: string;
  readonly sizeBytes: number;
}

const blockBytes = 512;
/** The largest size that fits into eleven octal digits. */
const octalMax = 8 ** 11 - 1;

/** The header of a member in the format of POSIX.1-1988 (ustar), as every tar reads it. */
export function tarHeader({ name, sizeBytes }: TarMember, modifiedMs: number): Buffer {
  assert(/^[\x21-\x7e]{1,100}$/.test(name), "a member of an archive has a name of 1 to 100 ASCII characters");
  const header = Buffer.alloc(blockBytes);
  header.write(name, 0, "ascii");
  header.write("0000600\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  writeSize(header, sizeBytes);
  header.write(`${octal(Math.floor(modifiedMs / 1_000), 11)}\0`, 136);
  header.write("0", 156);
  header.write("ustar\u000000", 257);
  header.write("        ", 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

/** What fills a member up to whole blocks. */
export function tarPadding(sizeBytes: number): Buffer {
  return Buffer.alloc((blockBytes - (sizeBytes % blockBytes)) % blockBytes);
}

export const tarEnd = Buffer.alloc(2 * blockBytes);

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function writeSize(header: Buffer, sizeBytes: number): void {
  if (sizeBytes <= octalMax) {
    header.write(`${octal(sizeBytes, 11)}\0`, 124);
    return;
  }
  // What is larger is written in base 256, as GNU tar does.
  header[124] = 0x80;
  header.writeBigUInt64BE(BigInt(sizeBytes), 128);
}

function readSize(header: Buffer): number {
  if ((header[124] ?? 0) & 0x80) return Number(header.readBigUInt64BE(128));
  return Number.parseInt(header.toString("ascii", 124, 136), 8);
}

/** A member that is read; its content must be read to its end before the next one is asked for. */
export interface TarEntry extends TarMember {
  readonly content: AsyncIterable<Uint8Array>;
}

/** Reads an archive as {@link tarHeader} writes it. Returns null behind the last member. */
export class TarReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async next(): Promise<TarEntry | null> {
    const header = await this.#take(blockBytes);
    if (header === null) throw new Error("the archive has no end");
    if (header.every((byte) => byte === 0)) return null;
    const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    if (Number.parseInt(header.toString("ascii", 148, 154), 8) !== sum)
      throw new Error("a header of the archive is damaged");
    const name = header.toString("ascii", 0, 100).replace(/\0.*$/s, "");
    const sizeBytes = readSize(header);
    return { name, sizeBytes, content: this.#content(sizeBytes) };
  }

  async *#content(sizeBytes: number): AsyncGenerator<Uint8Array> {
    for (let left = sizeBytes; left > 0;) {
      if (this.#rest.length === 0 && !(await this.#fill())) throw new Error("the archive is cut short");
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
    const padding = tarPadding(sizeBytes).length;
    if (padding > 0 && (await this.#take(padding)) === null) throw new Error("the archive is cut short");
  }

  /** Exactly so many bytes; null where there are fewer. */
  async #take(bytes: number): Promise<Buffer | null> {
    while (this.#rest.length < bytes) if (!(await this.#fill())) return null;
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    return taken;
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done === true) return false;
    this.#rest = this.#rest.length === 0 ? Buffer.from(value) : Buffer.concat([this.#rest, value]);
    return true;
  }
}
