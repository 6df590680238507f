import { readdirSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { ask, Client, who } from "../support/clients.ts";
import { eventually } from "../support/eventually.ts";
import { killAll, startBackend, startProgram } from "../support/programs.ts";

afterEach(killAll);

test("with 256 descriptors and 500 clients it survives, serves those it took, blames no backend, and is well again afterwards (R13)", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram(
    { balance: "leastconn", backends: [{ name: "a", address: backend.address }] },
    { descriptors: 256 },
  );
  await eventually(() => /may hold \d+ connections instead of 1000/.test(balancer.log()), "the warning");
  const allowed = (await balancer.status()).listeners[0]?.maxConnections ?? 0;
  expect(allowed).toBeGreaterThan(64);
  const clients = Array.from({ length: 500 }, () => new Client(balancer.port).say("who\n"));
  await eventually(
    () => clients.filter((client) => client.over).length === 500 - allowed,
    "the surplus turned away",
  );
  const kept = clients.filter((client) => !client.over);
  await eventually(() => kept.every((client) => client.text === "a\n"), "the others served");
  const status = (await balancer.status()).listeners[0];
  expect(status?.refused.full).toBe(500 - allowed);
  expect(status?.backends[0]).toMatchObject({ state: "up", connectFailures: 0, falls: 0 });
  for (const client of clients) client.close();
  await eventually(async () => (await balancer.status()).listeners[0]?.connections === 0, "gone");
  expect(await who(balancer.port)).toBe("a");
  await balancer.stop();
});

test("a full backend: the next waits and is served when a slot frees; else sQ; who leaves the queue never reaches a server (R16)", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram({
    balance: "leastconn",
    backends: [{ name: "a", address: backend.address, maxConnections: 4 }],
    timeouts: { queue: 3 },
  });
  const held = await Promise.all(Array.from({ length: 4 }, () => ask(balancer.port)));
  const waiting = ask(balancer.port);
  await eventually(async () => (await balancer.status()).listeners[0]?.queued === 1, "one waits");
  held[0]?.client.close();
  const served = await waiting;
  expect(served.name).toBe("a");
  expect((await balancer.backend("a")).connections).toBe(4);
  const leaves = new Client(balancer.port);
  await eventually(async () => (await balancer.status()).listeners[0]?.queued === 1, "another waits");
  leaves.close();
  await eventually(() => balancer.ends().some((line) => / CQ /.test(line)), "CQ");
  const patient = new Client(balancer.port).say("who\n");
  await patient.end();
  expect(patient.text).toBe("");
  await eventually(() => balancer.ends().some((line) => /<NOSRV> -1\/-1\/\d+ 0 sQ /.test(line)), "sQ");
  // The backend has seen the four, the one that was served, the checks, and nobody from the queue.
  expect((await balancer.backend("a")).total).toBe(5);
  for (const { client } of [...held, served]) client.close();
  await balancer.stop();
});

test("a source outside the allow list is closed before any backend is contacted, and logged PC (R24)", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram({
    balance: "leastconn",
    backends: [{ name: "a", address: backend.address }],
    allow: ["127.0.2.0/24", "::1"],
  });
  const denied = new Client(balancer.port).say("who\n");
  await denied.end();
  expect(denied.text).toBe("");
  expect(await who(balancer.port, "127.0.2.9")).toBe("a");
  expect((await balancer.backend("a")).total).toBe(1);
  expect((await balancer.status()).listeners[0]?.refused.notAllowed).toBe(1);
  expect(balancer.log()).toMatch(
    /127\.0\.0\.1:\d+ impala\/<NOSRV> -1\/-1\/0 0 PC: its address is not in the allow list/,
  );
  await balancer.stop();
});

test("connections of one source are limited, others are not affected, and the count drops on close (R25)", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram({
    balance: "leastconn",
    backends: [{ name: "a", address: backend.address }],
    maxConnectionsPerSource: 2,
  });
  const first = await ask(balancer.port);
  const second = await ask(balancer.port);
  const third = new Client(balancer.port);
  await third.end();
  expect(await who(balancer.port, "127.0.0.2")).toBe("a");
  first.client.close();
  await eventually(async () => (await balancer.status()).listeners[0]?.connections === 1, "dropped");
  expect(await who(balancer.port)).toBe("a");
  expect((await balancer.status()).listeners[0]?.refused.sourceFull).toBe(1);
  second.client.close();
  await balancer.stop();
});

test("where others than Hue may connect, one source gets half of the places, unless the specification says otherwise", async () => {
  const backend = await startBackend("a");
  const served = async (more: object) => {
    const balancer = await startProgram({
      balance: "leastconn",
      backends: [{ name: "a", address: backend.address }],
      maxConnections: 6,
      ...more,
    });
    const clients = Array.from({ length: 6 }, () => new Client(balancer.port).say("who\n"));
    await eventually(() => clients.every((each) => each.over || each.text === "a\n"), "all judged");
    const count = clients.filter((each) => each.text === "a\n").length;
    const other = count < 6 ? await who(balancer.port, "127.0.0.9") : undefined;
    for (const client of clients) client.close();
    await balancer.stop();
    return [count, other];
  };
  expect(await served({ bind: "0.0.0.0:0" })).toEqual([3, "a"]);
  expect(await served({ bind: "0.0.0.0:0", maxConnectionsPerSource: 0 })).toEqual([6, undefined]);
  expect(await served({ bind: "0.0.0.0:0", allow: ["127.0.0.1"] })).toEqual([6, undefined]);
  expect(await served({ bind: "127.0.0.1:0" })).toEqual([6, undefined]);
});

test("clients that say nothing are dropped after the first-byte time-out without having taken a backend's slot (R26)", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram({
    balance: "leastconn",
    backends: [{ name: "a", address: backend.address, maxConnections: 1 }],
    timeouts: { firstByte: 1 },
  });
  const silent = Array.from({ length: 20 }, () => new Client(balancer.port));
  await eventually(async () => (await balancer.status()).listeners[0]?.connections === 20, "silent ones");
  expect(await who(balancer.port)).toBe("a");
  await Promise.all(silent.map((client) => client.end()));
  expect((await balancer.backend("a")).total).toBe(1);
  await eventually(
    () => balancer.ends().filter((line) => /<NOSRV> .* cD /.test(line)).length === 20,
    "cD lines",
  );
  await balancer.stop();
});

test("(short) 2,000 connections and 50 long ones leave no descriptor behind (R28)", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram(
    {
      balance: "leastconn",
      backends: [{ name: "a", address: backend.address }],
      health: { interval: 600 },
    },
    { rest: { log: { level: "error" } } },
  );
  const open = (): number => readdirSync(`/proc/${balancer.child.pid}/fd`).length;
  await who(balancer.port);
  await eventually(async () => (await balancer.status()).listeners[0]?.connections === 0, "quiet");
  const before = open();
  const long = await Promise.all(Array.from({ length: 50 }, () => ask(balancer.port)));
  for (let round = 0; round < 100; round++) {
    await Promise.all(Array.from({ length: 20 }, () => who(balancer.port)));
  }
  expect(await Promise.all(long.map(({ client }) => client.say("who\n").line()))).toEqual(
    Array(50).fill("a"),
  );
  for (const { client } of long) client.close();
  await eventually(async () => (await balancer.status()).listeners[0]?.connections === 0, "all gone");
  await eventually(() => open() <= before, "descriptors given back");
  expect((await balancer.status()).listeners[0]?.total).toBe(2051);
  await balancer.stop();
});
