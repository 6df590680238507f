import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SessionTable } from "../../../../src/balancer/session/load/table.ts";

const MINUTE = 60_000;

describe("the session table", () => {
  test("knows the owner of a session and of its operations", () => {
    const table = new SessionTable();
    table.addSession("s", "a", 0);
    table.addOperation("o", "a", "s", 0);
    expect(table.find("s", 0)).toEqual({ backend: "a", kind: "session", lost: false });
    expect(table.find("o", 0)).toEqual({ backend: "a", kind: "operation", lost: false });
    expect(table.find("x", 0)).toBeUndefined();
    expect([table.sessions("a"), table.operations("a")]).toEqual([1, 1]);
    expect([table.sessions("b"), table.operations("b")]).toEqual([0, 0]);
    expect(table.size).toEqual({ sessions: 1, operations: 1 });
  });

  test("forgets a session with all its operations, and an operation alone", () => {
    const table = new SessionTable();
    table.addSession("s", "a", 0);
    table.addSession("t", "a", 0);
    for (const key of ["1", "2", "3"]) table.addOperation(key, "a", "s", 0);
    table.addOperation("4", "a", "t", 0);
    expect(table.remove("2")).toBe(true);
    expect(table.size).toEqual({ sessions: 2, operations: 3 });
    expect(table.remove("s")).toBe(true);
    expect(table.size).toEqual({ sessions: 1, operations: 1 });
    expect(table.find("4", 0)?.backend).toBe("a");
    expect(table.remove("s")).toBe(false);
    expect([table.sessions("a"), table.operations("a")]).toEqual([1, 1]);
  });

  test("tells once that a backend's last session is gone, and nothing of one that had none", () => {
    const table = new SessionTable();
    const empty: string[] = [];
    table.onEmpty = (backend) => void empty.push(backend);
    table.addOperation("alone", "a", undefined, 0);
    table.lose("a");
    table.addOperation("again", "b", undefined, 0);
    table.remove("again");
    expect(empty).toEqual([]);
    table.addSession("s", "b", 0);
    table.addSession("t", "b", 0);
    table.addOperation("o", "b", "t", 0);
    table.remove("s");
    table.remove("o");
    expect(empty).toEqual([]);
    table.remove("t");
    expect(empty).toEqual(["b"]);
    table.addSession("u", "b", 0);
    table.lose("b");
    expect(empty).toEqual(["b", "b"]);
  });

  test("keeps an operation whose session it does not know", () => {
    const table = new SessionTable();
    table.addOperation("o", "a", "unknown", 0);
    table.addOperation("p", "a", undefined, 0);
    expect(table.find("o", 0)?.backend).toBe("a");
    expect(table.remove("o") && table.remove("p")).toBe(true);
    expect(table.operations("a")).toBe(0);
  });

  test("does not count twice what it hears of twice, and moves what is found elsewhere", () => {
    const table = new SessionTable();
    table.addSession("s", "a", 0);
    table.addSession("s", "a", 0);
    table.addOperation("o", "a", "s", 0);
    table.addOperation("o", "a", "s", 0);
    expect([table.sessions("a"), table.operations("a")]).toEqual([1, 1]);
    table.addSession("s", "b", 0);
    table.addOperation("o", "b", "s", 0);
    expect([table.sessions("a"), table.operations("a")]).toEqual([0, 0]);
    expect([table.sessions("b"), table.operations("b")]).toEqual([1, 1]);
    table.remove("s");
    expect([table.sessions("b"), table.operations("b")]).toEqual([0, 0]);
  });

  test("stops counting after 15 minutes without a call, and counts again with the next", () => {
    const table = new SessionTable();
    table.addSession("s", "a", 0);
    table.addOperation("o", "a", "s", 0);
    table.sweep(15 * MINUTE - 1);
    expect([table.sessions("a"), table.operations("a")]).toEqual([1, 1]);
    table.sweep(15 * MINUTE);
    expect([table.sessions("a"), table.operations("a")]).toEqual([0, 0]);
    table.sweep(16 * MINUTE);
    expect([table.sessions("a"), table.operations("a")]).toEqual([0, 0]);
    expect(table.find("s", 16 * MINUTE)).toEqual({ backend: "a", kind: "session", lost: false });
    expect([table.sessions("a"), table.operations("a")]).toEqual([1, 0]);
    expect(table.find("o", 16 * MINUTE)?.kind).toBe("operation");
    expect([table.sessions("a"), table.operations("a")]).toEqual([1, 1]);
    table.sweep(30 * MINUTE);
    expect([table.sessions("a"), table.operations("a")]).toEqual([1, 1]);
  });

  test("a session whose query is polled is in use", () => {
    const table = new SessionTable();
    table.addSession("s", "a", 0);
    table.addOperation("o", "a", "s", 0);
    table.find("o", 10 * MINUTE);
    table.sweep(20 * MINUTE);
    expect(table.sessions("a")).toBe(1);
    table.sweep(25 * MINUTE);
    expect(table.sessions("a")).toBe(0);
  });

  test("forgets after twelve hours without a call", () => {
    const table = new SessionTable();
    table.addSession("s", "a", 0);
    table.addOperation("o", "a", undefined, 0);
    table.sweep(12 * 60 * MINUTE - 1);
    expect(table.size).toEqual({ sessions: 1, operations: 1 });
    table.sweep(12 * 60 * MINUTE);
    expect(table.size).toEqual({ sessions: 0, operations: 0 });
  });

  test("a lost backend's sessions are remembered as lost and not counted, until they are seen alive", () => {
    const table = new SessionTable();
    table.addSession("s", "a", 0);
    table.addSession("t", "a", 0);
    table.addOperation("o", "a", "s", 0);
    table.lose("a");
    table.lose("a");
    table.lose("never heard of");
    expect([table.sessions("a"), table.operations("a")]).toEqual([0, 0]);
    expect(table.find("s", 0)).toEqual({ backend: "a", kind: "session", lost: true });
    expect(table.sessions("a")).toBe(0);
    table.addSession("s", "a", 0);
    expect(table.find("s", 0)).toMatchObject({ lost: false });
    expect(table.sessions("a")).toBe(1);
    table.remove("t");
    table.remove("o");
    expect([table.sessions("a"), table.operations("a")]).toEqual([1, 0]);
    table.sweep(20 * MINUTE);
    table.lose("a");
    expect(table.find("s", 21 * MINUTE)?.lost).toBe(false);
  });

  test("a lost session that is swept and used again does not spoil the count", () => {
    const table = new SessionTable();
    table.addSession("s", "a", 0);
    table.lose("a");
    table.sweep(20 * MINUTE);
    table.find("s", 20 * MINUTE);
    expect(table.sessions("a")).toBe(0);
    table.remove("s");
    expect(table.sessions("a")).toBe(0);
  });

  test("a full table drops what has not been used for longest, but spares what has been used lately", () => {
    const table = new SessionTable({ maxSessions: 3, maxOperations: 2 });
    table.addSession("old", "a", 0);
    table.addSession("used", "a", 0);
    table.addSession("new", "a", 0);
    table.find("old", 20 * MINUTE);
    table.addSession("more", "a", 20 * MINUTE);
    expect(table.size.sessions).toBe(3);
    expect(table.evicted).toBe(1);
    expect(table.find("used", 20 * MINUTE)).toBeUndefined();
    expect(table.find("old", 20 * MINUTE)).toBeDefined();
    for (const key of ["1", "2", "3"]) table.addOperation(key, "a", "more", 20 * MINUTE);
    expect(table.size.operations).toBe(2);
    expect(table.operations("a")).toBe(2);
    expect(table.evicted).toBe(2);
    table.remove("more");
    expect(table.size.operations).toBe(0);
  });

  test("does not look for a victim for ever", () => {
    const table = new SessionTable({ maxSessions: 1000 });
    for (let i = 0; i < 3000; i++) table.addSession(`s${i}`, "a", 0);
    expect(table.size.sessions).toBe(1000);
    expect(table.sessions("a")).toBe(1000);
    expect(table.evicted).toBe(2000);
  });

  test("its counts are those of its entries, whatever happens", () => {
    const key = fc.constantFrom("1", "2", "3", "4", "5");
    const backend = fc.constantFrom("a", "b");
    const step = fc.oneof(
      fc.tuple(fc.constant("session" as const), key, backend),
      fc.tuple(fc.constant("operation" as const), key, backend),
      fc.tuple(fc.constant("remove" as const), key, backend),
      fc.tuple(fc.constant("find" as const), key, backend),
      fc.tuple(fc.constant("lose" as const), key, backend),
      fc.tuple(fc.constant("sweep" as const), key, backend),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.nat(20)), { maxLength: 60 }), (steps) => {
        const table = new SessionTable({ maxSessions: 4, maxOperations: 4 });
        let now = 0;
        for (const [[what, name, home], minutes] of steps) {
          now += minutes * MINUTE;
          if (what === "session") table.addSession(`s${name}`, home, now);
          else if (what === "operation") table.addOperation(`o${name}`, home, `s${name}`, now);
          else if (what === "remove") table.remove(`s${name}`) || table.remove(`o${name}`);
          else if (what === "find") table.find(`o${name}`, now);
          else if (what === "lose") table.lose(home);
          else table.sweep(now);
          for (const each of ["a", "b"]) {
            expect(table.sessions(each)).toBeGreaterThanOrEqual(0);
            expect(table.operations(each)).toBeGreaterThanOrEqual(0);
          }
          expect(table.sessions("a") + table.sessions("b")).toBeLessThanOrEqual(table.size.sessions);
          expect(table.operations("a") + table.operations("b")).toBeLessThanOrEqual(table.size.operations);
          expect(table.size.sessions).toBeLessThanOrEqual(4);
        }
        // What is used now and not lost is counted; all the rest ends when it is old.
        for (const name of ["1", "2", "3", "4", "5"]) {
          for (const found of [`s${name}`, `o${name}`]) {
            const owner = table.find(found, now);
            if (owner?.lost === false) {
              const count =
                owner.kind === "session" ? table.sessions(owner.backend) : table.operations(owner.backend);
              expect(count).toBeGreaterThan(0);
            }
          }
        }
        table.sweep(now + 13 * 60 * MINUTE);
        expect(table.size).toEqual({ sessions: 0, operations: 0 });
        for (const each of ["a", "b"]) expect([table.sessions(each), table.operations(each)]).toEqual([0, 0]);
      }),
      { numRuns: process.env["STRYKER_MUTATOR_WORKER"] === undefined ? 500 : 50 },
    );
  });
});
