import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { ask, Client, who } from "../support/clients.ts";
import { eventually } from "../support/eventually.ts";
import { killAll, startProgram } from "../support/programs.ts";

/** What nginx's stream tests and HAProxy's regression tests ask of a balancer about retries, backups and checks. */

interface Small {
  readonly name: string;
  readonly address: string;
  readonly server: Server;
  /** Of those who have asked `who`: checks do not. */
  readonly asked: Set<Socket>;
  /** Refuses from now on. */
  close(): Promise<void>;
}

const running = new Set<Small>();
afterEach(async () => {
  await killAll();
  await Promise.all([...running].map((each) => each.close()));
});

/** Answers `who` with its name, ends its side at `bye`, and does not mind that a client has ended its own. */
async function small(name: string, port = 0): Promise<Small> {
  const sockets = new Set<Socket>();
  const asked = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    socket.on("data", (said) => {
      if (said.includes("who")) {
        asked.add(socket);
        socket.write(`${name}\n`);
      }
      if (said.includes("bye")) socket.end();
    });
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  const each: Small = {
    name,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    asked,
    close: async () => {
      running.delete(each);
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((closed) => server.close(closed));
    },
  };
  running.add(each);
  return each;
}

const some = (...names: string[]) => Promise.all(names.map((name) => small(name)));
const listed = (backends: readonly Small[]) => backends.map(({ name, address }) => ({ name, address }));

/** Nothing listens there. */
async function dead(name: string): Promise<{ name: string; address: string }> {
  const gone = await small(name);
  await gone.close();
  return { name, address: gone.address };
}

/** So quick that everything has been checked at once, so patient that only connections find out what has died. */
const TRUSTING = { interval: 0.2, fall: 100 };
/** Only the first backend is checked, the others much later. */
const UNCHECKED = { interval: 3600 };

test("leastconn does not count a connection whose client, or whose backend, has said its last", async () => {
  const backends = await some("a", "b");
  const balancer = await startProgram({ balance: "leastconn", backends: listed(backends) });
  const all: Awaited<ReturnType<typeof ask>>[] = [];
  const connect = async (count: number): Promise<string> => {
    const now: typeof all = [];
    for (let n = 0; n < count; n++) now.push(await ask(balancer.port));
    all.push(...now);
    return now.map(({ name }) => name).join("");
  };
  expect(["abab", "baba"]).toContain(await connect(4));
  const [a, b] = backends as [Small, Small];
  const heard = [...a.asked].map((socket) => once(socket, "end"));
  for (const { client } of all.filter(({ name }) => name === "a")) client.socket.end();
  await Promise.all(heard);
  // Two each, but both of a are about to end: it gets the next two.
  expect(await connect(2)).toBe("aa");
  const ending = all.filter(({ name }) => name === "b");
  for (const { client } of ending) client.say("bye\n");
  await Promise.all(ending.map(({ client }) => client.end()));
  expect(await connect(2)).toBe("bb");
  const held = (await balancer.status()).listeners[0]?.backends.map(({ connections }) => connections);
  expect(held).toEqual([4, 4]);
  expect([a.asked.size, b.asked.size]).toEqual([4, 4]);
  await Promise.all(backends.map((each) => each.close()));
  await eventually(async () => {
    const now = (await balancer.status()).listeners[0]?.backends.map(({ connections }) => connections);
    return now?.every((count) => count === 0);
  }, "all given back");
  await balancer.stop();
});

test("before the first check dead backends are passed over one after the other, however many and however few retries", async () => {
  const [alive] = await some("alive");
  const gone = await Promise.all(["1", "2", "3", "4", "5", "6"].map(dead));
  const backends = [...gone, { name: "alive", address: alive?.address ?? "" }];
  for (const balance of ["leastconn", "session"]) {
    const balancer = await startProgram({ balance, backends, health: UNCHECKED, retries: 0 });
    // What is no Thrift is placed as `source` places it.
    expect(await who(balancer.port)).toBe("alive");
    expect(await who(balancer.port)).toBe("alive");
    await balancer.stop();
  }
});

test("when every active backend refuses, though no check has seen it yet, a backup answers at once", async () => {
  const backends = await some("a", "b", "spare");
  const spare = { ...listed(backends)[2], backup: true };
  const balancer = await startProgram({
    balance: "leastconn",
    backends: [...listed(backends.slice(0, 2)), spare],
    health: TRUSTING,
  });
  await eventually(async () => {
    const seen = await Promise.all(["a", "b"].map((name) => balancer.backend(name)));
    return seen.every(({ checks }) => checks.good > 0);
  }, "both checked");
  await Promise.all(backends.slice(0, 2).map((each) => each.close()));
  const { name, took, client } = await ask(balancer.port);
  expect(name).toBe("spare");
  // The same backend again would have to wait a second.
  expect(took).toBeLessThan(1000);
  client.close();
  expect(balancer.log()).not.toContain("DOWN");
  await balancer.stop();
});

test("retries end after as many as there may be; without another backend the same one is tried after a pause", async () => {
  const [only] = await some("only");
  const backends = listed([only as Small]);
  const balancer = await startProgram({ balance: "leastconn", backends, health: TRUSTING, retries: 1 });
  await eventually(async () => (await balancer.backend("only")).checks.good > 0, "checked");
  await only?.close();
  const began = performance.now();
  const waiting = new Client(balancer.port).say("who\n");
  await eventually(
    async () => (await balancer.status()).listeners[0]?.retries === 1,
    "a first attempt failed",
  );
  const port = Number(only?.address.split(":")[1]);
  const back = await small("only", port);
  expect(await waiting.line()).toBe("only");
  expect(performance.now() - began).toBeGreaterThan(900);
  await back.close();
  waiting.close();
  await eventually(() => balancer.ends().length === 1, "logged");
  // Tried again, but at no other backend.
  expect(balancer.ends()[0]).toMatch(/ \d+\/\d+\/\d+\/\d+\/1 /);
  await balancer.stop();
});
