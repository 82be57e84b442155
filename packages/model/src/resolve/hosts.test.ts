import type { CodedError } from "@tenantry/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fillPattern } from "../pattern.ts";
import { checkHosts } from "./hosts.ts";

function reported(patterns: readonly string[]): readonly string[] {
  const found: CodedError[] = [];
  checkHosts(patterns, (_, error) => found.push(error));
  return found.map(({ message }) => message);
}

/** Whether a host pattern, filled for a tenant, reaches a host; "*" stands for one label or more. */
function reaches(filled: string, host: string): boolean {
  if (!filled.startsWith("*.")) return filled === host;
  return host.endsWith(filled.slice(1)) && host.length > filled.length - 1;
}

test.each([
  [["{tenant}.example.com", "*.{tenant}.example.com"]],
  [["{tenant}.example.com", "{tenant}.example.org"]],
  [["{tenant}.a.example.com", "{tenant}.b.example.com"]],
])("%j give no host to two tenants", (patterns) => {
  expect(reported(patterns)).toEqual([]);
});

test.each([
  [["{tenant}.example.com", "{tenant}-app.example.com"]],
  [["{tenant}.example.com", "my-{tenant}.example.com"]],
  [["*.{tenant}.example.com", "{tenant}.files.example.com"]],
  [["{tenant}.files.example.com", "*.{tenant}.example.com"]],
])("%j give one host to two tenants", (patterns) => {
  expect(reported(patterns)).toHaveLength(1);
});

test("whenever two tenants of a few share a host under two patterns, that is reported", () => {
  const label = fc.constantFrom("{tenant}", "{tenant}-app", "app-{tenant}", "app", "acme", "files");
  const pattern = fc
    .tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 3 }))
    .map(([isWildcard, labels]) => `${isWildcard ? "*." : ""}${labels.join(".")}.example.com`)
    .filter((text) => text.includes("{tenant}"));
  const tenants = ["acme", "app", "files", "app-acme", "acme-app", "app-app", "globex"];
  let shared = 0;
  fc.assert(
    fc.property(pattern, pattern, (first, second) => {
      fc.pre(first !== second);
      const isShared = tenants.some((one) =>
        tenants.some((other) => {
          const a = fillPattern(first, { tenant: one });
          const b = fillPattern(second, { tenant: other });
          const hosts = [a, b].map((host) => host.replace("*.", "www."));
          return one !== other && hosts.some((host) => reaches(a, host) && reaches(b, host));
        }),
      );
      if (!isShared) return;
      shared += 1;
      expect(reported([first, second])).toHaveLength(1);
    }),
    { numRuns: 3000 },
  );
  expect(shared).toBeGreaterThan(20);
});
