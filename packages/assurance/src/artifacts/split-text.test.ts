import { expect, it } from "vitest";
import { splitText } from "./split-text.ts";

it.each<readonly [string, string, readonly string[] | null]>([
  ["a:b", ":", ["a", "b"]],
  ["arn:aws:logs:::group:⟨data/Log⟩:*", ":*", ["arn:aws:logs:::group:⟨data/Log⟩", ""]],
  ["⟨account⟩.dkr.ecr.amazonaws.com/app", ".amazonaws.com/", ["⟨account⟩.dkr.ecr", "app"]],
  ["x/⟨tenant:a⟩/y", "/", ["x", "⟨tenant:a⟩", "y"]],
  ["x-⟨username:a⟩-y", "-", ["x", "⟨username:a⟩", "y"]],
  // An id has hyphens, and an endpoint dots: how many parts there are depends on it.
  ["x-⟨tenant:a⟩-y", "-", null],
  ["⟨data/Main.Endpoint.Address⟩", ".", null],
  ["⟨deployment:author⟩:x", ":", null],
  ["⟨tenant/tenant:a/Role⟩:x", ":", ["⟨tenant/tenant:a/Role⟩", "x"]],
  // Half of the delimiter may be the end of the id.
  ["⟨tenant:a⟩:x", "a:", null],
  ["x:⟨tenant:a⟩", ":a", null],
  ["anything", "", null],
])("splits %s at %s", (text, delimiter, parts) => {
  expect(splitText(text, delimiter)).toEqual(parts);
});
