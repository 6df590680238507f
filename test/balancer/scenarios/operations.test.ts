import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startActivator } from "../support/activator.ts";
import { ask, Client, who } from "../support/clients.ts";
import { eventually, pause } from "../support/eventually.ts";
import { type BackendProgram, built, killAll, startBackend, startProgram } from "../support/programs.ts";

afterEach(killAll);

const listed = (backends: readonly BackendProgram[]) =>
  backends.map(({ name, address }) => ({ name, address }));

test("reloads under load: nothing fails, nothing is closed, counters, stickiness and health survive (R9)", async () => {
  const backends = await Promise.all(["a", "b", "c"].map((name) => startBackend(name)));
  const balancer = await startProgram({ balance: "source", backends: listed(backends) });
  const streams = await Promise.all(Array.from({ length: 30 }, () => ask(balancer.port)));
  const own = streams[0]?.name;
  for (const { client } of streams) client.say("stream\n");
  await backends.find(({ name }) => name !== own)?.kill();
  const dead = backends.find(({ child }) => child.signalCode !== null)?.name ?? "";
  await eventually(async () => (await balancer.backend(dead)).state === "down", "one down");
  const before = (await balancer.status()).listeners[0];
  const names: string[] = [];
  let loading = true;
  const load = (async () => {
    while (loading) names.push(await who(balancer.port));
  })();
  for (let round = 0; round < 4; round++) {
    balancer.writeSpec({
      balance: "source",
      backends: listed(backends).map((each) => ({ ...each, weight: round + 2 })),
      timeouts: { connect: 3 + round },
    });
    await balancer.ask({ command: "reload" });
    // Up only by checks of its own, never by a reload.
    expect((await balancer.backend(dead)).state).toBe("down");
    await pause(200);
  }
  loading = false;
  await load;
  expect(names.length).toBeGreaterThan(20);
  expect(new Set(names)).toEqual(new Set([own]));
  const after = (await balancer.status()).listeners[0];
  expect(after?.total).toBe((before?.total ?? 0) + names.length);
  expect(after?.backends.map((each) => each.weight)).toEqual([5, 5, 5]);
  expect((await balancer.status()).reloadedAt).not.toBeNull();
  for (const { client } of streams) {
    expect(client.over).toBe(false);
    const lines = client.text.split("\n").slice(0, -1);
    expect(lines).toEqual(lines.map((_, index) => String(index)));
    client.close();
  }
  await balancer.stop();
});

test("a bad specification is refused with the old one still running, by command and by SIGHUP", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram({ balance: "first", backends: listed([backend]) });
  writeFileSync(balancer.specPath, '{"version":1,"listners":[]}');
  await expect(balancer.ask({ command: "reload" })).rejects.toThrow(
    /unknown key listners \(did you mean "listeners"\?\)/,
  );
  balancer.signal("SIGHUP");
  await eventually(() => balancer.log().split("reload refused").length === 3, "refused twice");
  expect(await who(balancer.port)).toBe("a");
  await balancer.stop();
});

test("a reload may move the listener, and add and remove backends: present connections go on", async () => {
  const backends = await Promise.all(["a", "b"].map((name) => startBackend(name)));
  const [a, b] = backends;
  if (a === undefined || b === undefined) throw new Error("no backends");
  const balancer = await startProgram({ balance: "first", backends: listed([a]) });
  const { client } = await ask(balancer.port);
  const free = await freePort();
  balancer.writeSpec({ bind: `127.0.0.1:${free}`, balance: "first", backends: listed([b]) });
  balancer.signal("SIGHUP");
  expect(await eventually(() => who(free), "new address")).toBe("b");
  expect(await client.say("who\n").line()).toBe("a");
  await expect(who(balancer.port)).rejects.toThrow();
  client.close();
  await balancer.stop();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("SIGTERM: no new connections, present ones finish, then exit 0 (R27)", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram({ balance: "first", backends: listed([backend]) }, { deadline: 60 });
  const { client } = await ask(balancer.port);
  balancer.signal("SIGTERM");
  await eventually(
    () =>
      new Promise((resolve) => {
        const probe = connect(balancer.port, "127.0.0.1");
        probe.once("connect", () => {
          probe.destroy();
          resolve(false);
        });
        probe.once("error", () => resolve(true));
      }),
    "refusal",
  );
  expect(await client.say("who\n").line()).toBe("a");
  client.close();
  expect(await balancer.exited).toBe(0);
});

test("after the deadline, or at a second signal, what is left is cut and the exit status is still 0 (R27)", async () => {
  const backend = await startBackend("a");
  const patient = await startProgram({ balance: "first", backends: listed([backend]) }, { deadline: 0.5 });
  const first = await ask(patient.port);
  patient.signal("SIGTERM");
  await first.client.end();
  expect(await patient.exited).toBe(0);
  expect(patient.log()).toMatch(/ K- /);
  const urgent = await startProgram({ balance: "first", backends: listed([backend]) }, { deadline: 600 });
  const second = await ask(urgent.port);
  urgent.signal("SIGINT");
  await eventually(() => urgent.log().includes("draining"), "drain");
  urgent.signal("SIGINT");
  await second.client.end();
  expect(await urgent.exited).toBe(0);
});

test("socket activation: a restart of the balancer refuses nobody", async () => {
  const backend = await startBackend("a");
  const activator = await startActivator();
  const { port } = activator;
  const folder = mkdtempSync(join(tmpdir(), "balancer-"));
  const specPath = join(folder, "spec.json");
  const listener = {
    name: "impala",
    bind: `127.0.0.1:${port}`,
    balance: "first",
    backends: listed([backend]),
  };
  writeFileSync(specPath, JSON.stringify({ version: 1, listeners: [listener] }));
  const command = [process.execPath, built("balancer/balancer.main.js"), specPath, "5"];
  const pid = await activator.run(...command);
  expect(await who(port)).toBe("a");
  process.kill(pid, "SIGTERM");
  expect(await activator.exit()).toBe(0);
  // Nobody serves now; connections made in the gap wait in the socket's queue.
  const early = Promise.all(Array.from({ length: 10 }, () => who(port)));
  const next = await activator.run(...command);
  expect(await early).toEqual(Array(10).fill("a"));
  process.kill(next, "SIGTERM");
  expect(await activator.exit()).toBe(0);
  rmSync(folder, { recursive: true });
});

test("the control socket belongs to the balancer's user alone, and a second balancer does not take it over", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram({ balance: "first", backends: listed([backend]) });
  expect(statSync(balancer.socketPath).mode & 0o777).toBe(0o600);
  const raw = connect(balancer.socketPath);
  raw.write("nonsense\n");
  const [answer] = (await once(raw, "data")) as [Buffer];
  expect(JSON.parse(answer.toString())).toMatchObject({ ok: false, error: { code: "bad-request" } });
  const rest = JSON.parse(readFileSync(balancer.specPath, "utf8")) as { admin: object };
  await expect(
    startProgram({ balance: "first", backends: listed([backend]) }, { rest: { admin: rest.admin } }),
  ).rejects.toThrow(/already-running|belongs to a balancer that is running/);
  await balancer.stop();
});

