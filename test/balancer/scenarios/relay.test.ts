import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type RunningBalancer, startBalancer } from "../../../src/balancer/balancer.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { Client } from "../support/clients.ts";
import { eventually, pause } from "../support/eventually.ts";
import { killAll, startBackend, startProgram } from "../support/programs.ts";

const servers: Server[] = [];
const balancers: RunningBalancer[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  await Promise.all(balancers.splice(0).map((each) => each.close()));
  await killAll();
});

async function backend(serve: (socket: Socket) => void): Promise<string> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    serve(socket);
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function balance(
  address: string,
  more: object = {},
  plain = false,
): Promise<{ port: number; balancer: RunningBalancer }> {
  const listener = {
    name: "impala",
    bind: "127.0.0.1:0",
    balance: "first",
    backends: [{ name: "a", address }],
    ...more,
  };
  const balancer = await startBalancer(
    parseSpec({ version: 1, listeners: [listener] }),
    plain ? { plain } : {},
  );
  balancers.push(balancer);
  return { port: balancer.addresses["impala"]?.port ?? 0, balancer };
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

for (const plain of [false, true]) {
  const way = plain ? "plain streams" : "reused buffers";

  test(`half-close over ${way}: after the client's FIN a late answer arrives completely (R10)`, async () => {
    const address = await backend((socket) => {
      socket.on("end", () => setTimeout(() => socket.end(Buffer.alloc(300_000, "a")), 300));
      socket.resume();
    });
    const { port } = await balance(address, {}, plain);
    const client = new Client(port);
    client.socket.end("question");
    await client.end();
    expect(client.bytes).toBe(300_000);
  });

  test(`half-close over ${way}: after the backend's FIN the client may still speak, then both close (R10)`, async () => {
    let heard = "";
    const address = await backend((socket) => {
      socket.end("done");
      socket.on("data", (chunk) => {
        heard += chunk.toString();
      });
    });
    const { port, balancer } = await balance(address, {}, plain);
    const client = new Client(port);
    await client.end();
    expect(client.text).toBe("done");
    client.say("more ");
    await eventually(() => heard === "more ", "bytes after FIN");
    client.socket.end("last");
    await eventually(() => heard === "more last", "last bytes");
    await eventually(() => balancer.stats().listeners[0]?.connections === 0, "both closed");
    expect(balancer.stats().listeners[0]?.terminations).toEqual({ "--": 1 });
  });

  test(`random data both ways over ${way}, with random pauses and half-close: the same bytes arrive (R15)`, async () => {
    const size = 8 * 1024 * 1024;
    const answers: Buffer[] = [];
    const questions: string[] = [];
    const address = await backend((socket) => {
      const answer = randomBytes(size);
      answers.push(answer);
      const hash = createHash("sha256");
      socket.on("data", (chunk) => hash.update(chunk));
      socket.on("end", () => questions.push(hash.digest("hex")));
      jerky(socket);
      socket.end(answer);
    });
    const { port } = await balance(address, {}, plain);
    const sent: string[] = [];
    const got = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const client = new Client(port);
        jerky(client.socket);
        const question = randomBytes(size);
        sent.push(sha256(question));
        client.socket.end(question);
        await once(client.socket, "close");
        return sha256(Buffer.concat(client.chunks));
      }),
    );
    // The health check's connection has an answer too, which nobody reads.
    const given = answers.map(sha256);
    expect(new Set(got).size).toBe(4);
    for (const each of got) expect(given).toContain(each);
    for (const each of sent) await eventually(() => questions.includes(each), "the whole question");
  });

  test(`over ${way}: the backend closes while the client has stopped reading; everything arrives once it reads again (R33)`, async () => {
    const all = randomBytes(50 * 1024 * 1024);
    const address = await backend((socket) => socket.end(all));
    const { port } = await balance(address, {}, plain);
    const client = new Client(port);
    client.socket.pause();
    await pause(500);
    client.socket.resume();
    await client.end();
    expect(sha256(Buffer.concat(client.chunks))).toBe(sha256(all));
  });
}

/** Stops reading now and then. */
function jerky(socket: Socket): void {
  socket.on("data", () => {
    if (Math.random() > 0.03) return;
    socket.pause();
    setTimeout(() => socket.resume(), Math.random() * 10);
  });
}

