import { expect, test } from "vitest";
import { deploymentFacts, withoutCredentials } from "./deployment-facts.ts";

test.each([
  ["https://ada:token@git.example.com/acme/shop.git", "acme/shop"],
  ["git@git.example.com:acme/shop.git", "acme/shop"],
  ["ssh://git@git.example.com/acme/shop", "acme/shop"],
  ["acme/shop", "acme/shop"],
])("the repository %s is told without what opens it", (remote, told) => {
  expect(withoutCredentials(remote)).toBe(told);
});

test("a pipeline says more than git does", async () => {
  const env = { GITHUB_REPOSITORY: "acme/shop", GITHUB_ACTOR: "ada", GITHUB_REF: "refs/pull/42/merge" };
  expect(await deploymentFacts(env, "/")).toEqual({
    repository: "acme/shop",
    author: "ada",
    pullRequest: "42",
  });
});
