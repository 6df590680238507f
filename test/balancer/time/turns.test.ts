import { describe, expect, test } from "vitest";
import { atOnce, Turns, type Work } from "../../../src/balancer/time/turns.ts";

/** Time that passes only when work is done or waited for; whoever waits is called in the order of time. */
function world() {
  let now = 0;
  const waiting: { at: number; callback: () => void }[] = [];
  return {
    clock: () => now,
    later: (callback: () => void, milliseconds: number) =>
      void waiting.push({ at: now + milliseconds, callback }),
    works: (milliseconds: number) => {
      now += milliseconds;
    },
    get now() {
      return now;
    },
    /** Until nobody waits any more. */
    pass: () => {
      for (;;) {
        const next = waiting.sort((a, b) => a.at - b.at).shift();
        if (next === undefined) return;
        now = Math.max(now, next.at);
        next.callback();
      }
    },
  };
}

describe("turns", () => {
  test("short acts are done at once; much work gets a fifth of the time, 2 ms and a step at a time", async () => {
    const time = world();
    const turns = new Turns(time);
    let done = false;
    turns.soon(() => {
      done = true;
    });
    expect(done).toBe(true);
    const slices: number[] = [];
    let last = Number.NaN;
    function* hundredMilliseconds(): Work<string> {
      for (let step = 0; step < 1000; step++) {
        if (time.now !== last) slices.push(0);
        time.works(0.1);
        last = time.now;
        slices[slices.length - 1] = (slices.at(-1) ?? 0) + 0.1;
        yield;
      }
      return "made";
    }
    const made = turns.run(hundredMilliseconds());
    time.pass();
    expect(await made).toBe("made");
    expect(Math.max(...slices)).toBeLessThan(2.2);
    expect(time.now).toBeGreaterThan(450);
    expect(time.now).toBeLessThan(600);
  });

  test("what is urgent comes before all the rest, within 20 ms however long a step took", () => {
    const time = world();
    const turns = new Turns(time);
    function* endless(): Work<void> {
      for (let step = 0; step < 100; step++) {
        time.works(40);
        yield;
      }
    }
    void turns.run(endless());
    const asked = time.now;
    let answered = Number.NaN;
    turns.urgent(() => {
      answered = time.now;
    });
    time.pass();
    expect(answered - asked).toBeLessThanOrEqual(20);
  });

  test("work that fails fails for its own client; the others go on", async () => {
    const time = world();
    const turns = new Turns(time);
    function* failing(): Work<void> {
      yield;
      throw new Error("no");
    }
    const failed = turns.run(failing());
    const fine = turns.run(counting(3));
    time.pass();
    await expect(failed).rejects.toThrow("no");
    expect(await fine).toBe(3);
  });

  test("atOnce does all steps", () => {
    expect(atOnce(counting(5))).toBe(5);
  });
});

function* counting(to: number): Work<number> {
  for (let at = 0; at < to; at++) yield;
  return to;
}
