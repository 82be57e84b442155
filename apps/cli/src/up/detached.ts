import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { CodedError } from "@tenantry/base";
import type { UpResult } from "@tenantry/toolkit";
import { errors } from "../errors.ts";

/** What the process in the background tells the one that started it. */
export type DetachedMessage =
  | { readonly kind: "ready"; readonly result: UpResult }
  | { readonly kind: "failed"; readonly error: PlainError };

/** A coded error as it passes from one process to the other. */
type PlainError = Pick<CodedError, "code" | "message" | "fix" | "retriable" | "params">;

/** Set for the process in the background, so that it reports over its channel. */
const variable = "TENANTRY_DETACHED";

export function isDetached(env: Readonly<Record<string, string | undefined>>): boolean {
  return env[variable] === "1" && process.send !== undefined;
}

/**
 * Starts this same program in a session of its own, with its output in `log`, and waits for it
 * to say that the platform is ready or why it is not.
 */
export async function startDetached(argv: readonly string[], log: string): Promise<DetachedMessage> {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "w");
  const child = spawn(process.execPath, [process.argv[1] ?? "", ...argv], {
    detached: true,
    stdio: ["ignore", output, output, "ipc"],
    env: { ...process.env, [variable]: "1" },
  });
  closeSync(output);
  try {
    return await new Promise<DetachedMessage>((resolve, reject) => {
      const fail = (how: string) => reject(errors.CLI_DETACHED_UP_FAILED({ how, log }));
      child.once("message", (message) => resolve(message as DetachedMessage));
      child.once("error", (error) => fail(`could not be started (${error.message})`));
      child.once("exit", (status, signal) => {
        fail(signal === null ? `ended with status ${status}` : `was ended by ${signal}`);
      });
    });
  } finally {
    child.removeAllListeners();
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** Tells the process that started this one, if there is one, and lets go of it. */
export async function reportDetached(message: DetachedMessage): Promise<void> {
  if (!isDetached(process.env)) return;
  const plain: DetachedMessage =
    message.kind === "ready" ? message : { kind: "failed", error: plainError(message.error) };
  // Whoever started this may have gone meanwhile; the platform runs on without it.
  await new Promise<void>((resolve) => process.send?.(plain, () => resolve()));
  if (process.connected) process.disconnect();
}

/** The error that the process in the background failed with, as if it had been thrown here. */
export function errorFrom(plain: PlainError): CodedError {
  return new CodedError(plain);
}

function plainError({ code, message, fix, retriable, params }: PlainError): PlainError {
  return { code, message, fix, retriable, params };
}
