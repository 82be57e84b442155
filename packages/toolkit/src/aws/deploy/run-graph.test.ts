import { defineErrors } from "@tenantry/base";
import { describe, expect, it } from "vitest";
import { runGraph } from "./run-graph.ts";
import { wavesOf } from "./waves.ts";

const errors = defineErrors({
  TOOLKIT_TEST: { message: () => "planted", fix: () => "none", retriable: false },
});
const signal = new AbortController().signal;
const node = (id: string, ...dependsOn: string[]) => ({ id, dependsOn });
const graph = [node("a"), node("b", "a"), node("c", "a"), node("d", "b", "c"), node("e")];

describe("a graph of work", () => {
  it("does each after those it depends on, and no more at once than allowed", async () => {
    const done: string[] = [];
    let [running, most] = [0, 0];
    const work = async ({ id, dependsOn }: (typeof graph)[number]) => {
      expect(done).toEqual(expect.arrayContaining(dependsOn));
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      done.push(id);
    };
    await runGraph(graph, work, { concurrency: 2, signal });
    expect(done.toSorted()).toEqual(["a", "b", "c", "d", "e"]);
    expect(most).toBe(2);
  });

  it("keeps back only what depends on a failure", async () => {
    const work = async ({ id }: { readonly id: string }) => {
      if (id === "b") throw errors.TOOLKIT_TEST({});
    };
    const { done, failed, notStarted } = await runGraph(graph, work, { concurrency: 2, signal });
    expect([...done.keys()].toSorted()).toEqual(["a", "c", "e"]);
    expect([...failed.keys()]).toEqual(["b"]);
    expect(notStarted).toEqual(["d"]);
  });

  it("begins nothing once it is stopped, finishes what runs, and throws what nobody expects", async () => {
    const stop = new AbortController();
    const stopped = await runGraph(graph, async () => stop.abort(), { concurrency: 1, signal: stop.signal });
    expect([...stopped.done.keys()]).toEqual(["a"]);
    const bug = runGraph(graph, () => Promise.reject(new TypeError("a bug")), { concurrency: 2, signal });
    await expect(bug).rejects.toThrow("a bug");
  });
});

describe("waves", () => {
  it.each([
    [[1, "10%", "rest"], 100, [1, 10, 89]],
    [[1, "10%", "rest"], 1, [1]],
    [[1, "10%", "rest"], 2, [1, 1]],
    [[5], 12, [5, 7]],
    [[], 3, [3]],
    [["50%", "50%"], 3, [2, 1]],
  ] as const)("of sizes %j are, of %i tenants, %j", (sizes, count, expected) => {
    const all = Array.from({ length: count }, (_, index) => index);
    const waves = wavesOf(all, sizes);
    expect(waves.map(({ length }) => length)).toEqual(expected);
    expect(waves.flat()).toEqual(all);
  });
});
