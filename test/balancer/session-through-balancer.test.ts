import { afterEach, expect, test } from "vitest";
import { HuePool, runUser } from "../../fixtures/impalad/hue-pool.ts";
import { type SimulatedImpalad, startImpalad } from "../../fixtures/impalad/impalad.ts";
import { type RunningBalancer, startBalancer } from "../../src/balancer/balancer.ts";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";

let impalads: SimulatedImpalad[] = [];
let balancer: RunningBalancer | undefined;

afterEach(async () => {
  await balancer?.close();
  await Promise.all(impalads.map((each) => each.close()));
});

test("a Hue-like shared pool: every query succeeds, sessions spread, counters tell sessions and bytes", async () => {
  impalads = await Promise.all([1, 2, 3].map((each) => startImpalad({ name: `impala${each}` })));
  const backends = impalads.map((each) => ({
    name: each.name,
    address: `${each.host}:${each.port}`,
    maxConnections: 64,
  }));
  balancer = await startBalancer(
    parseSpec({
      version: 1,
      listeners: [{ name: "impala", bind: "127.0.0.1:0", balance: "session", backends }],
    }),
  );
  const { host, port } = balancer.addresses["impala"] ?? { host: "", port: 0 };
  const pool = new HuePool({ host, port, size: 10 });
  const users = Array.from({ length: 30 }, (_, index) => runUser(pool, { name: `user${index}`, queries: 3 }));
  const outcomes = await Promise.all(users);
  expect(outcomes.reduce((sum, each) => sum + each.succeeded, 0)).toBe(90);
  expect(outcomes.flatMap((each) => each.errors)).toEqual([]);
  expect(impalads.map((each) => each.stats().sessionsOpened)).toEqual([10, 10, 10]);
  const listener = balancer.stats().listeners[0];
  expect(listener?.routing?.sessionsOpened).toBe(30);
  expect(listener?.bytesToClient).toBeGreaterThan(0);
  expect(listener?.backends.map((each) => each.sessions)).toEqual([0, 0, 0]);
});
