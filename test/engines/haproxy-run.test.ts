import { createConnection, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { closeSession, execute, openSession, query } from "../../fixtures/impalad/client.ts";
import { HuePool } from "../../fixtures/impalad/hue-pool.ts";
import { type SimulatedImpalad, startImpalad } from "../../fixtures/impalad/impalad.ts";
import { renderHaproxy } from "../../src/engines/haproxy/haproxy.ts";
import { version1, version2 } from "../balancer/support/proxy-headers.ts";
import { missing, title } from "../support/needs.ts";
import { freePort, specOf, startHaproxy, until } from "./support.ts";

describe.skipIf(missing("haproxy"))(
  title("a real HAProxy with the rendered configuration", "haproxy"),
  () => {
    it("spreads clients with a connection each over three Impalads with leastconn, 8 MiB intact", async () => {
      const { endpoint } = await cluster({ balance: "leastconn" });
      const names = await Promise.all(
        Array.from({ length: 9 }, async () => (await query(endpoint, "select impalad()"))[0]?.[0]),
      );
      expect(new Set(names).size).toBe(3);
      const direct = await cluster({ balance: "leastconn" }, 1);
      const through = await query(endpoint, "select bytes(8388608)");
      const [only] = direct.impalads;
      expect(through).toEqual(
        await query({ host: "127.0.0.1", port: only?.port ?? 0 }, "select bytes(8388608)"),
      );
    });

    it("lets Hue's shared pool work: all its connections reach one Impalad, through the table", async () => {
      const { endpoint, impalads, socket } = await cluster({ balance: "source" });
      const pool = new HuePool({ ...endpoint, size: 8 });
      onTestFinished(() => pool.close());
      const queries = Array.from({ length: 20 }, async () => {
        const session = await openSession(pool);
        const rows = await execute(session, "select impalad()");
        await closeSession(session);
        return rows[0]?.[0];
      });
      expect(new Set(await Promise.all(queries)).size).toBe(1);
      expect(impalads.filter((each) => each.stats().connectionsOpened > 0).length).toBeGreaterThan(0);
      expect(await ask(socket, "show table impala")).toMatch(/::ffff:127\.0\.0\.1.*server_id=\d/);
    });

    it("keeps a source on the substitute after its Impalad came back, and across a reload", async () => {
      const { endpoint, impalads, process, socket } = await cluster({ balance: "source", slowStart: 0 });
      const who = async () => (await query(endpoint, "select impalad()"))[0]?.[0];
      const first = await who();
      const dead = impalads.find((each) => each.name === first);
      if (dead === undefined) throw new Error(`nobody is called ${first}`);
      await dead.close();
      const substitute = await who();
      expect(substitute).not.toBe(first);
      await until(async () => new RegExp(`impala,${first},.*DOWN`).test(await ask(socket, "show stat")));
      const back = await startImpalad(dead);
      onTestFinished(() => back.close());
      await until(async () => new RegExp(`impala,${first},.*,UP,`).test(await ask(socket, "show stat")));
      expect(await who()).toBe(substitute);

      process.kill("SIGUSR2");
      await until(async () => /Uptime_sec: [0-2]\n/.test(await ask(socket, "show info")));
      await until(async () => /server_id/.test(await ask(socket, "show table impala")));
      expect(await who()).toBe(substitute);
    });

    it("answers keepalived's question: 200 while a server is usable, 503 when none is", async () => {
      const { impalads, stats } = await cluster({ balance: "leastconn" });
      expect((await fetch(`http://127.0.0.1:${stats}/healthz`)).status).toBe(200);
      await Promise.all(impalads.map((each) => each.close()));
      await until(async () => (await fetch(`http://127.0.0.1:${stats}/healthz`)).status === 503);
    });

    it("sees with its HiveServer2 check that an Impalad accepts but does not answer, and leaves no session behind", async () => {
      const frozen = createServer((client) => client.on("error", () => {})).listen(0, "127.0.0.1");
      onTestFinished(() => void frozen.close());
      await new Promise((resolve) => frozen.once("listening", resolve));
      const address = frozen.address();
      if (typeof address !== "object" || address === null) throw new Error("no address");
      const alive = await startImpalad({ name: "alive" });
      onTestFinished(() => alive.close());
      const { socket } = await haproxy({
        balance: "leastconn",
        health: { interval: 0.2, timeout: 0.5, fall: 2, rise: 1, hiveserver2: {} },
        backends: [
          { name: "frozen", address: `127.0.0.1:${address.port}` },
          { name: "alive", address: `127.0.0.1:${alive.port}` },
        ],
      });
      await until(async () => /impala,frozen,.*,DOWN,/.test(await ask(socket, "show stat")));
      expect(await ask(socket, "show stat")).toMatch(/impala,alive,.*,UP,/);
      expect(alive.stats()).toMatchObject({ sessionsOpened: 0 });
    });

    it.each([
      ["1", version1],
      ["2", version2],
    ])("believes the PROXY protocol of the listed proxies only (version %s)", async (_version, header) => {
      const greeting = createServer((client) => client.on("error", () => {}).write("hello"));
      onTestFinished(() => void greeting.close());
      await new Promise<void>((resolve) => greeting.listen(0, "127.0.0.1", resolve));
      const address = greeting.address();
      if (typeof address !== "object" || address === null) throw new Error("no address");
      const { endpoint } = await haproxy({
        balance: "leastconn",
        backends: [{ name: "greeting", address: `127.0.0.1:${address.port}` }],
        proxyProtocol: { from: ["127.0.0.2"] },
        allow: ["192.0.2.0/24", "127.0.0.3"],
      });
      const hears = async (localAddress: string, said: Buffer): Promise<string> => {
        const socket = createConnection({ ...endpoint, localAddress });
        let heard = "";
        const over = new Promise<void>((resolve) => {
          socket.on("error", () => {});
          socket.on("close", () => resolve());
          socket.on("data", (chunk) => {
            heard += chunk.toString();
            if (heard === "hello") resolve();
          });
        });
        socket.write(said);
        await over;
        socket.destroy();
        return heard;
      };
      expect(await hears("127.0.0.2", header({ host: "192.0.2.7", port: 4711 }))).toBe("hello");
      expect(await hears("127.0.0.2", header({ host: "198.51.100.7", port: 4711 }))).toBe("");
      expect(await hears("127.0.0.2", Buffer.from("no header at all, but long enough to be seen\n"))).toBe(
        "",
      );
      expect(await hears("127.0.0.3", Buffer.from("anything"))).toBe("hello");
      expect(await hears("127.0.0.4", header({ host: "192.0.2.7", port: 4711 }))).toBe("");
    });

    it("takes a web server that says 503 for not usable, and one without /healthz for no news", async () => {
      const { impalads, socket, endpoint } = await cluster({ balance: "leastconn", slowStart: 0 });
      impalads[0]?.set({ healthy: false });
      await until(async () => /impala,impala1,.*,DOWN,/.test(await ask(socket, "show stat")));
      const names = await Promise.all(Array.from({ length: 6 }, () => query(endpoint, "select impalad()")));
      expect(names.flat(2)).not.toContain("impala1");

      const old = await cluster({ balance: "leastconn", health: { ...quick, path: "/nowhere" } });
      await until(async () => /impala,impala1,.*,L7OK,/.test(await ask(old.socket, "show stat")));
    });
  },
);

describe.skipIf(missing("haproxy"))(title("a name server that knows nothing", "haproxy"), () => {
  it.each([
    ["keeps the server that the system resolved at start (a name of /etc/hosts)", "24d", /,UP,/],
    ["would take it out with a short hold, so the line above is what keeps it", "1s", /,MAINT/],
  ])("%s", async (_what, hold, state) => {
    const { createSocket } = await import("node:dgram");
    const dns = createSocket("udp4");
    let queries = 0;
    dns.on("message", (query, from) => {
      queries += 1;
      const answer = Buffer.from(query);
      // QR and RA, NXDOMAIN, no additional record.
      answer.writeUInt16BE(0x8183, 2);
      answer.writeUInt16BE(0, 10);
      const end = 12 + query.subarray(12).indexOf(0) + 5;
      dns.send(answer.subarray(0, end), from.port, from.address);
    });
    await new Promise<void>((resolve) => dns.bind(0, "127.0.0.1", resolve));
    onTestFinished(() => void dns.close());
    const impalad = await startImpalad({ name: "named" });
    onTestFinished(() => impalad.close());
    const port = await freePort();
    const socket = `/tmp/engines-${process.pid}-${port}.sock`;
    const spec = specOf(
      {
        bind: `127.0.0.1:${port}`,
        balance: "leastconn",
        health: quick,
        backends: [{ name: "named", address: `localhost:${impalad.port}` }],
      },
      { socket },
    );
    const config = renderHaproxy(spec, { nameservers: [`127.0.0.1:${dns.address().port}`] });
    await startHaproxy(config.replace("hold nx 24d", `hold nx ${hold}`), port);
    await until(() => queries >= 6);
    await until(async () => state.test((await ask(socket, "show stat")).split("impala,named,")[1] ?? ""));
  });
});

const quick = { interval: 0.2, timeout: 1, fall: 2, rise: 1 };

type Listener = Parameters<typeof specOf>[0];

async function haproxy(listener: Listener) {
  const [port, stats] = [await freePort(), await freePort()];
  const socket = `/tmp/engines-${process.pid}-${port}.sock`;
  const spec = specOf({ ...listener, bind: `127.0.0.1:${port}` }, { socket, http: `127.0.0.1:${stats}` });
  const running = await startHaproxy(renderHaproxy(spec), port);
  return { ...running, endpoint: { host: "127.0.0.1", port }, socket, stats };
}

async function cluster(options: Partial<Listener> & { health?: { path?: string } }, size = 3) {
  const impalads: SimulatedImpalad[] = [];
  // Checks ask one port for the whole listener, so each Impalad has an address of its own.
  const webPort = await freePort("127.0.0.1");
  for (let n = 1; n <= size; n += 1) {
    const impalad = await startImpalad({ name: `impala${n}`, host: `127.0.0.${n}`, webPort });
    onTestFinished(() => impalad.close().catch(() => {}));
    impalads.push(impalad);
  }
  const { path = "/healthz", ...health } = options.health ?? {};
  const running = await haproxy({
    ...options,
    health: { ...quick, ...health, http: { port: webPort, path } },
    backends: impalads.map(({ name, host, port }) => ({ name, address: `${host}:${port}` })),
  });
  return { ...running, impalads };
}

/** One command on HAProxy's runtime socket. */
async function ask(path: string, command: string): Promise<string> {
  const socket = createConnection(path);
  // The iterator reports the first failure; a write that fails after it must not count as unhandled.
  socket.on("error", () => {});
  const chunks: Buffer[] = [];
  socket.end(`${command}\n`);
  try {
    for await (const chunk of socket) chunks.push(chunk);
  } catch {
    // While HAProxy reloads, the old process may close the socket first.
  }
  return Buffer.concat(chunks).toString();
}