test("nobody reads its output any more: it goes on balancing", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram({ balance: "first", backends: listed([backend]) });
  expect(await who(balancer.port)).toBe("a");
  balancer.child.stdout?.destroy();
  balancer.child.stderr?.destroy();
  for (let index = 0; index < 20; index++) expect(await who(balancer.port)).toBe("a");
  balancer.signal("SIGUSR1");
  expect((await balancer.status()).listeners[0]?.total).toBe(21);
  await balancer.stop();
});

test("a backend that a reload took away gets nobody from the queue", async () => {
  const [a, b] = await Promise.all(["a", "b"].map((name) => startBackend(name)));
  if (a === undefined || b === undefined) throw new Error("no backends");
  const one = (backend: BackendProgram) => listed([backend]).map((each) => ({ ...each, maxConnections: 1 }));
  const balancer = await startProgram({ balance: "first", backends: one(a) });
  const first = await ask(balancer.port);
  balancer.writeSpec({ balance: "first", backends: one(b) });
  await balancer.ask({ command: "reload" });
  const second = await ask(balancer.port);
  const waiting = ask(balancer.port);
  await eventually(async () => (await balancer.status()).listeners[0]?.queued === 1, "one waits");
  first.client.close();
  await eventually(async () => (await balancer.status()).listeners[0]?.connections === 2, "the old one gone");
  second.client.close();
  expect([first.name, second.name, (await waiting).name]).toEqual(["a", "b", "b"]);
  (await waiting).client.close();
  await balancer.stop();
});

test("checks of 40 backends are spread in time and leave no descriptor behind (R20)", async () => {
  const times: number[] = [];
  const server = createServer((socket) => {
    times.push(performance.now());
    socket.on("error", () => undefined);
    socket.resume();
  });
  server.listen(0, "0.0.0.0");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const backends = Array.from({ length: 40 }, (_, index) => ({
    name: `b${index}`,
    address: `127.0.1.${index + 1}:${port}`,
  }));
  const balancer = await startProgram({
    balance: "leastconn",
    backends,
    health: { interval: 2, timeout: 5 },
  });
  await eventually(() => times.length >= 80, "two rounds");
  // Spread evenly, no tenth of the interval holds more than a fraction of the 40; all at once would be 40.
  const bursts = times.map((start) => times.filter((each) => each >= start && each < start + 200).length);
  expect(Math.max(...bursts)).toBeLessThan(20);
  const open = (await balancer.status()).descriptors.open ?? 0;
  await eventually(() => times.length >= 200, "more rounds");
  expect((await balancer.status()).descriptors.open ?? 0).toBeLessThanOrEqual(open + 4);
  server.close();
  await balancer.stop();
});

test("hostile clients: garbage, half-open, resets and floods never take the balancer down", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram({
    balance: "session",
    backends: listed([backend]),
    timeouts: { firstByte: 2 },
  });
  const clients = Array.from({ length: 120 }, (_, index) => {
    const client = new Client(balancer.port);
    if (index % 4 === 0) client.say(Buffer.from([0x80, 1, 0, 1, 0x7f, 0xff, 0xff, 0xff]));
    if (index % 4 === 1)
      client.say(Buffer.from(Array.from({ length: 300 }, () => Math.floor(Math.random() * 256))));
    if (index % 4 === 2) client.socket.end();
    return client;
  });
  await pause(300);
  for (const client of clients.filter((_, index) => index % 3 === 0)) client.socket.resetAndDestroy();
  await pause(300);
  for (const client of clients) client.close();
  await eventually(async () => (await balancer.status()).listeners[0]?.connections === 0, "all gone");
  await balancer.stop();
});