test("stopping while a client does not read a pending result does not crash and ends in time (R33)", async () => {
  const address = await backend((socket) => socket.end(Buffer.alloc(50 * 1024 * 1024)));
  const balancer = await startProgram({ balance: "first", backends: [{ name: "a", address }] });
  const client = new Client(balancer.port);
  client.socket.pause();
  await eventually(
    async () => ((await balancer.status()).listeners[0]?.bytesToClient ?? 0) > 0,
    "bytes under way",
  );
  await balancer.stop();
  client.close();
});

test("a half-closed connection in which nothing moves is closed on both sides after its time-out (R10)", async () => {
  const errors: Error[] = [];
  const asked: Socket[] = [];
  const address = await backend((socket) => {
    socket.on("error", (error) => errors.push(error));
    socket.once("data", () => asked.push(socket));
  });
  const { port, balancer } = await balance(address, { timeouts: { halfClosed: 0.5 } });
  const client = new Client(port);
  client.socket.end("question");
  await eventually(() => client.closed, "the client's side closed");
  expect(balancer.stats().listeners[0]?.terminations).toEqual({ sD: 1 });
  // Node does not look at a connection again after FIN: only a write shows that the other side is gone.
  await eventually(() => {
    asked[0]?.write("late answer");
    return errors.length > 0;
  }, "the backend's side closed");
});

test("a client's reset reaches the backend", async () => {
  const errors: string[] = [];
  const address = await backend((socket) => {
    socket.resume();
    socket.on("error", (error) => errors.push("code" in error ? String(error.code) : ""));
  });
  const { port, balancer } = await balance(address);
  const client = new Client(port).say("question");
  await eventually(() => (balancer.stats().listeners[0]?.bytesToBackend ?? 0) > 0, "bytes");
  client.socket.resetAndDestroy();
  await eventually(() => errors.includes("ECONNRESET"), "reset");
  expect(balancer.stats().listeners[0]?.terminations).toEqual({ CD: 1 });
});

test("what a backend said before it reset the connection still reaches the client, then FIN", async () => {
  const address = await backend((socket) => {
    socket.write(Buffer.alloc(100_000), () => setTimeout(() => socket.resetAndDestroy(), 100));
  });
  const { port, balancer } = await balance(address);
  const client = new Client(port).say("question");
  await client.end();
  expect(client.bytes).toBe(100_000);
  client.close();
  await eventually(() => balancer.stats().listeners[0]?.terminations["SD"] === 1, "SD");
});

test("idle connections are closed on both sides; traffic in either direction keeps them (R14)", async () => {
  const ends: string[] = [];
  const address = await backend((socket) => {
    socket.once("data", (chunk) => {
      const name = chunk.toString();
      socket.on("end", () => ends.push(name));
      if (name !== "listener") return;
      const timer = setInterval(() => socket.write("."), 200);
      socket.on("close", () => clearInterval(timer));
    });
  });
  const { port, balancer } = await balance(address, { timeouts: { client: 2, server: 2 } });
  const idle = new Client(port).say("idle");
  const speaker = new Client(port).say("speaker");
  const listener = new Client(port).say("listener");
  const timer = setInterval(() => speaker.say("."), 200);
  const began = performance.now();
  await idle.end();
  const took = (performance.now() - began) / 1000;
  expect(took).toBeGreaterThan(1);
  await eventually(() => ends.includes("idle"), "FIN to the backend");
  expect([speaker.over, listener.over]).toEqual([false, false]);
  expect(balancer.stats().listeners[0]?.terminations).toEqual({ cD: 1 });
  clearInterval(timer);
  for (const client of [idle, speaker, listener]) client.close();
});

test("clients that do not read a fast backend cost bounded memory (R12)", async () => {
  const source = await startBackend("a");
  const balancer = await startProgram({
    balance: "first",
    backends: [{ name: "a", address: source.address }],
  });
  const rss = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${balancer.child.pid}/status`, "utf8"))?.[1]);
  const warm = new Client(balancer.port).say("get 50000000\n");
  await eventually(() => warm.bytes === 50_000_000, "warm-up");
  warm.close();
  const before = rss();
  const clients = Array.from({ length: 20 }, () => new Client(balancer.port));
  for (const client of clients) {
    client.socket.pause();
    client.say("get 200000000\n");
  }
  await pause(3000);
  const grown = (rss() - before) / 1024;
  await pause(1500);
  const later = (rss() - before) / 1024;
  expect(grown).toBeLessThan(40);
  expect(later).toBeLessThan(40);
  for (const client of clients) client.close();
  await balancer.stop();
});
