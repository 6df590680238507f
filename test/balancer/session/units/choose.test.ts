import { describe, expect, test } from "vitest";
import type { BackendView } from "../../../../src/balancer/session/contract.ts";
import { chooseForSession, type Load } from "../../../../src/balancer/session/load/choose.ts";

describe("choosing the backend of a new session", () => {
  const view = (name: string, change: Partial<BackendView> = {}): BackendView => ({
    name,
    address: `${name}:1`,
    weight: 1,
    backup: false,
    usable: true,
    reachable: true,
    ...change,
  });
  const loads = (table: Record<string, Partial<Load>>) => (name: string) => ({
    sessions: 0,
    operations: 0,
    lastChosen: 0,
    ...table[name],
  });
  const choose = (backends: BackendView[], table: Record<string, Partial<Load>> = {}, except?: string[]) =>
    chooseForSession(backends, loads(table), except && new Set(except))?.name;

  test("the fewest sessions", () => {
    expect(
      choose([view("a"), view("b"), view("c")], {
        a: { sessions: 3 },
        b: { sessions: 1 },
        c: { sessions: 2 },
      }),
    ).toBe("b");
  });
  test("ties by the fewest running operations, then by who has waited longest", () => {
    const three = [view("a"), view("b"), view("c")];
    expect(choose(three, { a: { operations: 2 }, b: { operations: 1 }, c: { operations: 2 } })).toBe("b");
    expect(choose(three, { a: { lastChosen: 9 }, b: { lastChosen: 7 }, c: { lastChosen: 8 } })).toBe("b");
    expect(choose(three)).toBe("a");
  });
  test("by weight, also when all are empty", () => {
    const two = [view("a"), view("b", { weight: 3 })];
    expect(choose(two)).toBe("b");
    expect(choose(two, { b: { sessions: 2 } })).toBe("a");
    expect(choose(two, { a: { sessions: 1 }, b: { sessions: 3 } })).toBe("b");
    expect(choose([view("a", { weight: 0.01 }), view("b")], { b: { sessions: 50 } })).toBe("b");
  });
  test("operations count by weight too", () => {
    const two = [view("a", { weight: 2 }), view("b", { weight: 1 })];
    expect(choose(two, { a: { sessions: 1, operations: 5 }, b: { operations: 4 } })).toBe("a");
  });
  test("not the unusable, not those of weight 0, not those that have refused", () => {
    expect(choose([view("a", { usable: false }), view("b")])).toBe("b");
    expect(choose([view("a", { weight: 0 }), view("b")])).toBe("b");
    expect(choose([view("a"), view("b")], {}, ["a"])).toBe("b");
    expect(choose([view("a", { weight: 0 })])).toBeUndefined();
    expect(choose([])).toBeUndefined();
  });
  test("backups only when nothing else is usable", () => {
    expect(choose([view("a", { backup: true }), view("b")], { b: { sessions: 99 } })).toBe("b");
    expect(choose([view("a", { backup: true }), view("b", { usable: false })])).toBe("a");
    expect(choose([view("a", { backup: true }), view("b")], {}, ["b"])).toBe("a");
  });
});
