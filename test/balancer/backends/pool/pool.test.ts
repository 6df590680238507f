import fc from "fast-check";
import { expect, test } from "vitest";
import { BALANCES } from "../../../../src/balancer/algorithms/table.ts";
import { type Member, Pool } from "../../../../src/balancer/backends/pool/pool.ts";
import { StickTable } from "../../../../src/balancer/backends/pool/stick-table.ts";

interface Server extends Member {
  active: number;
}

const server = (name: string, more: Partial<Server> = {}): Server => ({
  name,
  weight: 1,
  active: 0,
  halfClosed: 0,
  rampFrom: undefined,
  backup: false,
  usable: true,
  maxConnections: 0,
  ...more,
});
const NOBODY: ReadonlySet<string> = new Set();
const choose = (
  pool: Pool<Server>,
  servers: readonly Server[],
  source = "10.0.0.1",
  now = 0,
  tried = NOBODY,
) => pool.choose(servers, { source, tried, now });
const names = (pool: Pool<Server>, servers: readonly Server[], times: number, hold = false): string => {
  let out = "";
  for (let index = 0; index < times; index++) {
    const choice = choose(pool, servers);
    if (choice.kind !== "chosen") return `${out}!`;
    out += choice.backend.name;
    if (hold) choice.backend.active++;
  }
  return out;
};

const servers: fc.Arbitrary<Server[]> = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("a", "b", "c", "d", "e", "f", "g"),
    weight: fc.integer({ min: 0, max: 10 }),
    active: fc.integer({ min: 0, max: 20 }),
    halfClosed: fc.constant(0),
    rampFrom: fc.constantFrom(undefined, 0, 30_000, 59_000),
    backup: fc.boolean(),
    usable: fc.boolean(),
    maxConnections: fc.constantFrom(0, 5, 10),
  }),
  { selector: (each) => each.name, maxLength: 7 },
);
const balances = fc.constantFrom(...BALANCES);

test("any algorithm, any state: chooses only usable backends with weight and a free slot, backups only without an active one that is left to try", () => {
  fc.assert(
    fc.property(
      balances,
      servers,
      fc.subarray(["a", "b", "c", "d"]),
      fc.ipV4(),
      (balance, all, tried, source) => {
        const table = new StickTable({ expire: 1000, size: 10 });
        const pool = new Pool<Server>(balance, 60_000, table);
        const choice = choose(pool, all, source, 60_000, new Set(tried));
        const usable = all.filter((each) => each.usable && each.weight > 0);
        const level = usable.some((each) => !each.backup) ? usable.filter((each) => !each.backup) : usable;
        const untried = level.filter((each) => !tried.includes(each.name));
        const spare = usable.filter(
          (each) =>
            !level.includes(each) &&
            !tried.includes(each.name) &&
            (each.maxConnections === 0 || each.active < each.maxConnections),
        );
        const allowed = [untried, spare, level].find(({ length }) => length > 0) ?? [];
        const free = allowed.filter((each) => each.maxConnections === 0 || each.active < each.maxConnections);
        if (level.length === 0) expect(choice.kind).toBe("none");
        else if (free.length === 0) expect(choice.kind).toBe("full");
        else expect(choice.kind === "chosen" && free.includes(choice.backend)).toBe(true);
      },
    ),
    { numRuns: 3000 },
  );
});

test("full active backends spill over to backups, but never where a source has to stay where it is", () => {
  const full = (more: Partial<Server> = {}) => server("a", { active: 5, maxConnections: 5, ...more });
  const spare = server("spare", { backup: true, maxConnections: 1 });
  const chosen = (pool: Pool<Server>, all: readonly Server[], tried: string[] = []) => {
    const choice = choose(pool, all, "10.0.0.1", 0, new Set(tried));
    return choice.kind === "chosen" ? choice.backend.name : choice.kind;
  };
  for (const balance of ["leastconn", "roundrobin", "first"] as const) {
    const pool = new Pool<Server>(balance, 0);
    expect(chosen(pool, [full(), spare])).toBe("spare");
    expect(chosen(pool, [full({ active: 4 }), spare])).toBe("a");
    expect(chosen(pool, [full(), { ...spare, active: 1 }])).toBe("full");
    expect(chosen(pool, [full(), { ...spare, usable: false }])).toBe("full");
    expect(chosen(pool, [full(), spare], ["spare"])).toBe("full");
  }
  const sticky = new Pool<Server>("source", 0, new StickTable({ expire: 1000, size: 10 }));
  expect(chosen(sticky, [full(), spare])).toBe("full");
});

test("leastconn: ties in turn, fewest connections by weight first", () => {
  expect(names(new Pool("leastconn", 0), [server("a"), server("b"), server("c")], 6)).toBe("abcabc");
  expect(names(new Pool("leastconn", 0), [server("a", { active: 2 }), server("b", { active: 1 })], 1)).toBe(
    "b",
  );
  const weighted = [server("a"), server("b", { weight: 3 })];
  names(new Pool("leastconn", 0), weighted, 40, true);
  expect(weighted.map((each) => each.active)).toEqual([10, 30]);
});

