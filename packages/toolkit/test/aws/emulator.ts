import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemRandom } from "@tenantry/base";
import { inject } from "vitest";

/** Where the emulator is; null where it cannot run here. */
export const emulator = inject("awsEndpoint");

/** The address of the emulator, for tests that do not run without it. */
export function endpoint(): string {
  if (emulator === null) throw new Error("this test needs the emulator of AWS");
  return emulator;
}

/** A name that no other test uses: the emulator is shared. */
export function platformName(): string {
  return `p${Buffer.from(systemRandom.bytes(5)).toString("hex")}`;
}

export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "tenantry-assembly-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
