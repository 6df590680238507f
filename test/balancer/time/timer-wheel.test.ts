import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { after } from "../../../src/balancer/time/clock.ts";
import { type Timed, TimerWheel } from "../../../src/balancer/time/timer-wheel.ts";

afterEach(() => {
  vi.useRealTimers();
});

class Entry implements Timed {
  bucket: Set<Timed> | undefined = undefined;
  firedAt: number[] = [];
  again: number | undefined = undefined;
  due(now: number): number | undefined {
    this.firedAt.push(now);
    return this.again;
  }
}

test("entries are looked at when due, at most one tick late, and never before", () => {
  const deadlines = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(deadlines, (all) => {
      let clock = 0;
      const wheel = new TimerWheel(200, () => clock);
      const entries = all.map((at) => {
        const entry = new Entry();
        wheel.schedule(entry, at);
        return { at, entry };
      });
      for (; clock <= 21_000; clock += 200) wheel.advance();
      for (const { at, entry } of entries) {
        expect(entry.firedAt).toHaveLength(1);
        expect(entry.firedAt[0]).toBeGreaterThanOrEqual(at);
        expect(entry.firedAt[0]).toBeLessThanOrEqual(at + 400);
      }
      expect(wheel.size).toBe(0);
    }),
  );
});

test("an entry may ask to be looked at later, be moved, and be cancelled", () => {
  let clock = 0;
  const wheel = new TimerWheel(100, () => clock);
  const [later, moved, cancelled] = [new Entry(), new Entry(), new Entry()];
  later.again = 1000;
  wheel.schedule(later, 300);
  wheel.schedule(moved, 300);
  wheel.schedule(moved, 700);
  wheel.schedule(cancelled, 300);
  wheel.cancel(cancelled);
  for (; clock <= 900; clock += 100) wheel.advance();
  expect([later.firedAt, moved.firedAt, cancelled.firedAt]).toEqual([[300], [700], []]);
  later.again = undefined;
  for (; clock <= 1200; clock += 100) wheel.advance();
  expect(later.firedAt).toEqual([300, 1000]);
});

test("a suspended machine or a stopped process finds its connections no older than two ticks more (R35)", () => {
  let clock = 0;
  const wheel = new TimerWheel(200, () => clock);
  const entry = new Entry();
  wheel.schedule(entry, 60_000);
  clock = 12 * 3_600_000;
  wheel.advance();
  expect(entry.firedAt).toEqual([]);
  expect(wheel.now).toBe(400);
  clock -= 1_000_000;
  wheel.advance();
  expect(wheel.now).toBe(400);
});

test("time-outs of an hour or of thirty days fire when they should: no timer beyond 2^31 ms is asked of Node (R35)", () => {
  vi.useFakeTimers();
  const fired: string[] = [];
  after(3600, () => fired.push("hour"));
  after(30 * 86_400, () => fired.push("month"));
  vi.advanceTimersByTime(1);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(3_600_000);
  expect(fired).toEqual(["hour"]);
  vi.advanceTimersByTime(86_400_000);
  expect(fired).toEqual(["hour"]);
  let clock = 0;
  const wheel = new TimerWheel(200, () => clock);
  const entry = new Entry();
  wheel.schedule(entry, 3_600_000);
  while (clock < 3_599_800) {
    clock += 200;
    wheel.advance();
  }
  expect(entry.firedAt).toEqual([]);
  clock += 400;
  wheel.advance();
  expect(entry.firedAt).toHaveLength(1);
});
