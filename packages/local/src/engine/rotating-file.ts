import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, extname } from "node:path";
import type { LogDestination } from "@tenantry/runtime";
import { isErrno } from "../process/errno.ts";

export interface RotatingFileOptions {
  /** Absolute path of the file that is written. */
  readonly path: string;
  /** A file that would become larger is put aside. */
  readonly bytesMax: number;
  /** How many files there are at most, the one that is written among them. */
  readonly filesMax: number;
}

/**
 * A file that only we may read, of bounded size: `runtime.jsonl` is written, `runtime.1.jsonl` is
 * what it was before, and so on. It is made with the first line, and goes on where an earlier run stopped.
 */
export class RotatingFile implements LogDestination, AsyncDisposable {
  readonly #options: RotatingFileOptions;
  #file: FileHandle | null = null;
  #bytes = 0;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text, "utf8");
    this.#file ??= await this.#open();
    if (this.#bytes > 0 && this.#bytes + bytes.length > this.#options.bytesMax) {
      await this[Symbol.asyncDispose]();
      await this.#putAside();
      this.#file = await this.#open();
    }
    await writeAll(this.#file, bytes);
    this.#bytes += bytes.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  async #open(): Promise<FileHandle> {
    const { path } = this.#options;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, "a", 0o600);
    await file.chmod(0o600);
    this.#bytes = (await file.stat()).size;
    return file;
  }

  async #putAside(): Promise<void> {
    const { filesMax } = this.#options;
    await rm(this.#nameOf(filesMax - 1), { force: true });
    for (let age = filesMax - 2; age >= 0; age -= 1) {
      await rename(this.#nameOf(age), this.#nameOf(age + 1)).catch((error: unknown) => {
        if (!isErrno(error, "ENOENT")) throw error;
      });
    }
  }

  #nameOf(age: number): string {
    const { path } = this.#options;
    const extension = extname(path);
    return age === 0 ? path : `${path.slice(0, path.length - extension.length)}.${age}${extension}`;
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += (await file.write(bytes, written)).bytesWritten;
  }
}
