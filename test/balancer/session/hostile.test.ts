import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { query } from "../../../fixtures/impalad/client.ts";
import { cluster, later, raw, server } from "./support/cluster.ts";
import { Host } from "./support/host.ts";
import { encodeCall, SESSION } from "./support/messages.ts";

const OPEN = encodeCall("OpenSession", { client_protocol: 5, username: "hue", password: "hunter2" });

describe("what cannot be routed falls back to plain relaying, with the bytes read so far", () => {
  test.each([
    ["TLS", Buffer.from("160301020001", "hex"), "tls"],
    ["HTTP", Buffer.from("POST /cliservice HTTP/1.1\r\n"), "http"],
    ["Kerberos", Buffer.concat([Buffer.from("0100000006", "hex"), Buffer.from("GSSAPI")]), "sasl-gssapi"],
    ["old-style Thrift", Buffer.from("0000000b4f70656e53657373696f6e", "hex"), "unknown"],
  ])("%s", async (_, head, transport) => {
    const { host } = await cluster(1);
    raw(host.endpoint, head);
    await expect.poll(() => host.fallbacks).toEqual([{ head, transport }]);
    expect(host.events).toEqual([{ type: "fallback", source: "127.0.0.1", transport }]);
    expect(host.router.stats().fallbacks).toMatchObject({ [transport]: 1 });
    expect(host.router.connections).toBe(0);
  });

  test("byte by byte", async () => {
    const { host } = await cluster(1);
    const client = raw(host.endpoint);
    client.socket.setNoDelay(true);
    for (const byte of Buffer.from("GET /")) {
      await new Promise((resolve) => client.socket.write(Buffer.from([byte]), resolve));
    }
    await expect.poll(() => host.fallbacks[0]?.head.toString()).toBe("GET /");
  });

  test("half a header for ever", async () => {
    const { host } = await cluster(1, {}, { timeouts: { client: 60, server: 60, unfinished: 0.5 } });
    raw(host.endpoint, Buffer.from("8001", "hex"));
    await expect.poll(() => host.fallbacks, { timeout: 10_000 }).toMatchObject([{ transport: "unknown" }]);
  });
});

describe("bytes that are not understood in mid-stream", () => {
  const garbage = Buffer.from("this is not Thrift, and it is longer than 32 bytes");

  test("close the connection and are logged, the first 32 in hex", async () => {
    const { host } = await cluster(1);
    const client = raw(host.endpoint, OPEN);
    await expect.poll(() => client.received().length).toBeGreaterThan(50);
    client.socket.write(garbage);
    await client.closed;
    expect(host.events).toEqual([
      {
        type: "not-understood",
        source: "127.0.0.1",
        backend: undefined,
        reason: "not the start of a Thrift message",
        hex: garbage.subarray(0, 32).toString("hex"),
      },
    ]);
    expect(host.ends).toMatchObject([{ termination: "PD" }]);
  });

  test.each([
    ["a negative length", "0b0001ffffffff", "negative length"],
    ["endless nesting", "0c0001".repeat(100), "nested too deeply"],
    ["an unknown type", "ff0001", "unknown type 255"],
  ])("%s after a valid start", async (_, hex, reason) => {
    const { host, impalads } = await cluster(1);
    const header = encodeCall("CloseSession", { sessionHandle: SESSION }).subarray(0, 24);
    const client = raw(host.endpoint, Buffer.concat([header, Buffer.from(hex, "hex")]));
    await client.closed;
    expect(host.events).toMatchObject([{ type: "not-understood", reason }]);
    expect(impalads[0]?.stats().connectionsOpened).toBe(0);
  });

  test("show no password: neither of an OpenSession that goes wrong nor of a login in the wrong place", async () => {
    const { host } = await cluster(1);
    const broken = Buffer.concat([OPEN.subarray(0, OPEN.length - 1), Buffer.from("ff0001", "hex")]);
    await raw(host.endpoint, broken).closed;
    const login = Buffer.concat([Buffer.from("020000000c", "hex"), Buffer.from("\0hue\0hunter2")]);
    const client = raw(host.endpoint, OPEN);
    await expect.poll(() => client.received().length).toBeGreaterThan(50);
    client.socket.write(login);
    await client.closed;
    expect(host.events).toHaveLength(2);
    const hexes = host.events.map((event) => (event.type === "not-understood" ? event.hex : ""));
    expect(hexes[1]).toBe("020000000c");
    for (const hex of hexes) expect(hex).not.toContain(Buffer.from("hunter2").toString("hex"));
  });

  test("from a backend close the connection too", async () => {
    const web = await server((socket) => {
      socket.once("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n"));
    });
    const host = await Host.start([{ name: "web", ...web }]);
    later(() => host.close());
    await raw(host.endpoint, OPEN).closed;
    expect(host.events).toMatchObject([{ type: "not-understood", backend: "web" }]);
  });

  test("that nobody asked for, from a backend between calls", async () => {
    const sockets: Socket[] = [];
    const talker = await server((socket) => void sockets.push(socket));
    const chatty = await Host.start([{ name: "chatty", ...talker }]);
    later(() => chatty.close());
    const client = raw(chatty.endpoint, OPEN);
    await expect.poll(() => sockets.length).toBe(1);
    // A complete reply, and then more than one.
    const reply = Buffer.from("80010002000000014f0000000100", "hex");
    sockets[0]?.write(Buffer.concat([reply, reply]));
    await client.closed;
    expect(client.received().equals(reply)).toBe(true);
    expect(chatty.events).toMatchObject([{ reason: "bytes after the reply" }]);
  });
});

