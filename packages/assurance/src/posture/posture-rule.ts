import { type Finding, notApplicable, type Rule } from "../rule.ts";
import { boundFindings } from "./bound-findings.ts";
import type { Posture } from "./read-posture.ts";

/** A rule about what is shipped as a whole. */
export type PostureRule = Rule<readonly [Posture]>;

/** What a rule looks at, and what it says of each. */
export interface PostureRuleOf<Thing> {
  /** Kebab-case, without the theme. */
  readonly name: string;
  readonly why: string;
  readonly fix: string;
  /** What it looks at, in the plural, such as "buckets". */
  readonly things: string;
  readonly find: (posture: Posture) => readonly Thing[];
  readonly judge: (thing: Thing, posture: Posture) => readonly Finding[];
}

/** A rule that looks at every thing of a kind, and says so where there is none. */
export function postureRule<Thing>({
  name,
  why,
  fix,
  things,
  find,
  judge,
}: PostureRuleOf<Thing>): PostureRule {
  return {
    id: `posture/${name}`,
    why,
    fix,
    judge: (posture) => {
      const found = find(posture);
      if (found.length === 0)
        return [notApplicable(posture.shipment.environment, `no ${things} are shipped`)];
      return boundFindings(found.flatMap((thing) => judge(thing, posture)));
    },
  };
}
