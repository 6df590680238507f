import { expect, test } from "vitest";
import { openSession } from "../../../fixtures/impalad/client.ts";
import { ThriftConnection } from "../../../fixtures/impalad/connection.ts";
import { startImpalad } from "../../../fixtures/impalad/impalad.ts";
import { startBalancer } from "../../../src/balancer/balancer.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { QUICK_HEALTH } from "../support/programs.ts";
import { later } from "./support/cluster.ts";

test("a recovered Impalad gets few of the next sessions, though it has none", async () => {
  const [one, two] = await Promise.all([startImpalad({ name: "one" }), startImpalad({ name: "two" })]);
  later(() => one.close());
  const backends = [one, two].map(({ name, host, port }) => ({ name, address: `${host}:${port}` }));
  const listener = { name: "impala", bind: "127.0.0.1:0", balance: "session", backends, slowStart: 600 };
  const balancer = await startBalancer(
    parseSpec({ version: 1, listeners: [{ ...listener, health: QUICK_HEALTH }] }),
  );
  later(() => balancer.close());
  const state = () => balancer.stats().listeners[0]?.backends.map((each) => each.state);
  const connection = await ThriftConnection.open(balancer.addresses["impala"] ?? { host: "", port: 0 });
  later(() => connection.close());
  for (let i = 0; i < 20; i++) await openSession(connection);
  const { port } = two;
  await two.close();
  await expect.poll(state, { timeout: 30_000 }).toEqual(["up", "down"]);
  const again = await startImpalad({ name: "two", port });
  later(() => again.close());
  await expect.poll(state, { timeout: 30_000 }).toEqual(["up", "up"]);
  for (let i = 0; i < 30; i++) await openSession(connection);
  expect(again.stats().sessionsOpened).toBeLessThanOrEqual(6);
});
