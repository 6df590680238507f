import { afterEach, expect, test } from "vitest";
import { ask, type Client, who } from "../support/clients.ts";
import { eventually } from "../support/eventually.ts";
import { type BackendProgram, killAll, startBackend, startProgram } from "../support/programs.ts";

afterEach(killAll);

const some = (...names: string[]): Promise<BackendProgram[]> =>
  Promise.all(names.map((name) => startBackend(name)));
const listed = (backends: readonly BackendProgram[]) =>
  backends.map(({ name, address }) => ({ name, address }));
const upAgain = async (balancer: Awaited<ReturnType<typeof startProgram>>, name: string): Promise<void> => {
  await eventually(async () => (await balancer.backend(name)).state === "up", `${name} up`);
};
const isDown = async (balancer: Awaited<ReturnType<typeof startProgram>>, name: string): Promise<void> => {
  await eventually(async () => (await balancer.backend(name)).state === "down", `${name} down`);
};

test("a recovered backend under leastconn with slow start gets at most a fifth of the next 30 connections (R6)", async () => {
  const backends = await some("a", "b", "c");
  const balancer = await startProgram({ balance: "leastconn", backends: listed(backends), slowStart: 60 });
  const held = await Promise.all(Array.from({ length: 30 }, () => ask(balancer.port)));
  await backends[0]?.kill();
  await isDown(balancer, "a");
  await startBackend("a", backends[0]?.port);
  await upAgain(balancer, "a");
  expect((await balancer.backend("a")).slowStart).toBe(true);
  const next: Awaited<ReturnType<typeof ask>>[] = [];
  for (let index = 0; index < 30; index++) next.push(await ask(balancer.port));
  expect(next.filter(({ name }) => name === "a").length).toBeLessThanOrEqual(6);
  for (const { client } of [...held, ...next]) client.close();
  await balancer.stop();
});

test("stickiness: after its backend dies a source moves to one other backend, and stays there when the first is back (R7)", async () => {
  const backends = await some("a", "b", "c");
  const balancer = await startProgram({ balance: "source", backends: listed(backends) });
  const first = await who(balancer.port);
  const own = backends.find(({ name }) => name === first);
  await own?.kill();
  const moved = await Promise.all(Array.from({ length: 10 }, () => who(balancer.port)));
  expect(new Set(moved).size).toBe(1);
  expect(moved[0]).not.toBe(first);
  await isDown(balancer, first);
  await startBackend(first, own?.port);
  await upAgain(balancer, first);
  const later = await Promise.all(Array.from({ length: 10 }, () => who(balancer.port)));
  expect(new Set(later)).toEqual(new Set([moved[0]]));
  await balancer.stop();
});

test("sources spread, and every source keeps its backend over a restart of the balancer (R7)", async () => {
  const backends = await some("a", "b", "c");
  const sources = Array.from({ length: 24 }, (_, index) => `127.0.1.${index + 1}`);
  const placed = async (): Promise<string[]> => {
    const balancer = await startProgram({ balance: "source", backends: listed(backends) });
    const names: string[] = [];
    for (const source of sources) names.push(await who(balancer.port, source));
    expect((await balancer.status()).listeners[0]?.sources).toBe(24);
    await balancer.stop();
    return names;
  };
  const before = await placed();
  expect(new Set(before).size).toBe(3);
  expect(await placed()).toEqual(before);
});

test("drain: no new connection, sticky ones included, open ones untouched; ready restores; all of it in the status (R17)", async () => {
  const backends = await some("a", "b");
  const balancer = await startProgram({ balance: "source", backends: listed(backends), slowStart: 0 });
  const { name, client } = await ask(balancer.port);
  const other = name === "a" ? "b" : "a";
  await balancer.ask({ command: "drain", backend: name });
  expect((await balancer.backend(name)).state).toBe("drain");
  const next = await Promise.all(Array.from({ length: 10 }, () => who(balancer.port)));
  expect(new Set(next)).toEqual(new Set([other]));
  expect(client.over).toBe(false);
  expect(await client.say("who\n").line()).toBe(name);
  await balancer.ask({ command: "ready", backend: name });
  expect((await balancer.backend(name)).state).toBe("up");
  await balancer.ask({ command: "drain", backend: other });
  expect(await who(balancer.port)).toBe(name);
  client.close();
  await balancer.stop();
});

test("drain with wait answers when the last connection has ended (R17)", async () => {
  const backends = await some("a", "b");
  const balancer = await startProgram({ balance: "first", backends: listed(backends) });
  const { client } = await ask(balancer.port);
  let drained = false;
  const waiting = balancer.ask({ command: "drain", backend: "a", wait: true }).then(() => {
    drained = true;
  });
  expect(await eventually(async () => (await balancer.backend("a")).state === "drain", "drain")).toBe(true);
  expect(drained).toBe(false);
  client.close();
  await waiting;
  await expect(balancer.ask({ command: "drain", backend: "nobody" })).rejects.toThrow(
    /there is no backend "nobody"/,
  );
  await balancer.stop();
});