test("leastconn: a connection in which one side has said its last does not count", () => {
  const ending = server("a", { active: 3, halfClosed: 3 });
  expect(names(new Pool("leastconn", 0), [ending, server("b", { active: 1 })], 1)).toBe("a");
  // It keeps its slot: the backend still has it.
  const full = server("a", { active: 3, halfClosed: 3, maxConnections: 3 });
  expect(names(new Pool("leastconn", 0), [full, server("b", { active: 1 })], 1)).toBe("b");
});

test("where every active backend has failed a connection a backup gets it, and all once more when that fails too", () => {
  for (const balance of BALANCES) {
    const pool = new Pool<Server>(balance, 0, new StickTable({ expire: 1000, size: 10 }));
    const all = [server("a"), server("b"), server("spare", { backup: true })];
    const chosen = (...tried: string[]) => {
      const choice = choose(pool, all, "10.0.0.1", 0, new Set(tried));
      return choice.kind === "chosen" ? choice.backend.name : choice.kind;
    };
    expect(chosen("a")).toBe("b");
    expect(chosen("a", "b")).toBe("spare");
    expect(["a", "b"]).toContain(chosen("a", "b", "spare"));
  }
});

test("leastconn never lets loads by weight drift apart by more than one connection", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 200 }), (each, count) => {
      const all = each.map((weight, index) => server(String(index), { weight }));
      names(new Pool("leastconn", 0), all, count, true);
      const loads = all.map((one) => one.active / one.weight);
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
    }),
  );
});

test("roundrobin: smooth, in proportion to the weights", () => {
  expect(names(new Pool("roundrobin", 0), [server("a"), server("b"), server("c")], 6)).toBe("abcabc");
  expect(names(new Pool("roundrobin", 0), [server("a", { weight: 5 }), server("b"), server("c")], 7)).toBe(
    "aabacaa",
  );
});

test("first: the first that has room", () => {
  const all = [server("a", { maxConnections: 2 }), server("b")];
  expect(names(new Pool("first", 0), all, 4, true)).toBe("aabb");
});

test("slow start: the share of a recovered backend grows from almost nothing to all of its weight", () => {
  const share = (now: number): number => {
    const pool = new Pool<Server>("roundrobin", 60_000);
    const all = [server("old"), server("back", { rampFrom: 0 })];
    let back = 0;
    for (let index = 0; index < 1000; index++) {
      const choice = choose(pool, all, "s", now);
      if (choice.kind === "chosen" && choice.backend.name === "back") back++;
    }
    return back / 1000;
  };
  const shares = [0, 15_000, 30_000, 60_000, 600_000].map(share);
  expect(shares[0]).toBeLessThan(0.02);
  expect(shares[1]).toBeCloseTo(0.2, 1);
  expect(shares[2]).toBeCloseTo(1 / 3, 1);
  expect(shares[3]).toBeCloseTo(0.5, 2);
  expect(shares[4]).toBeCloseTo(0.5, 2);
});

test("source: a source that the table does not know is placed by weight, the same everywhere, and moves only with its backend", () => {
  const all = [server("a", { weight: 1 }), server("b", { weight: 2 }), server("c", { weight: 1 })];
  const place = (source: string, usable: readonly Server[]): string => {
    const choice = choose(new Pool("source", 0, new StickTable({ expire: 1, size: 9 })), usable, source);
    return choice.kind === "chosen" ? choice.backend.name : "";
  };
  const sources = Array.from({ length: 4000 }, (_, index) => `10.${index >> 8}.3.${index & 255}`);
  const placed = sources.map((source) => place(source, all));
  const share = (name: string): number => placed.filter((each) => each === name).length / sources.length;
  expect(share("a")).toBeCloseTo(0.25, 1);
  expect(share("b")).toBeCloseTo(0.5, 1);
  const without = sources.map((source) => place(source, all.slice(1)));
  sources.forEach((_, index) => {
    if (placed[index] !== "a") expect(without[index]).toBe(placed[index]);
  });
});

test("source: a sticky backend that is full is waited for, one that is tried or gone is not", () => {
  const table = new StickTable({ expire: 1000, size: 10 });
  const pool = new Pool<Server>("source", 0, table);
  table.opened("s", "a", 0);
  const a = server("a", { maxConnections: 1, active: 1 });
  expect(choose(pool, [a, server("b")], "s")).toEqual({ kind: "full", backend: a });
  const tried = choose(pool, [a, server("b")], "s", 0, new Set(["a"]));
  expect(tried.kind === "chosen" && tried.backend.name).toBe("b");
  const gone = choose(pool, [server("a", { usable: false }), server("b")], "s");
  expect(gone.kind === "chosen" && gone.backend.name).toBe("b");
});

test("stick table: an entry lasts as long as a connection is open, then for the expiry; the longest unused goes when it is full", () => {
  const table = new StickTable({ expire: 100, size: 2 });
  table.opened("s", "a", 0);
  expect(table.get("s", 10_000)).toBe("a");
  table.closed("s", 10_000);
  expect(table.get("s", 10_099)).toBe("a");
  expect(table.get("s", 10_100)).toBeUndefined();
  table.opened("1", "a", 0);
  table.opened("2", "b", 0);
  table.opened("1", "a", 1);
  table.opened("3", "c", 2);
  expect([table.get("1", 3), table.get("2", 3), table.get("3", 3)]).toEqual(["a", undefined, "c"]);
  expect([table.count(), table.count("a")]).toEqual([2, 1]);
  table.closed("3", 3);
  table.sweep(1000);
  expect(table.count()).toBe(1);
});
