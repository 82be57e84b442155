import { createHash } from "node:crypto";

const lengthMax = 160;

/**
 * What names a finding in a baseline: `{rule}@{subject}`. It stays the same as long as the rule and the thing do. What a
 * shell or a file would not take as it is becomes a hyphen, and the beginning of a digest tells the originals apart.
 */
export function findingId({ rule, subject }: { readonly rule: string; readonly subject: string }): string {
  const whole = `${rule}@${subject}`;
  const plain = whole.replaceAll(/[^\p{L}\p{N}⟨⟩:/._@#+,=-]+/gu, "-").slice(0, lengthMax);
  if (plain === whole) return whole;
  return `${plain}~${createHash("sha256").update(whole).digest("hex").slice(0, 8)}`;
}
