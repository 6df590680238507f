import { describe, expect, test } from "vitest";
import { SearchBudget } from "../../../../src/balancer/session/calls/search-budget.ts";
import { RunningClock } from "../../../../src/balancer/session/clock.ts";
import { GoneHandles } from "../../../../src/balancer/session/load/gone-handles.ts";

function budget(burst?: number, perSecond = 1) {
  let now = 0;
  const clock = new RunningClock(() => now);
  const searches = new SearchBudget(clock, burst === undefined ? undefined : { burst, perSecond });
  const started: string[] = [];
  return {
    searches,
    started,
    turn: (purse: ReturnType<SearchBudget["purse"]>, name: string) =>
      searches.turn(purse, () => void started.push(name)),
    pass: (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        now += 1000;
        clock.tick();
        searches.tick();
      }
    },
  };
}

describe("the budget of searches", () => {
  test("a connection has its burst at once, and then so many per second, in order", () => {
    const { searches, started, turn, pass } = budget(2, 1);
    const purse = searches.purse();
    const turns = ["a", "b", "c", "d"].map((name) => turn(purse, name));
    expect(turns.map((each) => each.waiting)).toEqual([false, false, true, true]);
    pass(1);
    expect(started).toEqual(["a", "b", "c"]);
    pass(1);
    expect(started).toEqual(["a", "b", "c", "d"]);
  });

  test("what has not been spent is kept up to the burst", () => {
    const { searches, turn, pass } = budget(2, 1);
    const purse = searches.purse();
    pass(100);
    expect([1, 2, 3].map((n) => turn(purse, `${n}`).waiting)).toEqual([false, false, true]);
  });

  test("is as many per second as it says", () => {
    const { searches, started, turn, pass } = budget(1, 3);
    const purse = searches.purse();
    for (let i = 0; i < 9; i++) turn(purse, `${i}`);
    pass(1);
    // Its burst is 1: what comes between two ticks is not kept.
    expect(started).toHaveLength(2);
  });

  test("is 500 at once and 10 a second for a connection, if nothing else is said", () => {
    const { searches, started, turn, pass } = budget();
    const purse = searches.purse();
    for (let i = 0; i < 520; i++) turn(purse, `${i}`).end();
    expect(started).toHaveLength(500);
    const later = Array.from({ length: 20 }, (_, i) => turn(purse, `${i}`));
    pass(1);
    expect(later.filter((each) => !each.waiting)).toHaveLength(0);
    expect(started).toHaveLength(510);
  });

  test("is 5,000 at once and 200 a second for all connections together", () => {
    const { searches, started, turn, pass } = budget();
    for (let i = 0; i < 5001; i++) turn(searches.purse(), `${i}`).end();
    expect(started).toHaveLength(5000);
    pass(1);
    for (let i = 0; i < 300; i++) turn(searches.purse(), `${i}`).end();
    expect(started).toHaveLength(5200);
  });

  test("one that waits and is not wanted any more never starts, and costs nothing", () => {
    const { searches, started, turn, pass } = budget(1, 1);
    const purse = searches.purse();
    turn(purse, "a");
    turn(purse, "b").end();
    turn(purse, "c");
    pass(1);
    expect(started).toEqual(["a", "c"]);
  });

  test("64 are under way at most, of all connections: the next begins when one is over", () => {
    const { searches, started, turn } = budget(1, 1);
    const turns = Array.from({ length: 66 }, (_, i) => turn(searches.purse(), `${i}`));
    expect(started).toHaveLength(64);
    turns[0]?.end();
    expect(started).toHaveLength(65);
    turns[65]?.end();
    turns[1]?.end();
    expect(started).toHaveLength(65);
  });
});

describe("handles that are gone", () => {
  test("are remembered for their time, by the last that said so", () => {
    const gone = new GoneHandles();
    gone.remember("h", "a", 0, 10);
    gone.remember("h", "b", 0, 10);
    expect(gone.find("h", 9999)).toBe("b");
    expect(gone.find("h", 10_000)).toBeUndefined();
    expect(gone.find("h", 0)).toBeUndefined();
  });

  test("are 20,000 at most: the oldest goes first", () => {
    const gone = new GoneHandles();
    for (let i = 0; i < 20_001; i++) gone.remember(`${i}`, "a", 0, 10);
    expect(gone.find("0", 0)).toBeUndefined();
    expect(gone.find("1", 0)).toBe("a");
    expect(gone.find("20000", 0)).toBe("a");
  });
});
