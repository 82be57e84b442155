import { isTenantId } from "@tenantry/model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HostReader, isHostSuffix } from "./host.ts";

const reader = new HostReader(["localhost", "example.com", "eu.example.com"]);
const read = (host: string) => {
  const reading = reader.read(host);
  return reading.kind === "tenant" ? reading.tenant : reading.kind;
};

test.each([
  ["acme-corp.localhost", "acme-corp"],
  ["acme-corp.localhost:8080", "acme-corp"],
  ["ACME-Corp.LocalHost", "acme-corp"],
  ["acme-corp.localhost.", "acme-corp"],
  ["acme-corp.localhost.:8080", "acme-corp"],
  ["www.acme-corp.example.com", "acme-corp"],
  ["a.b.acme-corp.example.com", "acme-corp"],
  ["acme-corp.eu.example.com", "acme-corp"],
  ["globex-inc.acme-corp.example.com", "acme-corp"],
  ["localhost", "other"],
  ["example.com", "other"],
  ["eu.example.com", "other"],
  ["ab.example.com", "other"],
  ["acme--corp.example.com", "other"],
  ["1acme.example.com", "other"],
  ["xn--80ak6aa92e.example.com", "other"],
  ["acme-corp.example.com.evil.net", "other"],
  ["acme-corp.notexample.com", "other"],
  ["127.0.0.1:8080", "other"],
  ["[::1]:8080", "other"],
  ["[::ffff:127.0.0.1]", "other"],
  ["", "malformed"],
  [".", "malformed"],
  [".localhost", "malformed"],
  ["acme-corp..localhost", "malformed"],
  ["acme-corp.localhost..", "malformed"],
  ["acme-corp.localhost:", "malformed"],
  ["acme-corp.localhost:99999", "malformed"],
  ["acme-corp.localhost:80:80", "malformed"],
  ["acme-corp.localhost:8o", "malformed"],
  ["evil@acme-corp.localhost", "malformed"],
  ["acme-corp.localhost@evil.net", "malformed"],
  ["acme-corp.localhost, globex-inc.localhost", "malformed"],
  ["acme-corp.localhost globex-inc.localhost", "malformed"],
  ["acme-corp.localhost/../", "malformed"],
  ["acme%2dcorp.localhost", "malformed"],
  ["acme_corp.localhost", "malformed"],
  ["-acme.localhost", "malformed"],
  ["acme-.localhost", "malformed"],
  ["acmé.localhost", "malformed"],
  ["acme-corp\u3002localhost", "malformed"],
  ["\u212Aacme.localhost", "malformed"],
  ["[::1", "malformed"],
  ["[::1]evil", "malformed"],
  ["[::1]:99999", "malformed"],
  [`${"a".repeat(64)}.localhost`, "malformed"],
  [`${"a.".repeat(200)}localhost`, "malformed"],
  ["acme-corp.localhost\u0000", "malformed"],
  ["acme-corp.localhost\n", "malformed"],
])("the host %j is %s", (host, expected) => {
  expect(read(host)).toBe(expected);
});

test("whatever stands in front, behind or between, a tenant comes out only as the label before a suffix", () => {
  const label = fc.stringMatching(/^[a-z0-9.:@%_ -]{0,12}$/);
  fc.assert(
    fc.property(label, label, (before, after) => {
      const reading = reader.read(`${before}acme-corp${after}`);
      if (reading.kind !== "tenant") return;
      expect(isTenantId(reading.tenant)).toBe(true);
      const name = `${before}acme-corp${after}`.replace(/:\d+$/, "").replace(/\.$/, "");
      expect(
        ["localhost", "example.com", "eu.example.com"].some((suffix) =>
          name.endsWith(`${reading.tenant}.${suffix}`),
        ),
      ).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test.each(["example.com", "localhost", "a.b.c"])("%s can end hosts", (suffix) =>
  expect(isHostSuffix(suffix)).toBe(true),
);
test.each(["", ".example.com", "example.com.", "exa mple", "example.com:80", "*"])(
  "%j cannot end hosts",
  (suffix) => expect(isHostSuffix(suffix)).toBe(false),
);
