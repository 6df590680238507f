import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { execute, type OpenSession, openSession, query } from "../../../fixtures/impalad/client.ts";
import { ThriftConnection } from "../../../fixtures/impalad/connection.ts";
import { type ImpaladOptions, startImpalad } from "../../../fixtures/impalad/impalad.ts";
import { startBalancer } from "../../../src/balancer/balancer.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { cluster, later } from "./support/cluster.ts";

interface Wish {
  readonly impalads: number;
  readonly options?: Partial<ImpaladOptions>;
  readonly maxConnections: number;
  /** Seconds. */
  readonly queue: number;
}

/** A balancer by session before simulated Impalads, all closed after the test. */
async function balanced({ impalads: count, options, maxConnections, queue }: Wish) {
  const impalads = await Promise.all(
    Array.from({ length: count }, (_, i) => startImpalad({ name: `impala${i + 1}`, ...options })),
  );
  for (const impalad of impalads) later(() => impalad.close());
  const backends = impalads.map(({ name, host, port }) => ({
    name,
    address: `${host}:${port}`,
    maxConnections,
  }));
  const listener = { name: "impala", bind: "127.0.0.1:0", balance: "session", backends };
  const balancer = await startBalancer(
    parseSpec({ version: 1, listeners: [{ ...listener, timeouts: { queue } }] }),
  );
  later(() => balancer.close());
  const { port = 0 } = balancer.addresses["impala"] ?? {};
  const stats = () => {
    const [told] = balancer.stats().listeners;
    if (told === undefined) throw new Error("no listener");
    return told;
  };
  return { impalads, endpoint: { host: "127.0.0.1", port }, stats };
}

/** A client with a connection and a session of its own, as JDBC has them; undefined: it was turned away. */
async function client(endpoint: { host: string; port: number }): Promise<OpenSession | undefined> {
  const connection = await ThriftConnection.open(endpoint);
  later(() => connection.close());
  return openSession(connection).catch(() => undefined);
}

describe("more client connections than an Impalad has threads, each with its session", () => {
  test("sessions that end with their connection are never destroyed: who has no place waits, and is told", async () => {
    const { impalads, endpoint, stats } = await balanced({
      impalads: 2,
      options: { closeSessionsWithConnection: true },
      maxConnections: 60,
      queue: 1,
    });
    const opened = await Promise.all(Array.from({ length: 160 }, () => client(endpoint)));
    const sessions = opened.filter((each) => each !== undefined);
    expect(sessions.length).toBe(120);
    const good = await Promise.all(sessions.map((each) => execute(each, "select 'x'").catch(() => [])));
    expect(good.filter((rows) => rows.length === 1).length).toBe(120);
    expect(impalads.map((each) => each.stats().sessions)).toEqual([60, 60]);
    expect(stats().terminations).toMatchObject({ sQ: 40 });
    expect(stats().routing).toMatchObject({ linksClosed: 0 });
  }, 30_000);

  test("sessions that outlive their connection make room for all: none is lost", async () => {
    const { impalads, endpoint, stats } = await balanced({ impalads: 2, maxConnections: 60, queue: 20 });
    const sessions = (await Promise.all(Array.from({ length: 160 }, () => client(endpoint)))).filter(
      (each) => each !== undefined,
    );
    expect(sessions.length).toBe(160);
    const good = await Promise.all(sessions.map((each) => execute(each, "select 'x'").catch(() => [])));
    expect(good.filter((rows) => rows.length === 1).length).toBe(160);
    for (const impalad of impalads) expect(impalad.stats().connections).toBeLessThanOrEqual(64);
    expect(stats().routing?.linksClosed).toBeGreaterThanOrEqual(40);
  }, 60_000);

  test("a freed place goes to who waits, at once", async () => {
    const { endpoint } = await balanced({
      impalads: 1,
      options: { closeSessionsWithConnection: true },
      maxConnections: 1,
      queue: 20,
    });
    const first = await client(endpoint);
    const second = client(endpoint);
    if (!(first?.caller instanceof ThriftConnection)) throw new Error("turned away");
    first.caller.close();
    const session = await second;
    if (session === undefined) throw new Error("turned away");
    expect(await execute(session, "select 'x'")).toEqual([["x"]]);
  });
});

test.each([false, true])(
  "who has waited for one place in vain does not wait for the next (SASL: %s)",
  async (plain) => {
    const { host } = await cluster(3, plain ? { auth: "plain" } : {});
    for (const backend of host.backends) backend.full = true;
    const login = plain ? { plain: { user: "u", password: "p" } } : {};
    await expect(query({ ...host.endpoint, ...login }, "select 'x'")).rejects.toThrow();
    expect(host.ends).toMatchObject([{ termination: "sQ" }]);
    expect([...host.connects.values()]).toEqual([1]);
  },
);

test("whoever arrives, stays and leaves as it likes is served, or told within the time of the queue", async () => {
  const visit = fc.record({ arrives: fc.nat(150), stays: fc.nat(250), abrupt: fc.boolean() });
  const world = fc.record({
    visits: fc.array(visit, { minLength: 1, maxLength: 10 }),
    impalads: fc.integer({ min: 1, max: 2 }),
    maxConnections: fc.integer({ min: 1, max: 3 }),
    keeps: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(world, async ({ visits, impalads, maxConnections, keeps }) => {
      const options = { closeSessionsWithConnection: !keeps };
      const { endpoint, stats } = await balanced({ impalads, options, maxConnections, queue: 0.4 });
      const waited = await Promise.all(
        visits.map(async ({ arrives, stays, abrupt }) => {
          await passed(arrives);
          const connection = await ThriftConnection.open(endpoint);
          const began = performance.now();
          const session = await openSession(connection).catch(() => undefined);
          const time = performance.now() - began;
          if (session !== undefined) {
            await passed(stays);
            if (!abrupt) await execute(session, "select 'x'").catch(() => undefined);
          }
          connection.close();
          return time;
        }),
      );
      // The queue's time, and what a busy machine adds.
      for (const time of waited) expect(time).toBeLessThan(400 + 3000);
      await expect.poll(() => [stats().connections, stats().queued], { timeout: 10_000 }).toEqual([0, 0]);
      await expect
        .poll(() => stats().backends.map((each) => each.connections), { timeout: 10_000 })
        .toEqual(Array.from({ length: impalads }, () => 0));
    }),
    { numRuns: 8 },
  );
}, 120_000);

function passed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
