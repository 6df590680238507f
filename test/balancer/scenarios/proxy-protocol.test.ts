import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { query } from "../../../fixtures/impalad/client.ts";
import { startImpalad } from "../../../fixtures/impalad/impalad.ts";
import { startBalancer } from "../../../src/balancer/balancer.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { freePort, startHaproxy } from "../../engines/support.ts";
import { missing, title } from "../../support/needs.ts";
import { ask, Client, who } from "../support/clients.ts";
import { eventually, pause } from "../support/eventually.ts";
import { killAll, startBackend, startProgram } from "../support/programs.ts";
import { SIGNATURE, version1, version2 } from "../support/proxy-headers.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await killAll();
});

/** Proxies are at 127.0.0.1 only. */
const trusted = { from: ["127.0.0.1/32"], timeout: 1 };
const versions = [
  { version: 1, header: version1 },
  { version: 2, header: version2 },
];

/** Sends the bytes in two pieces that the balancer reads one after the other. */
async function inTwo(client: Client, bytes: Buffer, cut: number): Promise<void> {
  if (cut > 0) {
    client.say(bytes.subarray(0, cut));
    await pause(30);
  }
  client.say(bytes.subarray(cut));
}

/** A proxy that puts a header before what its clients say: in one piece with it, or cut into two. */
async function startProxy(target: number, header: Buffer, cut: number): Promise<number> {
  const server = createServer((client) => {
    const upstream = connect({ port: target, host: "127.0.0.1", noDelay: true });
    for (const socket of [client, upstream]) socket.on("error", () => undefined);
    upstream.pipe(client);
    client.once("data", async (first: Buffer) => {
      client.pause();
      const whole = Buffer.concat([header, first]);
      if (cut > 0) {
        upstream.write(whole.subarray(0, cut));
        await pause(30);
      }
      upstream.write(whole.subarray(cut));
      client.pipe(upstream);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe.each(versions)("PROXY protocol, version $version (R23)", ({ header }) => {
  test("cut at every byte it is understood, and the bytes after it reach the backend", async () => {
    const backend = await startBackend("a");
    const balancer = await startProgram({
      balance: "leastconn",
      backends: [{ name: "a", address: backend.address }],
      proxyProtocol: { ...trusted, timeout: 30 },
    });
    const { length } = header({ host: "192.0.2.100", port: 40_100 });
    const cuts = Array.from({ length: length + 4 }, (_, index) => index);
    const clients = cuts.map(() => new Client(balancer.port));
    const answers = clients.map(async (client, cut) => {
      const bytes = Buffer.concat([
        header({ host: "192.0.2.100", port: 40_100 + cut }),
        Buffer.from("who\n"),
      ]);
      await inTwo(client, bytes, cut);
      const line = await client.line();
      client.socket.end();
      return line;
    });
    expect(await Promise.all(answers)).toEqual(cuts.map(() => "a"));
    const ends = await eventually(
      () => balancer.ends().length === cuts.length && balancer.ends(),
      "all ends in the log",
    );
    for (const cut of cuts) {
      expect(ends.filter((line) => line.startsWith(`192.0.2.100:${40_100 + cut} `))).toHaveLength(1);
    }
    // The header is the proxy's, not the stream's.
    for (const line of ends) expect(line).toMatch(/impala\/a \d+\/\d+\/\d+ 2 -- /);
    expect((await balancer.status()).listeners[0]?.bytesToBackend).toBe(4 * cuts.length);
    await balancer.stop();
  });

  test("a client that has said everything with its header, FIN included, still gets its answer", async () => {
    const backend = await startBackend("a");
    const balancer = await startProgram({
      balance: "leastconn",
      backends: [{ name: "a", address: backend.address }],
      proxyProtocol: trusted,
    });
    const client = new Client(balancer.port);
    client.socket.end(
      Buffer.concat([header({ host: "192.0.2.1", port: 7 }), Buffer.from("echo\nall of it")]),
    );
    await client.end();
    expect(client.text).toBe("all of it");
    await eventually(() => balancer.ends().some((line) => /^192\.0\.2\.1:7 .* -- /.test(line)), "--");
    await balancer.stop();
  });

  test.each([
    { what: "in one piece with the first call", cut: 0 },
    { what: "cut in two", cut: 9 },
  ])("the header of a connection that is routed by session, $what", async ({ cut }) => {
    const impalad = await startImpalad({ name: "one" });
    cleanups.push(() => impalad.close());
    const balancer = await startProgram({
      balance: "session",
      backends: [{ name: "one", address: `${impalad.host}:${impalad.port}` }],
      proxyProtocol: { ...trusted, timeout: 30 },
    });
    const port = await startProxy(balancer.port, header({ host: "192.0.2.7", port: 4711 }), cut);
    expect(await query({ host: "127.0.0.1", port }, "select impalad()")).toEqual([["one"]]);
    expect((await balancer.status()).listeners[0]?.routing?.sessionsOpened).toBe(1);
    const [end] = await eventually(() => balancer.ends().length > 0 && balancer.ends(), "the end in the log");
    expect(end).toMatch(/^192\.0\.2\.7:4711 .* impala\/one /);
    await balancer.stop();
  });

  test.each(["leastconn", "session"])("plain streams read it too (%s)", async (balance) => {
    const impalad = await startImpalad({ name: "one" });
    cleanups.push(() => impalad.close());
    const listener = {
      name: "impala",
      bind: "127.0.0.1:0",
      balance,
      backends: [{ name: "one", address: `${impalad.host}:${impalad.port}` }],
      proxyProtocol: trusted,
      allow: ["192.0.2.7"],
    };
    const balancer = await startBalancer(parseSpec({ version: 1, listeners: [listener] }), { plain: true });
    cleanups.push(() => balancer.close());
    const target = balancer.addresses["impala"]?.port ?? 0;
    const welcome = await startProxy(target, header({ host: "192.0.2.7", port: 4711 }), 5);
    expect(await query({ host: "127.0.0.1", port: welcome }, "select impalad()")).toEqual([["one"]]);
    const stranger = await startProxy(target, header({ host: "192.0.2.8", port: 4711 }), 5);
    await expect(query({ host: "127.0.0.1", port: stranger }, "select impalad()")).rejects.toThrow();
    await eventually(() => balancer.stats().listeners[0]?.connections === 0, "all gone");
    expect(balancer.stats().listeners[0]?.terminations).toMatchObject({ PC: 1 });
  });

  test("the allow list, the limit of one source and stickiness look at the address in the header", async () => {
    const backends = await Promise.all(["a", "b"].map((name) => startBackend(name)));
    const balancer = await startProgram({
      balance: "source",
      backends: backends.map(({ name, address }) => ({ name, address })),
      proxyProtocol: trusted,
      allow: ["192.0.2.0/24"],
      maxConnectionsPerSource: 2,
    });
    const from = (host: string) => new Client(balancer.port).say(header({ host, port: 99 })).say("who\n");
    const first = from("192.0.2.1");
    const name = await first.line();
    const second = from("192.0.2.1");
    expect(await second.line()).toBe(name);
    const third = from("192.0.2.1");
    await third.end();
    expect(third.text).toBe("");
    const other = from("192.0.2.2");
    expect(await other.line()).toMatch(/^[ab]$/);
    const denied = from("198.51.100.1");
    await denied.end();
    expect(denied.text).toBe("");
    const listener = (await balancer.status()).listeners[0];
    expect(listener).toMatchObject({ sources: 2, connections: 3, refused: { notAllowed: 1, sourceFull: 1 } });
    expect(balancer.log()).toMatch(
      /^198\.51\.100\.1:99 impala\/<NOSRV> -1\/-1\/\d+ 0 PC: its address is not in the allow list$/m,
    );
    expect(balancer.log()).toMatch(/^192\.0\.2\.1:99 .* PC: the connections of one source are used up$/m);
    first.close();
    await eventually(async () => (await balancer.status()).listeners[0]?.connections === 2, "one gone");
    const again = from("192.0.2.1");
    expect(await again.line()).toBe(name);
    for (const client of [second, other, again]) client.close();
    await balancer.stop();
  });
});

describe.skipIf(missing("haproxy"))(title("a real HAProxy in front (R23)", "haproxy"), () => {
  test.each(["send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options unique-id,crc32c"])(
    "its %s is understood, its checks too",
    async (option) => {
      const backend = await startBackend("a");
      const balancer = await startProgram({
        balance: "leastconn",
        backends: [{ name: "a", address: backend.address }],
        proxyProtocol: trusted,
      });
      const port = await freePort();
      const config = [
        "defaults",
        " mode tcp",
        " timeout connect 5s",
        " timeout client 60s",
        " timeout server 60s",
        "listen front",
        ` bind 127.0.0.1:${port}`,
        " unique-id-format %[uuid()]",
        ` server balancer 127.0.0.1:${balancer.port} ${option} check inter 100ms`,
      ];
      await startHaproxy(`${config.join("\n")}\n`, port);
      const { name, client } = await ask(port, "127.0.0.5");
      expect(name).toBe("a");
      const from = client.socket.localPort ?? 0;
      client.socket.end();
      await client.end();
      await eventually(
        () => balancer.ends().some((line) => line.startsWith(`127.0.0.5:${from} `) && / 2 -- /.test(line)),
        "its end in the log",
      );
      // The server's own address is that of its checks, which say so (LOCAL, UNKNOWN) and leave.
      await eventually(() => balancer.ends().some((line) => line.startsWith("127.0.0.1:")), "a check");
      expect((await balancer.status()).listeners[0]?.terminations).not.toHaveProperty("PR");
      await balancer.stop();
    },
  );
});

describe("what is no header (R23)", () => {
  test("garbage, an oversized header, silence and leaving end the connection with a code, without a backend", async () => {
    const backend = await startBackend("a");
    const balancer = await startProgram({
      balance: "leastconn",
      backends: [{ name: "a", address: backend.address }],
      proxyProtocol: trusted,
      timeouts: { client: 600 },
    });
    const oversized = Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x11, 0xff, 0xff]), Buffer.alloc(70_000)]);
    const cases: [Buffer | string, RegExp][] = [
      ["who\n", /PR: this is no PROXY protocol header$/],
      [`PROXY TCP4 ${"1".repeat(300)}`, /PR: no end of line within 107 bytes$/],
      ["PROXY TCP4 1.2.3.4 1.2.3.4 1 66000\r\n", /PR: bad ports$/],
      [oversized, /PR: 65535 bytes are more than 4096$/],
      ["", /impala\/<NOSRV> -1\/-1\/\d{3,} 0 cR /],
      ["PROXY TC", /impala\/<NOSRV> -1\/-1\/\d{3,} 0 cR /],
    ];
    for (const [bytes, line] of cases) {
      const client = new Client(balancer.port).say(bytes);
      await client.end();
      expect(client.text).toBe("");
      await eventually(
        () =>
          balancer
            .log()
            .split("\n")
            .some((each) => line.test(each)),
        String(line),
      );
      client.close();
    }
    const leaving = new Client(balancer.port).say("PROXY ");
    await eventually(async () => (await balancer.status()).listeners[0]?.connections === 1, "it is there");
    leaving.socket.end();
    await leaving.end();
    await eventually(() => balancer.ends().some((line) => / CR /.test(line)), "CR");
    const listener = (await balancer.status()).listeners[0];
    expect(listener?.terminations).toEqual({ PR: 4, cR: 2, CR: 1 });
    expect(listener).toMatchObject({ connections: 0, bytesToBackend: 0, backends: [{ total: 0 }] });
    await balancer.stop();
  });

  test("connections from elsewhere have no header: what looks like one is the stream's, and nobody's address", async () => {
    const backend = await startBackend("a");
    const balancer = await startProgram({
      balance: "leastconn",
      backends: [{ name: "a", address: backend.address }],
      proxyProtocol: trusted,
    });
    expect(await who(balancer.port, "127.0.0.2")).toBe("a");
    const spoofing = await ask(balancer.port, "127.0.0.3");
    spoofing.client.say(version1({ host: "192.0.2.1", port: 1 })).say("who\n");
    expect(await spoofing.client.line()).toBe("a");
    const early = new Client(balancer.port, "127.0.0.1", "127.0.0.4").say(
      version2({ host: "192.0.2.1", port: 1 }),
    );
    early.say("\nwho\n");
    expect(await early.line()).toBe("a");
    spoofing.client.close();
    early.close();
    await eventually(() => balancer.ends().length === 3, "three ends");
    expect(balancer.log()).not.toContain("192.0.2.1");
    await balancer.stop();
  });

  test("proxies that have not said whom they speak for count among the connections", async () => {
    const backend = await startBackend("a");
    const balancer = await startProgram({
      balance: "leastconn",
      backends: [{ name: "a", address: backend.address }],
      proxyProtocol: { ...trusted, timeout: 30 },
      maxConnections: 2,
    });
    const silent = [new Client(balancer.port), new Client(balancer.port)];
    await eventually(async () => (await balancer.status()).listeners[0]?.connections === 2, "both");
    const third = new Client(balancer.port);
    await third.end();
    expect((await balancer.status()).listeners[0]?.refused.full).toBe(1);
    for (const client of silent) client.close();
    await balancer.stop();
  });
});
