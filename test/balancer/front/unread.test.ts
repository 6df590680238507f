import { expect, test } from "vitest";
import { UnreadBudget } from "../../../src/balancer/front/unread.ts";

const KB = 1024;

class Reader {
  ended: string | undefined;
  end(termination: string): void {
    this.ended = termination;
  }
}

test("when the budget is spent, who has read nothing for longest is ended, and no more than needed", () => {
  const budget = new UnreadBudget(500 * KB);
  const [a, b, c, d] = [new Reader(), new Reader(), new Reader(), new Reader()];
  budget.hold(a, 100 * KB);
  budget.hold(b, 50 * KB);
  budget.hold(c, 50 * KB);
  // More of the same wait, and it still waits since then.
  budget.hold(a, 125 * KB);
  expect([a, b, c].map((each) => each.ended)).toEqual([undefined, undefined, undefined]);
  expect(budget.bytes).toBe(450 * KB);
  budget.hold(d, 50 * KB);
  expect([a, b, c, d].map((each) => each.ended)).toEqual(["RD", undefined, undefined, undefined]);
  expect(budget.bytes).toBe(300 * KB);
});

test("who reads leaves the budget, and comes back as the last", () => {
  const budget = new UnreadBudget(500 * KB);
  const [a, b, c] = [new Reader(), new Reader(), new Reader()];
  budget.hold(a, 100 * KB);
  budget.hold(b, 100 * KB);
  budget.release(a);
  budget.hold(a, 100 * KB);
  budget.hold(c, 100 * KB);
  expect([a, b, c].map((each) => each.ended)).toEqual([undefined, "RD", undefined]);
  for (const each of [a, b, c]) budget.release(each);
  expect(budget.bytes).toBe(0);
});

test("small reads go into the shared buffer: only what waits counts", () => {
  const budget = new UnreadBudget(500 * KB);
  budget.hold(new Reader(), 16 * KB);
  expect(budget.bytes).toBe(16 * KB);
  budget.hold(new Reader(), 17 * KB);
  expect(budget.bytes).toBe(50 * KB);
});
