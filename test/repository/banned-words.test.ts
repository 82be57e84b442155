import { describe, expect, it } from "vitest";
import { checkIdentifiers, checkProse } from "./banned-words.ts";
import { filesEndingIn } from "./repository-files.ts";

describe("this repository", () => {
  it("names things in code with its own words", () => {
    expect(filesEndingIn(".ts", ".tsx").flatMap(checkIdentifiers)).toEqual([]);
  });

  it("names things in documents with its own words", () => {
    const documents = filesEndingIn(".md");
    expect(documents.length).toBeGreaterThan(3);
    expect(documents.flatMap(checkProse)).toEqual([]);
  });
});

describe("the check of words", () => {
  it.each([
    ["const customerId = 1;", "customerId: say tenant"],
    ["interface Organization {}", "Organization: say tenant"],
    ["class OrgStore {}", "OrgStore: say tenant"],
    ["const x = { customers: [] };", "customers: say tenant"],
    ["class X { #gameday = 1; }", "gameday: say drill"],
    ["const playbook = 1;", "playbook: say runbook"],
  ])("finds a synonym in %s", (text, message) => {
    expect(checkIdentifiers({ path: "packages/runtime/src/a.ts", text })).toEqual([
      `packages/runtime/src/a.ts:1: ${message}`,
    ]);
  });

  it("lets AWS Organizations keep their name where platforms are defined", () => {
    const text = "const organization = 1;";
    expect(checkIdentifiers({ path: "packages/model/src/a.ts", text })).toEqual([]);
    expect(checkIdentifiers({ path: "packages/runtime/src/a.ts", text })).toHaveLength(1);
  });

  it("does not read strings or words that only look alike", () => {
    const text = 'const organ = "customer"; const organised = organ; const custom = 1;';
    expect(checkIdentifiers({ path: "packages/runtime/src/a.ts", text })).toEqual([]);
  });

  it("finds a synonym in prose and lets the terms of others pass", () => {
    const text = [
      "# Title",
      "A tenant is a customer company.",
      "Every customer has a database.",
      "The keys are customer-managed.",
      "Policies of AWS Organizations apply.",
      "Each organisation has a host.",
    ].join("\n");
    expect(checkProse({ path: "docs/a.md", text })).toEqual([
      "docs/a.md:3: customer: say tenant",
      "docs/a.md:6: organisation: say tenant",
    ]);
  });
});
