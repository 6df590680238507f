import { afterEach, expect, test } from "vitest";
import { startImpalad } from "../../../fixtures/impalad/impalad.ts";
import { ask, Client } from "../support/clients.ts";
import { eventually, pause } from "../support/eventually.ts";
import { startImpaladProgram } from "../support/impalads.ts";
import { killAll, QUICK_HEALTH, startBackend, startProgram } from "../support/programs.ts";

afterEach(killAll);

test("a frozen Impalad gets no new connection once the HiveServer2 check has seen it, and its sessions are kept (R4)", async () => {
  const impalads = await Promise.all(["a", "b"].map((name) => startImpaladProgram(name)));
  const balancer = await startProgram({
    balance: "leastconn",
    backends: impalads.map(({ name, address }) => ({ name, address })),
    health: { ...QUICK_HEALTH, hiveserver2: {} },
  });
  await eventually(
    async () => (await balancer.backend("a")).lastCheck?.message === "session opened and closed",
    "checks",
  );
  const held = Array.from({ length: 4 }, () => new Client(balancer.port));
  await eventually(async () => (await balancer.backend("a")).connections === 2, "connections");
  impalads[0]?.child.kill("SIGSTOP");
  await eventually(async () => (await balancer.backend("a")).state === "down", "frozen one down");
  const before = (await balancer.backend("a")).total;
  const clients = Array.from({ length: 30 }, () => new Client(balancer.port));
  await eventually(async () => (await balancer.backend("b")).connections === 32, "all on the other");
  expect((await balancer.backend("a")).total).toBe(before);
  expect(held.some((client) => client.over)).toBe(false);
  impalads[0]?.child.kill("SIGCONT");
  await eventually(async () => (await balancer.backend("a")).state === "up", "thawed");
  for (const client of [...held, ...clients]) client.close();
  await balancer.stop();
});

test("a frozen backend with /healthz is seen by the web server that accepts but does not answer (R4)", async () => {
  const impalad = await startImpaladProgram("a");
  const balancer = await startProgram({
    balance: "first",
    backends: [{ name: "a", address: impalad.address }],
    health: { ...QUICK_HEALTH, http: { port: impalad.webPort, path: "/healthz" } },
  });
  await eventually(
    async () => (await balancer.backend("a")).lastCheck?.message === "/healthz answered 200",
    "web check",
  );
  impalad.child.kill("SIGSTOP");
  await eventually(async () => (await balancer.backend("a")).state === "down", "a down");
  expect((await balancer.backend("a")).lastCheck?.message).toMatch(/no answer from \/healthz/);
  impalad.child.kill("SIGCONT");
  await eventually(async () => (await balancer.backend("a")).state === "up", "thawed");
  await balancer.stop();
});

test("idle connections to a backend that can no longer be reached are closed towards the client with D- (R11)", async () => {
  const [a, b] = await Promise.all([startBackend("a", 0, 1), startBackend("b")]);
  const balancer = await startProgram({
    balance: "leastconn",
    backends: [a, b].map(({ name, address }) => ({ name, address })),
  });
  const clients = await Promise.all(Array.from({ length: 10 }, () => ask(balancer.port)));
  // Frozen with an accept queue of one: once it is full, SYNs are dropped as on a cut link.
  a.signal("SIGSTOP");
  const cut = clients.filter(({ name }) => name === "a");
  expect(cut).toHaveLength(5);
  await Promise.all(cut.map(({ client }) => client.end()));
  expect(clients.filter(({ name, client }) => name === "b" && client.over)).toHaveLength(0);
  await eventually(() => balancer.ends().filter((line) => / D- /.test(line)).length === 5, "D- lines");
  for (const { client } of clients) client.close();
  await balancer.stop();
});

test("/healthz 503: no new connections, present ones stay; 200: back, with slow start (R21)", async () => {
  const impalads = await Promise.all(["a", "b"].map((name) => startImpalad({ name })));
  const [a] = impalads;
  if (a === undefined) throw new Error("no impalad");
  // Both checks ask the first one's web server: the port is one for all backends, as on a real cluster.
  const balancer = await startProgram({
    balance: "first",
    backends: [{ name: "a", address: `127.0.0.1:${a.port}` }],
    health: { ...QUICK_HEALTH, http: { port: a.webPort, path: "/healthz" } },
    slowStart: 60,
  });
  const held = new Client(balancer.port);
  await eventually(async () => (await balancer.backend("a")).connections === 1, "connection");
  a.set({ healthy: false });
  await eventually(async () => (await balancer.backend("a")).state === "stopping", "stopping");
  const turned = new Client(balancer.port);
  await turned.end();
  await pause(500);
  expect(held.over).toBe(false);
  a.set({ healthy: true });
  const back = await eventually(async () => {
    const now = await balancer.backend("a");
    return now.state === "up" && now;
  }, "up again");
  expect(back.slowStart).toBe(true);
  held.close();
  turned.close();
  await balancer.stop();
  await Promise.all(impalads.map((each) => each.close()));
});

test("a /healthz that is missing is no reason to take a backend down", async () => {
  const impalad = await startImpalad({ name: "a" });
  const balancer = await startProgram({
    balance: "first",
    backends: [{ name: "a", address: `127.0.0.1:${impalad.port}` }],
    health: { ...QUICK_HEALTH, http: { port: impalad.webPort, path: "/nowhere" } },
  });
  const seen = await eventually(async () => (await balancer.backend("a")).lastCheck, "check");
  expect(seen.verdict).toBe("good");
  expect(seen.message).toMatch(/cannot be used as a check: it answered 404/);
  await balancer.stop();
  await impalad.close();
});

test("an Impalad saturated at its service threads gets no new connection, and keeps those that it serves", async () => {
  const full = await startImpalad({ name: "full", feServiceThreads: 4 });
  const other = await startImpalad({ name: "other" });
  const balancer = await startProgram({
    balance: "first",
    backends: [full, other].map(({ name, port }) => ({ name, address: `127.0.0.1:${port}` })),
    health: { ...QUICK_HEALTH, hiveserver2: {} },
  });
  await eventually(async () => (await balancer.backend("full")).checks.good > 0, "first check");
  const served = Array.from({ length: 4 }, () => new Client(balancer.port));
  await eventually(async () => (await balancer.backend("full")).state === "down", "saturation seen");
  await pause(500);
  expect(served.some((client) => client.over)).toBe(false);
  const late = new Client(balancer.port);
  await eventually(
    async () => (await balancer.backend("other")).connections === 1,
    "the next goes elsewhere",
  );
  for (const client of [...served, late]) client.close();
  await eventually(async () => (await balancer.backend("full")).state === "up", "free again");
  await balancer.stop();
  await Promise.all([full.close(), other.close()]);
});
