import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ask, Client, who } from "../support/clients.ts";
import { eventually, pause } from "../support/eventually.ts";
import { blackHole } from "../support/faults.ts";
import { type BackendProgram, killAll, startBackend, startProgram } from "../support/programs.ts";

afterEach(killAll);

const three = (): Promise<BackendProgram[]> => Promise.all(["a", "b", "c"].map((name) => startBackend(name)));
const specOf = (backends: readonly BackendProgram[], more: object = {}) => ({
  balance: "leastconn",
  backends: backends.map(({ name, address }) => ({ name, address })),
  ...more,
});

test("kill -9 of one of three backends: the other streams stay and miss nothing, those of the dead one are closed (R1)", async () => {
  const backends = await three();
  const balancer = await startProgram(specOf(backends));
  const clients = await Promise.all(
    Array.from({ length: 30 }, async () => {
      const { name, client } = await ask(balancer.port);
      client.say("stream\n");
      return { name, client };
    }),
  );
  await eventually(() => clients.every(({ client }) => client.bytes > 0), "streams");
  backends[0]?.signal("SIGKILL");
  const dead = clients.filter(({ name }) => name === "a");
  expect(dead).toHaveLength(10);
  await Promise.all(dead.map(({ client }) => client.end()));
  await pause(300);
  for (const { client } of clients.filter(({ name }) => name !== "a")) {
    expect(client.over).toBe(false);
    const lines = client.text.split("\n").slice(0, -1);
    expect(lines).toEqual(lines.map((_, index) => String(index)));
  }
  for (const { client } of clients) client.close();
  await balancer.stop();
});

test("after the death of a backend every new connection succeeds, and none goes to it once it is marked down (R2)", async () => {
  const backends = await three();
  const balancer = await startProgram(specOf(backends));
  await Promise.all(Array.from({ length: 12 }, () => who(balancer.port)));
  await backends[1]?.kill();
  const names: string[] = [];
  for (let index = 0; index < 60; index++) names.push(await who(balancer.port));
  expect(names).toHaveLength(60);
  expect(names).not.toContain("b");
  await eventually(async () => (await balancer.backend("b")).state === "down", "b down");
  const before = (await balancer.backend("b")).connectFailures;
  for (let index = 0; index < 20; index++) await who(balancer.port);
  expect((await balancer.backend("b")).connectFailures).toBe(before);
  await balancer.stop();
});

test("a backend that drops SYNs costs a connection one connect time-out, and only `fall` of them (R3)", async () => {
  const hole = await blackHole();
  const backends = await Promise.all(["b", "c"].map((name) => startBackend(name)));
  const spec = specOf(backends);
  const balancer = await startProgram({
    ...spec,
    backends: [{ name: "hole", address: hole.address }, ...spec.backends],
    balance: "roundrobin",
    timeouts: { connect: 0.5 },
    health: { interval: 600, timeout: 1 },
  });
  const answers: Awaited<ReturnType<typeof ask>>[] = [];
  for (let index = 0; index < 30; index++) {
    const answer = await ask(balancer.port);
    answer.client.close();
    answers.push(answer);
  }
  expect(answers.map(({ name }) => name)).not.toContain("hole");
  expect(answers.filter(({ took }) => took > 450).length).toBeLessThanOrEqual(3);
  expect((await balancer.backend("hole")).connectFailures).toBeLessThanOrEqual(3);
  hole.close();
  await balancer.stop();
});

test("the connection that notices a death, and so marks the backend down, is itself served (R5)", async () => {
  const backends = await three();
  const balancer = await startProgram(
    specOf(backends, { balance: "first", health: { interval: 0.1, timeout: 0.2, fall: 1, rise: 2 } }),
  );
  await who(balancer.port);
  await backends[0]?.kill();
  const names = await Promise.all(Array.from({ length: 60 }, () => who(balancer.port)));
  expect(new Set(names)).toEqual(new Set(["b"]));
  await balancer.stop();
});

test("stickiness and a dead backend: the retry goes elsewhere at once (R8)", async () => {
  const backends = await three();
  const balancer = await startProgram(specOf(backends, { balance: "source", health: { interval: 600 } }));
  const own = await who(balancer.port);
  const dead = backends.find(({ name }) => name === own);
  await dead?.kill();
  const names = await Promise.all(Array.from({ length: 10 }, () => who(balancer.port)));
  expect(new Set(names).size).toBe(1);
  expect(names[0]).not.toBe(own);
  const ends = await eventually(() => balancer.ends().length === 11 && balancer.ends(), "log lines");
  // Redispatched at once and not after a pause: far below the second that a retry of the same backend waits.
  const retried = ends.filter((line) => /\/\+1 \d+\/\d+$/.test(line));
  expect(retried.length).toBeGreaterThan(0);
  for (const line of retried) expect(Number(/ \d+\/(\d+)\/\d+ \d+ --/.exec(line)?.[1])).toBeLessThan(900);
  await balancer.stop();
});

test("all backends down: clients are closed at once with SC and <NOSRV>, and it recovers by itself (R29)", async () => {
  const backend = await startBackend("a");
  const balancer = await startProgram(specOf([backend]));
  await who(balancer.port);
  await backend.kill();
  await eventually(async () => (await balancer.backend("a")).state === "down", "a down");
  const refused = new Client(balancer.port);
  await refused.end();
  await eventually(() => balancer.ends().some((line) => /<NOSRV> .* SC /.test(line)), "SC line");
  await startBackend("a", backend.port);
  expect(await eventually(() => who(balancer.port), "recovery")).toBe("a");
  await balancer.stop();
});

test("a client that connects and leaves before the backend answers: the attempt is given up, code CC, counters back to 0 (R34)", async () => {
  const hole = await blackHole();
  const balancer = await startProgram({
    balance: "first",
    backends: [{ name: "hole", address: hole.address }],
    health: { interval: 600, timeout: 1 },
    timeouts: { connect: 30 },
  });
  const client = new Client(balancer.port);
  await eventually(async () => (await balancer.backend("hole")).connections === 1, "attempt");
  client.close();
  await eventually(async () => (await balancer.backend("hole")).connections === 0, "given up");
  await eventually(() => balancer.ends().some((line) => / CC /.test(line)), "CC");
  expect((await balancer.backend("hole")).connectFailures).toBe(0);
  hole.close();
  await balancer.stop();
});

test("a backend that resets connections at random never takes the balancer down", async () => {
  const rude = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => rude.listen(0, "127.0.0.1", resolve));
  const address = rude.address();
  const port = typeof address === "object" ? address?.port : 0;
  const balancer = await startProgram({
    balance: "first",
    backends: [{ name: "rude", address: `127.0.0.1:${port}` }],
  });
  const clients = Array.from({ length: 50 }, () => new Client(balancer.port).say(Buffer.alloc(20_000)));
  await Promise.all(clients.map((client) => client.end()));
  for (const client of clients) client.close();
  await eventually(async () => (await balancer.status()).listeners[0]?.connections === 0, "all gone");
  expect((await balancer.status()).listeners[0]?.terminations["SD"]).toBe(50);
  rude.close();
  await balancer.stop();
});
