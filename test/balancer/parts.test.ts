import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { startImpalad } from "../../fixtures/impalad/impalad.ts";
import { isLocalFault } from "../../src/balancer/backends/connect/attempt.ts";
import { Resolver } from "../../src/balancer/backends/connect/resolver.ts";
import { checkBackend } from "../../src/balancer/backends/health/check.ts";
import { startBalancer } from "../../src/balancer/balancer.ts";
import { inheritedDescriptors } from "../../src/balancer/daemon/activation.ts";
import { checkSpec } from "../../src/balancer/daemon/preflight.ts";
import { Admission, plainAddress } from "../../src/balancer/front/accept/admission.ts";
import { descriptorBudget } from "../../src/balancer/front/accept/descriptors.ts";
import { Log } from "../../src/balancer/log/log.ts";
import { tcplogLine } from "../../src/balancer/log/tcplog.ts";
import { fastRelayWorks } from "../../src/balancer/relay/self-test.ts";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import { withProtection } from "../../src/balancer/spec/protective.ts";
import type { BalancerSpec } from "../../src/balancer/spec/spec.ts";
import { who } from "./support/clients.ts";
import { eventually } from "./support/eventually.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(name: string, host = "127.0.0.1", port = 0): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write(`${name}\n`));
  });
  servers.push(server);
  server.listen(port, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const spec = (...binds: string[]): BalancerSpec =>
  parseSpec({
    version: 1,
    listeners: binds.map((bind, index) => ({
      name: `l${index}`,
      bind,
      backends: [{ name: "a", address: "127.0.0.1:21050" }],
    })),
  });

describe("preflight (R30)", () => {
  test("a port in use, an address that is not local, two listeners on one address: each with cause and remedy", async () => {
    const port = await listening("other");
    const { faults } = await checkSpec(
      spec(`127.0.0.1:${port}`, "192.0.2.1:10001", "127.0.0.1:18999", "0.0.0.0:18999"),
    );
    const codes = faults.map((each) => each.code);
    expect(codes).toContain("address-in-use");
    expect(codes).toContain("address-not-local");
    expect(codes).toContain("same-address");
    for (const fault of faults) expect(fault.hint).toBeTruthy();
  });

  test("too few descriptors: refused when hardly anything is left, else lowered with a warning", async () => {
    const listener = spec("127.0.0.1:0");
    expect((await checkSpec(listener, { descriptorLimit: 64 })).faults.map((each) => each.code)).toEqual([
      "descriptors",
    ]);
    const lowered = await checkSpec(listener, { descriptorLimit: 1024 });
    expect(lowered.faults).toEqual([]);
    expect(lowered.warnings.map((each) => each.code)).toEqual(["descriptors"]);
    expect((await checkSpec(listener, { descriptorLimit: 100_000 })).warnings).toEqual([]);
  });

  test("a listener that believes every address's PROXY protocol header is a warning", async () => {
    const believing = (network: string) => {
      const base = spec("127.0.0.1:0");
      const proxyProtocol = { from: ["10.0.0.0/8", network], timeout: 5 };
      return { ...base, listeners: base.listeners.map((each) => ({ ...each, proxyProtocol })) };
    };
    const codes = async (network: string) =>
      (await checkSpec(believing(network))).warnings.map((each) => each.code);
    expect(await codes("::/0")).toEqual(["believes-all"]);
    expect(await codes("fd00::/8")).toEqual([]);
  });

  test("a name that does not resolve and an open address without an allow list are warnings", async () => {
    const open = parseSpec({
      version: 1,
      listeners: [
        { name: "l", bind: "0.0.0.0:0", backends: [{ name: "a", address: "nowhere.invalid:21050" }] },
      ],
    });
    const { faults, warnings } = await checkSpec(open, {
      lookup: () => Promise.reject(new Error("ENOTFOUND")),
    });
    expect(faults).toEqual([]);
    expect(warnings.map((each) => each.code).sort()).toEqual(["listens-everywhere", "unresolvable"]);
  });

  test("starting on a port in use fails with the same cause", async () => {
    const port = await listening("other");
    await expect(startBalancer(spec(`127.0.0.1:${port}`))).rejects.toMatchObject({ code: "address-in-use" });
    await expect(startBalancer(spec("192.0.2.1:10001"))).rejects.toMatchObject({ code: "address-not-local" });
  });
});

describe("names of backends (R22)", () => {
  test("a changed address is followed after the hold time; a failing look-up keeps the last one", async () => {
    const port = await listening("one", "127.0.3.1");
    await listening("two", "127.0.3.2", port);
    let answer: string | Error = "127.0.3.1";
    const balancer = await startBalancer(
      parseSpec({
        version: 1,
        listeners: [
          {
            name: "impala",
            bind: "127.0.0.1:0",
            balance: "first",
            health: { interval: 0.1, timeout: 1 },
            backends: [
              { name: "named", address: `impala.test:${port}` },
              { name: "unresolvable", address: `nowhere.test:${port}` },
            ],
          },
        ],
      }),
      {
        addressHold: 50,
        lookup: (host) => {
          if (host !== "impala.test" || answer instanceof Error)
            return Promise.reject(new Error("ENOTFOUND"));
          return Promise.resolve(answer);
        },
      },
    );
    const own = balancer.addresses["impala"]?.port ?? 0;
    expect(await who(own)).toBe("one");
    const state = () => balancer.stats().listeners[0]?.backends.map((each) => each.state);
    await eventually(() => state()?.[1] === "down", "the unresolvable one down");
    answer = new Error("SERVFAIL");
    await eventually(() => (balancer.stats().listeners[0]?.backends[0]?.checks.good ?? 0) > 3);
    expect(await who(own)).toBe("one");
    answer = "127.0.3.2";
    expect(await eventually(async () => (await who(own)) === "two", "the new address")).toBe(true);
    expect(state()).toEqual(["up", "down"]);
    await balancer.close();
  });

  test("concurrent look-ups are one, and an address needs none", async () => {
    let asked = 0;
    const resolver = new Resolver(
      () => Promise.resolve(`10.0.0.${++asked}`),
      1000,
      () => 0,
    );
    expect(resolver.known("10.1.1.1")).toBe("10.1.1.1");
    expect(resolver.known("name")).toBeUndefined();
    expect(await Promise.all([resolver.resolve("name"), resolver.resolve("name")])).toEqual([
      "10.0.0.1",
      "10.0.0.1",
    ]);
    expect(resolver.known("name")).toBe("10.0.0.1");
  });
});

describe("checks", () => {
  const target = (port: number, health: object) => ({
    endpoint: { host: "127.0.0.1", port },
    spec: { interval: 1, timeout: 1, fall: 3, rise: 2, ...health },
    resolver: new Resolver(
      (host) => Promise.resolve(host),
      1000,
      () => 0,
    ),
    clock: () => performance.now(),
  });
  const check = async (port: number, health: object = {}) => {
    const { verdict, level, message } = await checkBackend(target(port, health));
    return { verdict, level, message };
  };
  const hiveserver2 = { hiveserver2: { user: "check" } };

  test("HiveServer2: a session is opened and closed again", async () => {
    const impalad = await startImpalad({ name: "a" });
    expect(await check(impalad.port, hiveserver2)).toMatchObject({
      verdict: "good",
      message: "session opened and closed",
    });
    expect(impalad.stats()).toMatchObject({ sessionsOpened: 1, sessions: 0 });
    await impalad.close();
  });

  test("HiveServer2: a server that speaks SASL cannot be asked, which is not held against it", async () => {
    // Thrift's SASL servers close a connection whose first byte is not a status of theirs.
    const sasl = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (chunk) => (chunk[0] ?? 0) > 5 && socket.end());
    });
    servers.push(sasl);
    sasl.listen(0, "127.0.0.1");
    await once(sasl, "listening");
    expect(await check((sasl.address() as AddressInfo).port, hiveserver2)).toMatchObject({
      verdict: "good",
      message: "connected; OpenSession over plain Thrift not understood",
    });
  });

  test("HiveServer2: garbage, silence and endless bytes are answers too", async () => {
    expect(await check(await listening("garbage"), hiveserver2)).toMatchObject({
      verdict: "good",
      message: "connected; answered OpenSession with something other than plain Thrift",
    });
    const silent = createServer(() => undefined);
    servers.push(silent);
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    expect(await check(port, hiveserver2)).toEqual({
      verdict: "failed",
      level: "application",
      message: "OpenSession not answered within 1 s",
    });
  });

  test("a refused connection is a failure at the level of the connection; our own lack is none", async () => {
    const port = await listening("gone");
    servers.pop()?.close();
    await eventually(async () => (await check(port)).verdict === "failed");
    expect(await check(port)).toEqual({ verdict: "failed", level: "connect", message: "connection refused" });
    for (const code of ["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS"])
      expect(isLocalFault({ code })).toBe(true);
    for (const code of ["ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH"])
      expect(isLocalFault({ code })).toBe(false);
  });
});

