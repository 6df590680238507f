import { describe, expect, test } from "vitest";
import { closeSession, execute, openSession, query } from "../../../fixtures/impalad/client.ts";
import { ThriftConnection } from "../../../fixtures/impalad/connection.ts";
import { startImpalad } from "../../../fixtures/impalad/impalad.ts";
import { cluster, later, server } from "./support/cluster.ts";
import { Host } from "./support/host.ts";

async function open(endpoint: { host: string; port: number }, plain = false): Promise<ThriftConnection> {
  const login = plain ? { plain: { user: "u", password: "p" } } : {};
  const connection = await ThriftConnection.open({ ...endpoint, ...login });
  later(() => connection.close());
  return connection;
}

describe("an unknown handle", () => {
  test.each([false, true])(
    "is asked about, found, and learnt: a session outlives the balancer that opened it (SASL: %s)",
    async (plain) => {
      const { host, impalads } = await cluster(3, plain ? { auth: "plain" } : {});
      const sessions = await Promise.all(
        [1, 2, 3].map(async () => openSession(await open(host.endpoint, plain))),
      );
      const next = await Host.start(host.backends);
      later(() => next.close());
      const connection = await open(next.endpoint, plain);
      for (const session of sessions) {
        const moved = { ...session, caller: connection };
        const [[name] = []] = await execute(moved, "select impalad()");
        const owner = impalads.find((impalad) => `${impalad.host}:${impalad.webPort}` === session.httpAddr);
        expect(name).toBe(owner?.name);
        // Known by now: no further question.
        const asked = next.router.stats().handlesAsked;
        await execute(moved, "select 'again'");
        expect(next.router.stats().handlesAsked).toBe(asked);
        await closeSession(moved);
      }
      const stats = next.router.stats();
      expect(stats).toMatchObject({ handlesAsked: 3, handlesFound: 3, sessions: 0, operations: 0 });
      for (const impalad of impalads) expect(impalad.stats().sessions).toBe(0);
    },
  );

  test("of an operation is found as well, in the middle of its pages", async () => {
    const { host } = await cluster(3, { pageBytes: 65536 });
    const connection = await open(host.endpoint);
    const { handle } = await openSession(connection);
    const { operationHandle } = await connection.call("ExecuteStatement", {
      sessionHandle: handle,
      statement: "select bytes(200000)",
    });
    if (!operationHandle) throw new Error("no operation");
    const fetch = (from: ThriftConnection) =>
      from.call("FetchResults", { operationHandle, orientation: 0, maxRows: 1 });
    const first = await fetch(connection);
    const next = await Host.start(host.backends);
    later(() => next.close());
    const second = await fetch(await open(next.endpoint));
    expect(second.results?.columns?.[0]?.stringVal?.values).not.toEqual(
      first.results?.columns?.[0]?.stringVal?.values,
    );
    expect(second.hasMoreRows).toBe(true);
  });

  test("that nobody knows is refused in an Impalad's own words, and the connection lives on", async () => {
    const { host } = await cluster(3);
    const connection = await open(host.endpoint);
    const sessionHandle = { sessionId: { guid: Buffer.alloc(16, 7), secret: Buffer.alloc(16) } };
    const reply = await connection.call("ExecuteStatement", { sessionHandle, statement: "select 'x'" });
    expect(reply.status.errorMessage).toBe("Invalid session id: 0707070707070707:0707070707070707");
    expect(host.router.stats()).toMatchObject({ handlesAsked: 1, handlesFound: 0 });
    expect(await execute(await openSession(connection), "select 'x'")).toEqual([["x"]]);
  });

  test("is asked about past a frozen backend, a refusing one and one that closes", async () => {
    const silent = await server(() => undefined);
    const rude = await server((socket) => void socket.once("data", () => socket.destroy()));
    const owner = await startImpalad({ name: "owner" });
    later(() => owner.close());
    const direct = await open(owner);
    const session = await openSession(direct);
    const at = (name: string, number: number) => ({ name, host: "127.0.0.1", port: number });
    const host = await Host.start([
      at("silent", silent.port),
      at("rude", rude.port),
      at("refusing", 1),
      at("owner", owner.port),
    ]);
    later(() => host.close());
    const connection = await open(host.endpoint);
    expect(await execute({ ...session, caller: connection }, "select impalad()")).toEqual([["owner"]]);
    expect(host.router.stats()).toMatchObject({ handlesAsked: 1, handlesFound: 1 });
  });

  test("closes the connection when nobody can be asked", async () => {
    const host = await Host.start([{ name: "gone", host: "127.0.0.1", port: 1 }]);
    later(() => host.close());
    const connection = await open(host.endpoint);
    const sessionHandle = { sessionId: { guid: Buffer.alloc(16, 7), secret: Buffer.alloc(16) } };
    await expect(connection.call("GetInfo", { sessionHandle, infoType: 0 })).rejects.toThrow();
    expect(host.ends).toMatchObject([{ termination: "SC" }]);
  });

  test("in a call of several megabytes is asked about as well, and refused when nobody knows it", async () => {
    const { host } = await cluster(2);
    const connection = await open(host.endpoint);
    const sessionHandle = { sessionId: { guid: Buffer.alloc(16, 7), secret: Buffer.alloc(16) } };
    const statement = `select '${"x".repeat(3_000_000)}'`;
    const reply = await connection.call("ExecuteStatement", { sessionHandle, statement });
    expect(reply.status.errorMessage).toMatch(/^Invalid session id/);
    expect(host.router.stats()).toMatchObject({ handlesAsked: 1, handlesFound: 0 });
  });
});