test("backups are used only when every active backend is down, and no longer once one is back (R18)", async () => {
  const [a, b, spare] = await some("a", "b", "spare");
  if (a === undefined || b === undefined || spare === undefined) throw new Error("no backends");
  const balancer = await startProgram({
    balance: "roundrobin",
    slowStart: 0,
    backends: [...listed([a, b]), { name: "spare", address: spare.address, backup: true }],
  });
  const eight = (): Promise<string[]> => Promise.all(Array.from({ length: 8 }, () => who(balancer.port)));
  expect(new Set(await eight())).toEqual(new Set(["a", "b"]));
  await a.kill();
  await isDown(balancer, "a");
  expect(new Set(await eight())).toEqual(new Set(["b"]));
  await b.kill();
  await isDown(balancer, "b");
  const { name, client } = await ask(balancer.port);
  expect(name).toBe("spare");
  await startBackend("a", a.port);
  await upAgain(balancer, "a");
  expect(new Set(await eight())).toEqual(new Set(["a"]));
  // Fail-back moves only new connections.
  expect(await client.say("who\n").line()).toBe("spare");
  client.close();
  await balancer.stop();
});

test("a full active backend spills over to the backup, and takes the next connection again once it has room", async () => {
  const [a, spare] = [await startBackend("a"), await startBackend("spare")];
  const balancer = await startProgram({
    balance: "leastconn",
    backends: [
      { name: "a", address: a.address, maxConnections: 2 },
      { name: "spare", address: spare.address, backup: true },
    ],
  });
  const held = [];
  for (let n = 0; n < 4; n++) held.push(await ask(balancer.port));
  expect(held.map(({ name }) => name)).toEqual(["a", "a", "spare", "spare"]);
  held[0]?.client.close();
  await eventually(async () => (await balancer.backend("a")).connections === 1, "room");
  expect(await who(balancer.port)).toBe("a");
  for (const { client } of held) client.close();
  await balancer.stop();
});

test("with endBackupOnRecovery, connections to backups end with U- when an active backend is back, and no others (R18)", async () => {
  const [a, b, spare] = await some("a", "b", "spare");
  if (a === undefined || b === undefined || spare === undefined) throw new Error("no backends");
  const balancer = await startProgram({
    balance: "first",
    slowStart: 0,
    endBackupOnRecovery: true,
    backends: [...listed([a, b]), { name: "spare", address: spare.address, backup: true }],
  });
  const kept = await ask(balancer.port);
  expect(kept.name).toBe("a");
  // Drained: what it has stays, while the rest goes to the backup.
  for (const backend of ["a", "b"]) await balancer.ask({ command: "drain", backend });
  const onSpare = await Promise.all([ask(balancer.port), ask(balancer.port)]);
  expect(onSpare.map(({ name }) => name)).toEqual(["spare", "spare"]);
  await balancer.ask({ command: "ready", backend: "b" });
  await Promise.all(onSpare.map(({ client }) => client.end()));
  await eventually(
    () => balancer.ends().filter((line) => /impala\/spare .* U- /.test(line)).length === 2,
    "two ends with U-",
  );
  const after = await ask(balancer.port);
  expect(after.name).toBe("b");
  expect(await kept.client.say("who\n").line()).toBe("a");
  await balancer.ask({ command: "drain", backend: "b" });
  const again = await ask(balancer.port);
  expect(again.name).toBe("spare");
  await a.kill();
  await isDown(balancer, "a");
  await startBackend("a", a.port);
  // It is still drained: a backend that gets no work takes none from the backup.
  await eventually(async () => (await balancer.backend("a")).state === "drain", "up, but drained");
  expect(await again.client.say("who\n").line()).toBe("spare");
  for (const { client } of [kept, after, again]) client.close();
  await balancer.stop();
});

test("a backend that fails exactly `fall` consecutive checks goes down, and comes up after `rise` good ones (R19)", async () => {
  const backends = await some("a", "b");
  const balancer = await startProgram({
    balance: "first",
    backends: listed(backends),
    health: { interval: 0.3, fastInterval: 0.1, timeout: 1, fall: 4, rise: 3 },
  });
  await eventually(async () => (await balancer.backend("a")).checks.good > 0, "first check");
  await backends[0]?.kill();
  await isDown(balancer, "a");
  expect((await balancer.backend("a")).checks.failed).toBe(4);
  const good = (await balancer.backend("a")).checks.good;
  await startBackend("a", backends[0]?.port);
  await upAgain(balancer, "a");
  expect((await balancer.backend("a")).checks.good - good).toBe(3);
  await balancer.stop();
});

test("weights: leastconn shares connections in proportion, 0 means no new work", async () => {
  const [a, b, c] = await some("a", "b", "c");
  if (a === undefined || b === undefined || c === undefined) throw new Error("no backends");
  const balancer = await startProgram({
    balance: "leastconn",
    backends: [
      { name: "a", address: a.address, weight: 1 },
      { name: "b", address: b.address, weight: 3 },
      { name: "c", address: c.address, weight: 0 },
    ],
  });
  const clients: Client[] = [];
  const counts: Record<string, number> = {};
  for (let index = 0; index < 40; index++) {
    const { name, client } = await ask(balancer.port);
    counts[name] = (counts[name] ?? 0) + 1;
    clients.push(client);
  }
  expect(counts).toEqual({ a: 10, b: 30 });
  for (const client of clients) client.close();
  await balancer.stop();
});
