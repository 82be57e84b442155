import { expect, test } from "vitest";
import { ownerArgument, parseOwner } from "./earlier-run.ts";

const owner = { pid: 4711, startedAt: "af77b1a7-82a1:12345" };

test("the owner is read back from the command line that carries it", () => {
  expect(parseOwner(["/x/postgres", "-D", "/data", "-c", ownerArgument(owner), "-c", "port=1"])).toEqual(
    owner,
  );
});

test.each([
  ["a server of someone else", ["/usr/lib/postgresql/bin/postgres", "-D", "/data"]],
  ["a setting without a value", ["postgres", "-c", "tenantry.owner="]],
  ["a setting without a start time", ["postgres", "-c", "tenantry.owner=12"]],
  ["no command line", []],
])("%s has no owner", (_, command) => {
  expect(parseOwner(command)).toBeUndefined();
});