describe("limits", () => {
  const admission = (more: object) =>
    new Admission(
      withProtection({ ...(spec("127.0.0.1:0").listeners[0] as BalancerSpec["listeners"][number]), ...more }),
      10,
    );

  test("allow list, connections in all and of one source", () => {
    const limited = admission({ allow: ["10.0.0.0/8", "fd00::/8"], maxConnectionsPerSource: 2 });
    expect(limited.refuses("10.1.2.3", 0)).toBeUndefined();
    expect(limited.refuses("fd00::1", 0)).toBeUndefined();
    expect(limited.refuses("192.168.0.1", 0)).toBe("not-allowed");
    expect(limited.refuses("10.1.2.3", 10)).toBe("full");
    expect([limited.enter("10.1.2.3"), limited.enter("10.1.2.3")]).toEqual([true, true]);
    expect(limited.refuses("10.1.2.3", 9)).toBe("source-full");
    expect(limited.refuses("10.1.2.4", 9)).toBeUndefined();
    limited.leave("10.1.2.3");
    expect(limited.refuses("10.1.2.3", 9)).toBeUndefined();
    const open = admission({});
    expect(open.enter("192.168.0.1")).toBe(false);
    expect(open.refuses("192.168.0.1", 9)).toBeUndefined();
    expect([plainAddress("::ffff:10.0.0.1"), plainAddress("::1")]).toEqual(["10.0.0.1", "::1"]);
  });

  test("descriptors are shared in proportion, never beyond the limit", () => {
    const budget = descriptorBudget(spec("127.0.0.1:0", "127.0.0.2:0"), 1000);
    const [one, two] = [...budget.connections.values()];
    expect(one).toBe(two);
    expect(2 * 2 * (one ?? 0)).toBeLessThan(1000);
    expect([...descriptorBudget(spec("127.0.0.1:0"), undefined).connections.values()]).toEqual([1000]);
  });
});

