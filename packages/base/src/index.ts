export { assert, AssertionError, unreachable } from "./assert.ts";
export { type Clock, ManualClock, systemClock } from "./clock.ts";
export {
  CodedError,
  defineErrors,
  type ErrorEntry,
  type ErrorFactories,
  isCodedError,
} from "./coded-error.ts";
export { DeadlineLine, type DeadlineLineOptions, type DeadlinePlace } from "./deadline-line.ts";
export { deepFreeze, type DeepReadonly } from "./deep-freeze.ts";
export { type Random, seededRandom, systemRandom } from "./random.ts";
export { stableJson } from "./stable-json.ts";
