import { expect, test } from "vitest";
import { parseExposition } from "./strict-exposition.ts";

const good = `# HELP a_total Things.
# TYPE a_total counter
a_total{x="1",y="a\\"b"} 3
a_total{x="2",y=""} 4
# HELP d_seconds Time.
# TYPE d_seconds histogram
d_seconds_bucket{le="0.1"} 1
d_seconds_bucket{le="+Inf"} 2
d_seconds_sum 0.3
d_seconds_count 2
`;

test("the strict reader takes what is right", () => {
  const families = parseExposition(good);
  expect([...families.keys()]).toEqual(["a_total", "d_seconds"]);
  expect(families.get("a_total")?.samples[0]?.labels).toEqual({ x: "1", y: 'a"b' });
});

test.each([
  ["a series twice", good.replace('x="2",y=""', 'x="1",y="a\\"b"')],
  ["a metric twice", good + good],
  ["a series without its metric", `b_total 1\n${good}`],
  ["a label without quotes", good.replace('x="1"', "x=1")],
  ["a label twice", good.replace('y=""', 'x="2"')],
  ["a line end in a label", good.replace('y=""', 'y="\n"')],
  ["no type", good.replace("# TYPE a_total counter\n", "")],
  ["a counter below zero", good.replace("} 3", "} -3")],
  ["no number", good.replace("} 3", "} three")],
  ["buckets that fall", good.replace('le="0.1"} 1', 'le="0.1"} 5')],
  ["no last bucket", good.replace('d_seconds_bucket{le="+Inf"} 2\n', "")],
  ["a count that is not the last bucket's", good.replace("count 2", "count 3")],
  ["no sum", good.replace("d_seconds_sum 0.3\n", "")],
  ["no end of the last line", good.trimEnd()],
])("the strict reader refuses %s", (_, text) => {
  expect(() => parseExposition(text)).toThrow(/twice|no metric|not a series|no type|counts|order|end|sum/);
});