test("inherited descriptors: by name, else in order, and only for this process", () => {
  const two = spec("127.0.0.1:1", "127.0.0.1:2");
  const given = (names: string, pid = "7") =>
    Object.fromEntries(
      inheritedDescriptors(two, { LISTEN_FDS: "2", LISTEN_PID: pid, LISTEN_FDNAMES: names }, 7),
    );
  expect(given("")).toEqual({ l0: 3, l1: 4 });
  expect(given("l1:l0")).toEqual({ l0: 4, l1: 3 });
  expect(given("l1:unknown")).toEqual({ l0: 4, l1: 3 });
  expect(given("l0:l1", "8")).toEqual({});
  expect(inheritedDescriptors(two, {}, 7).size).toBe(0);
});

test("log: journal prefixes, JSON, levels, and control characters that cannot forge a line", () => {
  let text = "";
  const write = (more: string): void => {
    text += more;
  };
  const journal = new Log({ write, journal: true });
  journal.warning("event", "be\ncare\u001b[31mful");
  journal.debug("event", "unheard");
  journal.flush();
  expect(text).toBe("<4>be^Jcare^[[31mful\n");
  text = "";
  const json = new Log({ write, journal: false, format: "json", level: "debug", date: () => new Date(0) });
  json.debug("event", "heard", { backend: "a" });
  json.flush();
  expect(JSON.parse(text)).toEqual({
    time: "1970-01-01T00:00:00.000Z",
    level: "debug",
    event: "event",
    message: "heard",
    backend: "a",
  });
});

test("the tcplog line has HAProxy's fields in HAProxy's order", () => {
  const end = {
    listener: "impala",
    backend: "server1",
    clientAddress: "10.0.0.9",
    clientPort: 4711,
    accepted: new Date(2026, 1, 3, 4, 5, 6, 78),
    queueTime: 0,
    connectTime: 2,
    totalTime: 99,
    bytesToClient: 1234,
    bytesToBackend: 7,
    termination: "--",
    activeConnections: 5,
    listenerConnections: 4,
    backendConnections: 3,
    retries: 1,
    redispatched: true,
    backendQueue: 0,
    listenerQueue: 2,
    reason: undefined,
  };
  expect(tcplogLine(end)).toBe(
    "10.0.0.9:4711 [03/Feb/2026:04:05:06.078] impala impala/server1 0/2/99 1234 -- 5/4/4/3/+1 0/2",
  );
  expect(tcplogLine({ ...end, backend: undefined })).toContain("impala/<NOSRV> ");
});

test("the self-test of the fast relay passes on this Node", async () => {
  expect(await fastRelayWorks()).toBe(true);
});
