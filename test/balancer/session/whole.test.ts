import { once } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { execute, openSession } from "../../../fixtures/impalad/client.ts";
import { ThriftConnection } from "../../../fixtures/impalad/connection.ts";
import { struct, text } from "../../../fixtures/impalad/services/values.ts";
import { startBalancer } from "../../../src/balancer/balancer.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { BeeswaxClient } from "./support/beeswax.ts";
import { cluster, later } from "./support/cluster.ts";

const HOUR = 3600;

async function shell(endpoint: { host: string; port: number }, plain = false): Promise<BeeswaxClient> {
  const client = await BeeswaxClient.open({ ...endpoint, plain });
  later(() => void client.socket.destroy());
  return client;
}

/** A router's clock that is moved by hand, with its ticks. */
function handClock() {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  later(() => vi.useRealTimers());
  let now = 0;
  return {
    now: () => now,
    pass: (seconds: number) => {
      for (let passed = 0; passed < seconds; passed++) {
        now += 1000;
        vi.advanceTimersByTime(1000);
      }
    },
  };
}

describe("Beeswax, whose session is its connection", () => {
  test.each([false, true])(
    "goes to one Impalad for as long as it lasts, however long it is idle (SASL: %s)",
    async (plain) => {
      const clock = handClock();
      const { host, impalads } = await cluster(
        3,
        { service: "beeswax", ...(plain && { auth: "plain" }) },
        { timeouts: { client: HOUR, server: HOUR } },
        clock.now,
      );
      const clients = await Promise.all(
        [1, 2, 3, 4, 5, 6].map(async (n) => ({ n, client: await shell(host.endpoint, plain) })),
      );
      for (const { n, client } of clients) {
        await client.call("PingImpalaService", {});
        await client.run(`use db${n}`);
      }
      clock.pass(600);
      for (const { n, client } of clients) {
        expect(await client.run("select current_database()")).toBe(`db${n}`);
      }
      // By sessions: two for each.
      expect(impalads.map((each) => each.stats().connections)).toEqual([2, 2, 2]);
      expect(host.backends.map(({ name }) => host.router.sessions(name))).toEqual([2, 2, 2]);
      expect(host.router.stats().fallbacks).toMatchObject({ beeswax: 6 });
      expect(host.events[0]).toMatchObject({ type: "whole", service: "beeswax" });
      for (const { client } of clients) client.socket.end();
      await expect.poll(() => impalads.map((each) => each.stats().connections)).toEqual([0, 0, 0]);
      expect(host.router.stats()).toMatchObject({ sessions: 0, connections: 0 });
      expect(new Set(host.ends.map((each) => each.termination))).toEqual(new Set(["--"]));
    },
  );

  test("ends with its Impalad: it is told so, and never answered by another", async () => {
    const { host, impalads } = await cluster(2, { service: "beeswax" });
    const client = await shell(host.endpoint);
    await client.run("use sales");
    const closed = once(client.socket, "close");
    await impalads.find((each) => each.stats().connections === 1)?.close();
    await closed;
    expect(host.ends).toMatchObject([{ termination: "SD" }]);
  });

  test("a first call that both services have is told by its handle", async () => {
    const { host } = await cluster(1, { service: "beeswax" });
    const client = await shell(host.endpoint);
    const id = { 1: struct({ 1: text("no-such-query"), 2: text("") }) };
    await expect(client.call("GetRuntimeProfile", id)).rejects.toThrow("Query id no-such-query not found.");
    expect(host.router.stats().fallbacks).toMatchObject({ beeswax: 1 });
  });

  test("half-close: what has been asked is still answered", async () => {
    const { host } = await cluster(1, { service: "beeswax", latency: 100 });
    const client = await BeeswaxClient.open(host.endpoint);
    const answer = client.call("echo", { 1: text("still here") });
    client.socket.end();
    expect(String((await answer).get(0))).toBe("still here");
  });
});

test("an unknown service is relayed as a whole too", async () => {
  const { host } = await cluster(2);
  const client = await shell(host.endpoint);
  await expect(client.call("getCatalogObject", {})).rejects.toThrow(/Invalid|Unknown|unknown/);
  expect(host.router.stats().fallbacks).toMatchObject({ "other-service": 1, beeswax: 0 });
});

test("old-style Thrift, with a login or without, has one Impalad for a connection", async () => {
  for (const plain of [false, true]) {
    const { host, impalads } = await cluster(2, { service: "beeswax", ...(plain && { auth: "plain" }) });
    const backends = host.backends.map((each) => ({
      name: each.name,
      address: `${each.host}:${each.port}`,
    }));
    const listener = { name: "shell", bind: "127.0.0.1:0", balance: "session", backends };
    const balancer = await startBalancer(parseSpec({ version: 1, listeners: [listener] }));
    later(() => balancer.close());
    const { port = 0 } = balancer.addresses["shell"] ?? {};
    const client = await BeeswaxClient.open({ host: "127.0.0.1", port, oldStyle: true, plain });
    later(() => void client.socket.destroy());
    await client.run("use sales");
    expect(await client.run("select current_database()")).toBe("sales");
    expect(impalads.reduce((sum, each) => sum + each.stats().sessionsOpened, 0)).toBe(1);
    const { notes } = balancer.stats().listeners[0] ?? { notes: [] };
    expect(notes.join()).toContain("1 connections so far");
  }
});

test("a link that has carried a call of a session is not closed as unused", async () => {
  const clock = handClock();
  const { host, impalads } = await cluster(1, {}, {}, clock.now);
  const [one, two] = [await ThriftConnection.open(host.endpoint), await ThriftConnection.open(host.endpoint)];
  for (const each of [one, two]) later(() => each.close());
  const session = await openSession(one);
  await execute({ ...session, caller: two }, "select 'x'");
  clock.pass(900);
  expect(impalads[0]?.stats().connections).toBe(2);
});
