// Goal: a solver that knows nothing of how patterns are compared here says the same of random patterns, for all pairs of ids.
import { seededRandom } from "@tenantry/base";
import { expect, test } from "vitest";
import { init } from "z3-solver";
import { canMeet } from "../../packages/assurance/src/isolation/words/can-meet.ts";
import {
  type Pattern,
  type PatternPart,
  patternText,
} from "../../packages/assurance/src/isolation/words/pattern.ts";

const lengthMax = 6;
const count = 240;
/** Steps of the solver. What it cannot decide in as many is left out, and counted: the same on any machine, unlike a time. */
const stepsMax = 150_000;

const word = '(re.++ (re.range "a" "z") (re.* (re.union (re.range "a" "z") (re.range "0" "9"))))';
const more = '(re.* (re.++ (str.to_re "-") (re.+ (re.union (re.range "a" "z") (re.range "0" "9")))))';

const isId = (name: string): string =>
  `(assert (str.in_re ${name} (re.++ ${word} ${more})))(assert (and (<= 3 (str.len ${name})) (<= (str.len ${name}) ${lengthMax})))`;

function randomPattern(next: (below: number) => number): Pattern {
  return Array.from({ length: 1 + next(4) }, (): PatternPart => {
    const kind = next(9);
    if (kind < 3) return { kind: "tenant-id", tenant: next(2) === 0 ? "a" : "b" };
    if (kind < 6)
      return {
        kind: "text",
        text: Array.from({ length: 1 + next(2) }, () => "xx1--/"[next(6)] ?? "").join(""),
      };
    return { kind: kind < 8 ? "any-text" : "any-character" };
  });
}

/** A pattern as a term, with a variable for each wildcard. */
function termOf(pattern: Pattern, prefix: string): { readonly term: string; readonly declarations: string } {
  let declarations = "";
  const terms = pattern.map((part, index) => {
    if (part.kind === "text") return `"${part.text}"`;
    if (part.kind === "tenant-id") return part.tenant;
    const name = `${prefix}${index}`;
    declarations += `(declare-const ${name} String)`;
    if (part.kind === "any-character") declarations += `(assert (= (str.len ${name}) 1))`;
    else declarations += `(assert (<= (str.len ${name}) 40))`;
    return name;
  });
  return { term: `(str.++ "" "" ${terms.join(" ")})`, declarations };
}

test("z3 agrees on random pairs of patterns", { timeout: 600_000 }, async ({ annotate }) => {
  const { Z3 } = await init();
  const random = seededRandom(20_260);
  const next = (below: number): number => random.below(below);
  const counts = { never: 0, meet: 0, undecided: 0, wrong: [] as string[] };
  for (let round = 0; round < count; round++) {
    const [one, other] = [randomPattern(next), randomPattern(next)];
    const left = termOf(one, "l");
    const right = termOf(other, "r");
    const context = Z3.mk_context(Z3.mk_config());
    const answer = await Z3.eval_smtlib2_string(
      context,
      `(set-option :rlimit ${stepsMax})(declare-const a String)(declare-const b String)${isId("a")}${isId("b")}
       (assert (not (= a b)))${left.declarations}${right.declarations}(assert (= ${left.term} ${right.term}))(check-sat)`,
    );
    Z3.del_context(context);
    const found = canMeet(one, other, { lengthMax });
    const said = answer.trim();
    if (said !== "sat" && said !== "unsat") {
      counts.undecided++;
      continue;
    }
    if ((said === "sat") !== (found.kind === "meet") || found.kind === "unknown")
      counts.wrong.push(`${patternText(one)} | ${patternText(other)}: ${said}, ${JSON.stringify(found)}`);
    else counts[found.kind]++;
  }
  expect(counts.wrong).toEqual([]);
  // How many were compared is part of what the test says.
  await annotate(`${counts.never} never, ${counts.meet} meet, ${counts.undecided} undecided by z3`);
  expect(counts.never + counts.meet).toBeGreaterThan(200);
  expect(Math.min(counts.never, counts.meet)).toBeGreaterThan(30);
});
