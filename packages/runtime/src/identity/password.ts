import { scrypt, timingSafeEqual } from "node:crypto";
import type { Clock, Random } from "@tenantry/base";
import { ProblemError } from "../http/problems.ts";
import { type Admission, FairAdmission } from "../limits/fair-admission.ts";
import type { Tenant } from "../tenants/tenant.ts";

export const passwordLengthMin = 12;
export const passwordLengthMax = 256;

/**
 * The password as it is hashed: in one form, however a keyboard composes it. Null where it may not
 * be set, with the reason. Length is all that is asked for (NIST SP 800-63B): rules about kinds of
 * characters make passwords worse.
 */
export function newPassword(
  text: string,
  email: string,
):
  | { readonly kind: "accepted"; readonly password: string }
  | { readonly kind: "refused"; readonly reason: string } {
  const password = normalizePassword(text);
  const length = [...password].length;
  if (length < passwordLengthMin || length > passwordLengthMax) {
    return {
      kind: "refused",
      reason: `must have ${passwordLengthMin} to ${passwordLengthMax} characters`,
    };
  }
  if (password.toLowerCase() === email.toLowerCase()) {
    return { kind: "refused", reason: "must not be the mail address" };
  }
  return { kind: "accepted", password };
}

export function normalizePassword(text: string): string {
  return text.normalize("NFKC");
}

export interface PasswordHasherOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The binary logarithm of scrypt's N: 17 unless said. Less is for tests only. */
  readonly costLog2?: number | undefined;
}

/** Whether a password is the one of a member, and what its hash should be replaced by, if it should. */
export interface PasswordVerdict {
  readonly matches: boolean;
  readonly betterHash: string | null;
}

const costLog2Default = 17;
const blockSize = 8;
const saltBytes = 16;
const hashBytes = 32;
/** Each computation takes a core for half a second, and 128 MiB. */
const computationsMax = 2;
const waitingPerTenantMax = 16;
const waitMs = 3_000;

/**
 * Hashes passwords with scrypt (RFC 7914) into texts that say their own parameters, so that these
 * can be raised: `$scrypt$ln=17,r=8,p=1$<salt>$<hash>`. Few run at once, shared fairly by tenants,
 * because sign-ins must not take all processors and all memory from everything else.
 */
export class PasswordHasher {
  readonly #random: Random;
  readonly #costLog2: number;
  readonly #slots: FairAdmission;
  /** What a password is compared with where there is none, for the same work. Nobody knows a password for it. */
  readonly #nobodys: string;

  constructor({ clock, random, costLog2 = costLog2Default }: PasswordHasherOptions) {
    this.#random = random;
    this.#costLog2 = costLog2;
    this.#slots = new FairAdmission({
      slotsMax: computationsMax,
      waitingMax: waitingPerTenantMax,
      waitMs,
      clock,
    });
    this.#nobodys = phcText(
      costLog2,
      Buffer.from(random.bytes(saltBytes)),
      Buffer.from(random.bytes(hashBytes)),
    );
  }

  /**
   * Runs something that hashes when there is room for it. What it reads beforehand it should read
   * inside, so that those who wait hold nothing.
   *
   * @throws ProblemError OVERLOADED
   */
  async whenThereIsRoom<T>(tenant: Tenant, work: (slot: PasswordSlot) => Promise<T>): Promise<T> {
    let leave: () => void = () => undefined;
    const admission = await new Promise<Admission>((settle) => {
      leave = this.#slots.enter(tenant.id, null, settle);
    });
    if (admission !== "admitted") {
      throw new ProblemError("OVERLOADED", { headers: { "retry-after": "2" }, reason: "passwords" });
    }
    try {
      return await work({
        hash: (password) => this.#hash(password),
        verify: (password, stored) => this.#verify(password, stored),
      });
    } finally {
      leave();
    }
  }

  async #hash(password: string): Promise<string> {
    const salt = Buffer.from(this.#random.bytes(saltBytes));
    return phcText(this.#costLog2, salt, await derive(password, salt, this.#costLog2));
  }

  async #verify(password: string, stored: string | null): Promise<PasswordVerdict> {
    const parts = parsePhcText(stored ?? this.#nobodys) ?? parsePhcText(this.#nobodys);
    if (parts === null) return { matches: false, betterHash: null };
    const derived = await derive(password, parts.salt, parts.costLog2);
    const matches = timingSafeEqual(derived, parts.hash) && stored !== null && parsePhcText(stored) !== null;
    const isWeak = parts.costLog2 < this.#costLog2;
    return { matches, betterHash: matches && isWeak ? await this.#hash(password) : null };
  }
}

/** What may be done while one of the few places is held. */
export interface PasswordSlot {
  hash(password: string): Promise<string>;
  /** Takes as long for a member without a password (null) as for one with. */
  verify(password: string, stored: string | null): Promise<PasswordVerdict>;
}

function derive(password: string, salt: Buffer, costLog2: number): Promise<Buffer> {
  const N = 2 ** costLog2;
  const options = { N, r: blockSize, p: 1, maxmem: 128 * N * blockSize + 1_048_576 };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, hashBytes, options, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}

const phcPattern = /^\$scrypt\$ln=(\d{1,2}),r=8,p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

function phcText(costLog2: number, salt: Buffer, hash: Buffer): string {
  const base64 = (bytes: Buffer) => bytes.toString("base64").replaceAll("=", "");
  return `$scrypt$ln=${costLog2},r=${blockSize},p=1$${base64(salt)}$${base64(hash)}`;
}

function parsePhcText(
  text: string,
): { readonly costLog2: number; readonly salt: Buffer; readonly hash: Buffer } | null {
  const match = phcPattern.exec(text);
  if (match === null) return null;
  const [, costLog2, salt, hash] = match;
  return {
    costLog2: Number(costLog2),
    salt: Buffer.from(salt ?? "", "base64"),
    hash: Buffer.from(hash ?? "", "base64"),
  };
}