describe("limits", () => {
  test("a call that stops in the middle is given up", async () => {
    const { host } = await cluster(1, {}, { timeouts: { client: 60, server: 60, unfinished: 0.5 } });
    const client = raw(host.endpoint, OPEN.subarray(0, 40));
    await client.closed;
    expect(host.ends).toMatchObject([{ termination: "cD", reason: "the call was not completed" }]);
  });

  test("a login that stops in the middle is given up", async () => {
    const { host } = await cluster(
      1,
      { auth: "plain" },
      { timeouts: { client: 60, server: 60, unfinished: 0.5 } },
    );
    await raw(host.endpoint, Buffer.concat([Buffer.from("0100000005", "hex"), Buffer.from("PLAIN")])).closed;
    expect(host.ends).toMatchObject([{ termination: "cD", reason: "the login was not completed" }]);
  });

  test("a login of impossible length is refused", async () => {
    const { host } = await cluster(1, { auth: "plain" });
    const start = Buffer.concat([
      Buffer.from("0100000005", "hex"),
      Buffer.from("PLAIN"),
      Buffer.from("020000ffff", "hex"),
    ]);
    await raw(host.endpoint, Buffer.concat([start, Buffer.alloc(40_000)])).closed;
    expect(host.ends).toMatchObject([{ termination: "PD", reason: "a login of impossible length" }]);
  });

  test("an idle connection ends after its time, a silent one after its own, a call without an answer after the server's", async () => {
    const at = { name: "mute", ...(await server(() => undefined)) };
    const waiting = await Host.start([at], { timeouts: { client: 60, server: 0.5 } });
    later(() => waiting.close());
    const silent = await Host.start([at], { timeouts: { client: 60, server: 60, firstByte: 0.5 } });
    later(() => silent.close());
    const { host: idle } = await cluster(1, {}, { timeouts: { client: 0.5, server: 60 } });
    await Promise.all([
      raw(waiting.endpoint, OPEN).closed,
      raw(silent.endpoint).closed,
      raw(idle.endpoint, OPEN).closed,
    ]);
    expect(waiting.ends).toMatchObject([{ termination: "sD", reason: "no answer within 0.5 s" }]);
    expect(silent.ends).toMatchObject([{ termination: "cD", reason: "nothing said within 0.5 s" }]);
    expect(idle.ends).toMatchObject([{ termination: "cD", reason: "idle" }]);
  });

  test("calls that come all at once are answered one after the other", async () => {
    const { host } = await cluster(3);
    const client = raw(host.endpoint, Buffer.concat([OPEN, OPEN, OPEN, OPEN, OPEN, OPEN]));
    await expect.poll(() => host.router.stats().sessionsOpened).toBe(6);
    await expect.poll(() => client.received().toString("latin1").split("OpenSession").length).toBe(7);
    expect(host.events).toEqual([]);
  });

  test("a client that ends its side after a call still gets the answer", async () => {
    const { host } = await cluster(1);
    const client = raw(host.endpoint);
    client.socket.end(OPEN);
    await client.closed;
    expect(client.received().includes("OpenSession")).toBe(true);
    expect(host.ends).toMatchObject([{ termination: "--" }]);
  });

  test("clients that vanish in mid-call leave nothing behind", async () => {
    const { host, impalads } = await cluster(2);
    for (let i = 0; i < 50; i++) {
      const client = raw(host.endpoint, i % 2 ? OPEN : OPEN.subarray(0, 30 + (i % 20)));
      client.socket.once("connect", () => client.socket.resetAndDestroy());
      await client.closed;
    }
    await expect.poll(() => host.router.connections).toBe(0);
    await expect.poll(() => impalads.map((each) => each.stats().connections)).toEqual([0, 0]);
    expect(await query(host.endpoint, "select 'x'")).toEqual([["x"]]);
  });

  test("hundreds of connections with half a call each hold little memory", async () => {
    const { host } = await cluster(1);
    const start = encodeCall("ExecuteStatement", { sessionHandle: SESSION, statement: "x".repeat(60_000) });
    const before = process.memoryUsage().rss;
    const clients = Array.from({ length: 300 }, () => raw(host.endpoint, start.subarray(0, 50_000)));
    await expect.poll(() => host.router.connections, { timeout: 20_000 }).toBe(300);
    await expect.poll(() => host.router.stats().calls, { timeout: 20_000 }).toBe(300);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    for (const { socket } of clients) socket.destroy();
    await expect.poll(() => host.router.connections, { timeout: 20_000 }).toBe(0);
  });
});
