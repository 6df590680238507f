import { expect, test } from "vitest";
import { HuePool, runUser } from "../../../fixtures/impalad/hue-pool.ts";
import { startImpalad } from "../../../fixtures/impalad/impalad.ts";
import { startBalancer } from "../../../src/balancer/balancer.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { cluster, later, raw } from "./support/cluster.ts";
import { encodeCall } from "./support/messages.ts";

test("more client connections than an Impalad has threads: unused links make room, nobody waits in vain", async () => {
  const impalads = await Promise.all(
    [1, 2].map((i) => startImpalad({ name: `impala${i}`, feServiceThreads: 4 })),
  );
  for (const impalad of impalads) later(() => impalad.close());
  const backends = impalads.map(({ name, host, port }) => ({
    name,
    address: `${host}:${port}`,
    maxConnections: 3,
  }));
  const listener = { name: "impala", bind: "127.0.0.1:0", balance: "session", backends };
  const balancer = await startBalancer(
    parseSpec({ version: 1, listeners: [{ ...listener, timeouts: { queue: 20 } }] }),
  );
  later(() => balancer.close());
  const pool = new HuePool({ ...(balancer.addresses["impala"] ?? { host: "", port: 0 }), size: 12 });
  later(() => pool.close());
  const outcomes = await Promise.all(
    Array.from({ length: 24 }, (_, i) => runUser(pool, { name: `user${i}`, queries: 4 })),
  );
  expect(outcomes.flatMap((each) => each.errors)).toEqual([]);
  expect(pool.stats.retries).toBe(0);
  for (const impalad of impalads) expect(impalad.stats().connections).toBeLessThanOrEqual(4);
});

test("a call larger than the limit closes the connection with a reason", async () => {
  const { host } = await cluster(1, {}, { maxCall: 100_000 });
  const bytes = encodeCall("OpenSession", { client_protocol: 5, username: "x".repeat(300_000) });
  await raw(host.endpoint, bytes).closed;
  expect(host.events).toMatchObject([{ type: "not-understood", reason: "a call of impossible length" }]);
});