describe("a call of several megabytes", () => {
  test.each([false, true])(
    "after a restart of the balancer finds the owner of its session, however large it is (SASL: %s)",
    async (plain) => {
      const { host, impalads } = await cluster(3, { latency: 20, ...(plain && { auth: "plain" }) });
      const text = "z".repeat(1_200_000);
      const sessions = await Promise.all(
        Array.from({ length: 6 }, async () => openSession(await open(host.endpoint, plain))),
      );
      const next = await Host.start(host.backends);
      later(() => next.close());
      const results = await Promise.all(
        sessions.map(async (session) =>
          execute({ ...session, caller: await open(next.endpoint, plain) }, `select '${text}'`),
        ),
      );
      for (const result of results) expect(result).toEqual([[text]]);
      expect(next.router.stats()).toMatchObject({ handlesAsked: 6, handlesFound: 6 });
      expect(impalads.map((each) => each.stats().queries)).toEqual([2, 2, 2]);
    },
  );

  test("to a known session streams through", async () => {
    const { host } = await cluster(2);
    const session = await openSession(await open(host.endpoint));
    const text = "y".repeat(5_000_000);
    expect(await execute(session, `select '${text}'`)).toEqual([[text]]);
  });
});

describe("a lost owner", () => {
  test("that refuses connections: a living Impalad refuses the session, and new sessions work", async () => {
    const { host, impalads } = await cluster(2);
    const connection = await open(host.endpoint);
    const session = await openSession(connection);
    const owner = impalads.find((each) => `${each.host}:${each.webPort}` === session.httpAddr);
    await owner?.close();
    await expect(execute(session, "select 'x'")).rejects.toThrow("Invalid session id");
    expect(host.events).toContainEqual({ type: "owner-lost", source: "127.0.0.1", backend: owner?.name });
    expect(host.router.sessions(owner?.name ?? "")).toBe(0);
    // The idle client connection was kept: only its link to the dead Impalad is gone.
    expect(connection.stale).toBe(false);
    expect(await execute(await openSession(connection), "select 'x'")).toEqual([["x"]]);
  });

  test("that is down by its checks is not even tried", async () => {
    const { host } = await cluster(2);
    const connection = await open(host.endpoint);
    const session = await openSession(connection);
    const [name = ""] = host.backends
      .map((each) => each.name)
      .filter((each) => host.router.sessions(each) > 0);
    host.backend(name).usable = false;
    host.backend(name).reachable = false;
    await expect(execute(session, "select 'x'")).rejects.toThrow("Invalid session id");
    // Only out of reach, after all: its sessions are remembered.
    host.backend(name).reachable = true;
    expect(await execute(session, "select 'x'")).toEqual([["x"]]);
    expect(host.router.sessions(name)).toBe(1);
  });

  test("that dies in mid-call: the client connection is closed at once, idle ones stay", async () => {
    const { host, impalads } = await cluster(1);
    const [busy, idle] = [await open(host.endpoint), await open(host.endpoint)];
    const session = await openSession(busy);
    await openSession(idle);
    const running = execute(session, "select sleep(60000)");
    const { handle } = session;
    await expect.poll(() => impalads[0]?.stats().operations).toBe(1);
    const waiting = busy;
    await impalads[0]?.close();
    await expect(running).rejects.toThrow();
    expect(waiting.stale || host.router.connections === 1).toBe(true);
    expect(idle.stale).toBe(false);
    expect(handle).toBeDefined();
  });

  test("that has restarted says that it does not know the session, and is believed", async () => {
    const { host, impalads } = await cluster(1);
    const connection = await open(host.endpoint);
    const session = await openSession(connection);
    const port = impalads[0]?.port ?? 0;
    await impalads[0]?.close();
    const again = await startImpalad({ name: "impala1", port });
    later(() => again.close());
    expect(host.router.sessions("impala1")).toBe(1);
    await expect(execute(session, "select 'x'")).rejects.toThrow("Invalid session id");
    expect(host.router.sessions("impala1")).toBe(0);
    expect(await execute(await openSession(connection), "select 'x'")).toEqual([["x"]]);
  });

  test("with nobody left, the connection is closed with a reason", async () => {
    const { host, impalads } = await cluster(2);
    await Promise.all(impalads.map((each) => each.close()));
    await expect(query(host.endpoint, "select 'x'")).rejects.toThrow();
    expect(host.ends).toMatchObject([{ termination: "SC", reason: expect.stringContaining("ECONNREFUSED") }]);
    for (const each of host.backends) {
      each.usable = false;
      each.reachable = false;
    }
    await expect(query(host.endpoint, "select 'x'")).rejects.toThrow();
    expect(host.ends[1]).toEqual({ termination: "SC", reason: "no backend is usable" });
  });
});

