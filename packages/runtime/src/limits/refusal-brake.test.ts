import { ManualClock } from "@tenantry/base";
import { expect, test } from "vitest";
import { RefusalBrake } from "./refusal-brake.ts";

function brakeOf() {
  const clock = new ManualClock();
  return { clock, brake: new RefusalBrake({ clock, promptMax: 3, heldMax: 2, holdMs: 1_000 }) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a few refusals in a second are prompt, those beyond are held, and who has too many loses the connection", () => {
  const { brake } = brakeOf();
  const brakings = Array.from({ length: 7 }, () => {
    const braking = brake.brakingOf("greedy");
    if (braking === "held") brake.hold(() => undefined);
    return braking;
  });
  expect(brakings).toEqual(["prompt", "prompt", "prompt", "held", "held", "closing", "closing"]);
  expect(brake.brakingOf("modest")).toBe("prompt");
});

test("the next second begins anew", () => {
  const { brake, clock } = brakeOf();
  for (let index = 0; index < 5; index += 1) brake.brakingOf("greedy");
  clock.advance(1_000);
  expect(brake.brakingOf("greedy")).toBe("prompt");
});

test("what is held is answered when its time is up, and makes room for others", async () => {
  const { brake, clock } = brakeOf();
  let answered = 0;
  brake.hold(() => (answered += 1));
  const leave = brake.hold(() => (answered += 1));
  expect(brake.held).toBe(2);
  leave();
  leave();
  expect(brake.held).toBe(1);
  clock.advance(999);
  await turn();
  expect(answered).toBe(0);
  clock.advance(1);
  await turn();
  expect([answered, brake.held]).toEqual([1, 0]);
});
