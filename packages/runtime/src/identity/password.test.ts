import { ManualClock, systemClock, systemRandom } from "@tenantry/base";
import { expect, test } from "vitest";
import type { Tenant } from "../tenants/tenant.ts";
import { newPassword, normalizePassword, PasswordHasher, type PasswordSlot } from "./password.ts";

const tenantOf = (id: string) => ({ id }) as Tenant;
const acme = tenantOf("acme-corp");
const hasher = (costLog2?: number) =>
  new PasswordHasher({ clock: systemClock, random: systemRandom, costLog2 });
const inside = <T>(passwords: PasswordHasher, work: (slot: PasswordSlot) => Promise<T>) =>
  passwords.whenThereIsRoom(acme, work);

test.each<[string, "accepted" | "refused"]>([
  ["twelve chars", "accepted"],
  ["eleven char", "refused"],
  ["aaaaaaaaaaaa", "accepted"],
  ["x".repeat(256), "accepted"],
  ["x".repeat(257), "refused"],
  // Characters are counted, not bytes.
  ["🔑".repeat(12), "accepted"],
  ["🔑".repeat(6), "refused"],
  ["ada@example.com", "refused"],
  ["ADA@example.com", "refused"],
  ["ada@example.co.uk", "accepted"],
])("the password %j is %s", (text, kind) => {
  expect(newPassword(text, "ada@example.com").kind).toBe(kind);
});

test("one password has one form, however a keyboard composes it", async () => {
  const [composed, decomposed] = ["Åström-paßwort", "A\u030astro\u0308m-paßwort"];
  expect(normalizePassword(decomposed)).toBe(normalizePassword(composed));
  const passwords = hasher(7);
  const stored = await inside(passwords, ({ hash }) => hash(normalizePassword(composed)));
  expect(
    (await inside(passwords, ({ verify }) => verify(normalizePassword(decomposed), stored))).matches,
  ).toBe(true);
});

test("a hash says its parameters, differs each time, and is made as production makes it", async () => {
  const passwords = hasher();
  const [one, other] = await inside(passwords, async ({ hash }) => [
    await hash("correct horse"),
    await hash("correct horse"),
  ]);
  expect(one).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(other);
  expect(await inside(passwords, ({ verify }) => verify("correct horse", one ?? ""))).toEqual({
    matches: true,
    betterHash: null,
  });
  expect((await inside(passwords, ({ verify }) => verify("correct horsf", one ?? ""))).matches).toBe(false);
});

test("a hash of less work is replaced when the password is right, and only then", async () => {
  const weak = await inside(hasher(7), ({ hash }) => hash("correct horse"));
  const passwords = hasher(9);
  const right = await inside(passwords, ({ verify }) => verify("correct horse", weak));
  expect(right.betterHash).toMatch(/^\$scrypt\$ln=9,/);
  const wrong = await inside(passwords, ({ verify }) => verify("wrong horse", weak));
  expect(wrong).toEqual({ matches: false, betterHash: null });
});

test.each([null, "", "plain", "$scrypt$ln=17,r=8,p=1$AA$AA", "$2b$10$abcdefghijklmnopqrstuv"])(
  "nobody has the password of %j",
  async (stored) => {
    const verdict = await inside(hasher(7), ({ verify }) => verify("", stored));
    expect(verdict).toEqual({ matches: false, betterHash: null });
  },
);

test("two work at once, others wait in fair turns, and who waits too long is told to come again", async () => {
  const clock = new ManualClock();
  const passwords = new PasswordHasher({ clock, random: systemRandom, costLog2: 7 });
  const order: string[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const enter = (tenant: string) =>
    passwords.whenThereIsRoom(tenantOf(tenant), () => {
      order.push(tenant);
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      return gate.promise;
    });
  const first = [enter("noisy"), enter("noisy"), enter("noisy"), enter("noisy"), enter("quiet")];
  await Promise.resolve();
  await Promise.resolve();
  expect(order).toEqual(["noisy", "noisy"]);
  gates[0]?.resolve();
  await first[0];
  await new Promise((resolve) => setImmediate(resolve));
  // The one who has nothing yet comes before those who have something.
  expect(order).toEqual(["noisy", "noisy", "quiet"]);
  const late = first.slice(2, 4).map((one) => one.catch((error: unknown) => error));
  clock.advance(3_000);
  for (const error of await Promise.all(late)) expect(error).toMatchObject({ code: "OVERLOADED" });
  for (const gate of gates) gate.resolve();
  await first[4];
  // The places came back.
  await expect(inside(passwords, ({ hash }) => hash("correct horse"))).resolves.toContain("$scrypt$");
});

test("a place comes back when what was done in it fails", async () => {
  const passwords = hasher(7);
  for (let count = 0; count < 5; count += 1) {
    await expect(inside(passwords, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  }
  await expect(inside(passwords, ({ hash }) => hash("correct horse"))).resolves.toContain("$scrypt$");
});