describe("upstream connections", () => {
  test("are one per client connection and backend, and end with the client", async () => {
    const { host, impalads } = await cluster(3);
    const connection = await open(host.endpoint);
    for (let i = 0; i < 9; i++) await execute(await openSession(connection), "select 'x'");
    expect([...host.connects.values()]).toEqual([1, 1, 1]);
    for (const impalad of impalads) expect(impalad.stats().connections).toBe(1);
    connection.close();
    await expect.poll(() => impalads.map((each) => each.stats().connections)).toEqual([0, 0, 0]);
    expect(host.ends).toEqual([{ termination: "--", reason: undefined }]);
    expect(host.router.connections).toBe(0);
  });

  test("that the Impalad closes while idle are opened again when needed", async () => {
    const { host, impalads } = await cluster(1, { idleSessionTimeout: 0.05, idleClientPollPeriod: 0.1 });
    const connection = await open(host.endpoint);
    const session = await openSession(connection);
    await expect.poll(() => impalads[0]?.stats().connections).toBe(0);
    expect(connection.stale).toBe(false);
    await expect(execute(session, "select 'x'")).rejects.toThrow("Client session expired");
    expect(host.router.sessions("impala1")).toBe(0);
    expect(host.connects.get("impala1")).toBe(2);
  });

  test("keep sessions alive on an Impalad that ends them with their connection (before 3.3)", async () => {
    const { host } = await cluster(2, { closeSessionsWithConnection: true });
    const [one, two] = [await open(host.endpoint), await open(host.endpoint)];
    const session = await openSession(one);
    for (let i = 0; i < 5; i++) await execute({ ...session, caller: i % 2 ? one : two }, "select 'x'");
    two.close();
    expect(await execute(session, "select 'x'")).toEqual([["x"]]);
  });
});

describe("drain by session", () => {
  test("a draining backend gets no new session, keeps its own, and is drained when the last has ended", async () => {
    const { host, impalads } = await cluster(2);
    const connection = await open(host.endpoint);
    const sessions = [await openSession(connection), await openSession(connection)];
    host.backend("impala1").usable = false;
    let drained = false;
    const waiting = host.router.whenDrained("impala1").then(() => {
      drained = true;
    });
    for (let i = 0; i < 4; i++) await openSession(connection);
    expect(impalads.map((each) => each.stats().sessionsOpened)).toEqual([1, 5]);
    for (const session of sessions) expect(await execute(session, "select 'x'")).toEqual([["x"]]);
    expect(drained).toBe(false);
    for (const session of sessions) await closeSession(session);
    await waiting;
    expect(host.router.sessions("impala1")).toBe(0);
    expect(host.router.sessions("impala2")).toBe(4);
    await host.router.whenDrained("impala1");
  });
});

describe("closing between calls", () => {
  test("an idle connection gets FIN at once, a busy one after its reply", async () => {
    const { host } = await cluster(1);
    const [busy, idle, silent] = [
      await open(host.endpoint),
      await open(host.endpoint),
      await open(host.endpoint),
    ];
    const session = await openSession(busy);
    await openSession(idle);
    const sessionHandle = session.handle;
    const { operationHandle } = await busy.call("ExecuteStatement", {
      sessionHandle,
      statement: "select sleep(300)",
    });
    if (!operationHandle) throw new Error("no operation");
    const fetching = busy.call("FetchResults", { operationHandle, orientation: 0, maxRows: 1 });
    await expect.poll(() => host.router.stats().calls).toBe(4);
    host.router.closeIdle();
    await expect.poll(() => idle.stale && silent.stale).toBe(true);
    expect(busy.stale).toBe(false);
    expect((await fetching).results?.columns?.[0]?.stringVal?.values).toEqual(["true"]);
    await expect.poll(() => busy.stale).toBe(true);
    expect(host.ends.map((each) => each.termination)).toEqual(["--", "--", "--"]);
  });
});
