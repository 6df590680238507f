import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { closeSession, execute, openSession } from "../../../fixtures/impalad/client.ts";
import { ThriftConnection } from "../../../fixtures/impalad/connection.ts";
import { startImpalad } from "../../../fixtures/impalad/impalad.ts";
import { cluster, later, raw, server } from "./support/cluster.ts";
import { Host } from "./support/host.ts";
import { encodeCall } from "./support/messages.ts";

const HOUR = 3600;

async function open(endpoint: { host: string; port: number }, plain = false): Promise<ThriftConnection> {
  const login = plain ? { plain: { user: "u", password: "p" } } : {};
  const connection = await ThriftConnection.open({ ...endpoint, ...login });
  later(() => connection.close());
  return connection;
}

function unknown(byte: number) {
  return { sessionId: { guid: Buffer.alloc(16, byte), secret: Buffer.alloc(16) } };
}

/** A backend whose kernel accepts connections and which never says a word. */
async function frozen() {
  const sockets: Socket[] = [];
  const endpoint = await server((socket) => void sockets.push(socket));
  return { name: "frozen", ...endpoint, sockets };
}

describe("an unknown handle while an Impalad is frozen", () => {
  test("is refused as soon as the frozen one has had its time, in the words of one that answers", async () => {
    const { host } = await cluster(2, {}, { timeouts: { client: HOUR, server: HOUR, ask: 0.5 } });
    host.backends.push(await frozen());
    const connection = await open(host.endpoint);
    const reply = await connection.call("GetInfo", { sessionHandle: unknown(7), infoType: 0 });
    expect(reply.status.errorMessage).toMatch(/^Invalid session id/);
    expect(host.router.stats()).toMatchObject({ handlesAsked: 1, handlesFound: 0, asksUnanswered: 1 });
    expect(await execute(await openSession(connection), "select 'x'")).toEqual([["x"]]);
  }, 10_000);

  test("is refused when the frozen one is found to be down", async () => {
    const { host } = await cluster(2, {}, { timeouts: { client: HOUR, server: HOUR, ask: HOUR } });
    const ice = await frozen();
    host.backends.push(ice);
    const connection = await open(host.endpoint);
    const call = connection.call("GetInfo", { sessionHandle: unknown(7), infoType: 0 });
    await expect.poll(() => ice.sockets.length, { timeout: 5000 }).toBe(1);
    host.backend("frozen").reachable = false;
    expect((await call).status.errorMessage).toMatch(/^Invalid session id/);
  }, 10_000);

  test("ends the connection when there is nobody else who could refuse it", async () => {
    const ice = await frozen();
    const host = await Host.start([ice], { timeouts: { client: HOUR, server: HOUR, ask: 0.3 } });
    later(() => host.close());
    const connection = await open(host.endpoint);
    await expect(connection.call("GetInfo", { sessionHandle: unknown(7), infoType: 0 })).rejects.toThrow();
    expect(host.ends).toMatchObject([{ termination: "SC" }]);
  }, 10_000);
});

describe("a search", () => {
  test.each([false, true])(
    "asks with a call of its own: only the owner gets the client's, however long it takes (SASL: %s)",
    async (plain) => {
      const { host, impalads } = await cluster(3, plain ? { auth: "plain" } : {});
      const session = await openSession(await open(host.endpoint, plain));
      const { operationHandle } = await session.caller.call("ExecuteStatement", {
        sessionHandle: session.handle,
        statement: "select sleep(1500)",
      });
      if (!operationHandle) throw new Error("no operation");
      const next = await Host.start(host.backends, { timeouts: { client: HOUR, server: HOUR, ask: 0.5 } });
      later(() => next.close());
      const before = impalads.map((each) => each.stats().queries);
      const fetched = await (await open(next.endpoint, plain)).call("FetchResults", {
        operationHandle,
        orientation: 0,
        maxRows: 1,
      });
      expect(fetched.results?.columns?.[0]?.stringVal?.values).toEqual(["true"]);
      expect(await execute({ ...session, caller: await open(next.endpoint, plain) }, "select 'x'")).toEqual([
        ["x"],
      ]);
      const after = impalads.map((each) => each.stats().queries);
      expect(after.map((count, i) => count - (before[i] ?? 0)).sort()).toEqual([0, 0, 1]);
    },
  );

  test("that found nobody is remembered for a moment: one Impalad is asked again, not all", async () => {
    const { host, impalads } = await cluster(3);
    const connection = await open(host.endpoint);
    const request = { sessionHandle: unknown(7), infoType: 0 };
    for (let i = 0; i < 10; i++) {
      const reply = await connection.call("GetInfo", request);
      expect(reply.status.errorMessage).toMatch(/^Invalid session id: 0707/);
    }
    const calls = impalads.reduce((sum, each) => sum + each.stats().calls, 0);
    // Three questions, and the client's own ten calls.
    expect(calls).toBe(13);
    expect(host.router.stats()).toMatchObject({ handlesAsked: 1, handlesRemembered: 9 });
  });

  test("of a client that asks for ever new handles waits its turn, and other clients do not", async () => {
    const { host } = await cluster(2, {}, { searches: { burst: 3, perSecond: 0.001 } });
    const ask = (byte: number) => encodeCall("GetInfo", { sessionHandle: unknown(byte), infoType: 0 });
    const guesser = raw(host.endpoint, Buffer.concat([ask(1), ask(2), ask(3), ask(4)]));
    await expect.poll(() => host.router.stats()).toMatchObject({ handlesAsked: 4, searchesDelayed: 1 });
    const other = await open(host.endpoint);
    await other.call("GetInfo", { sessionHandle: unknown(5), infoType: 0 });
    expect(host.router.stats()).toMatchObject({ handlesAsked: 5, searchesDelayed: 1 });
    // Whoever leaves while it waits leaves nothing behind.
    guesser.socket.resetAndDestroy();
    await expect.poll(() => host.router.connections).toBe(1);
  });
});

describe("a handle that has been closed", () => {
  test("is answered by its owner, which is not looked for again", async () => {
    const { host, impalads } = await cluster(3);
    const session = await openSession(await open(host.endpoint));
    const { operationHandle } = await session.caller.call("ExecuteStatement", {
      sessionHandle: session.handle,
      statement: "select 'x'",
    });
    if (!operationHandle) throw new Error("no operation");
    const close = () => session.caller.call("CloseOperation", { operationHandle });
    expect((await close()).status.statusCode).toBe(0);
    expect((await close()).status.errorMessage).toMatch(/^Invalid|^Query id/);
    await closeSession(session);
    const again = await session.caller.call("GetInfo", { sessionHandle: session.handle, infoType: 0 });
    expect(again.status.errorMessage).toMatch(/^Invalid session id/);
    expect(impalads.map((each) => each.stats().calls).sort()).toEqual([0, 0, 6]);
    expect(host.router.stats()).toMatchObject({ handlesAsked: 0, handlesRemembered: 2, ownersLost: 0 });
  });

  test("with its session is answered by the owner too, and so is one that the owner has forgotten", async () => {
    const { host, impalads } = await cluster(3);
    const session = await openSession(await open(host.endpoint));
    const request = { sessionHandle: session.handle, statement: "select 'x'" };
    const { operationHandle } = await session.caller.call("ExecuteStatement", request);
    if (!operationHandle) throw new Error("no operation");
    await closeSession(session);
    const { status } = await session.caller.call("CancelOperation", { operationHandle });
    expect(status.errorMessage).toMatch(/^Invalid/);
    const other = await openSession(session.caller);
    const owner = impalads.find((each) => `${each.host}:${each.webPort}` === other.httpAddr);
    const direct = await open(owner ?? host.endpoint);
    await closeSession({ ...other, caller: direct });
    for (let i = 0; i < 3; i++) {
      await session.caller.call("GetInfo", { sessionHandle: other.handle, infoType: 0 });
    }
    expect(host.router.stats()).toMatchObject({ handlesAsked: 0, handlesRemembered: 3 });
  });

  test("is answered by anyone when its owner is gone", async () => {
    const { host, impalads } = await cluster(2);
    const session = await openSession(await open(host.endpoint));
    await closeSession(session);
    const owner = impalads.find((each) => `${each.host}:${each.webPort}` === session.httpAddr);
    host.backend(owner?.name ?? "").reachable = false;
    host.backend(owner?.name ?? "").usable = false;
    const again = await session.caller.call("GetInfo", { sessionHandle: session.handle, infoType: 0 });
    expect(again.status.errorMessage).toMatch(/^Invalid session id/);
    expect(host.router.stats()).toMatchObject({ handlesAsked: 0, ownersLost: 0 });
  });
});

test("an Impalad that does not understand the question is no owner", async () => {
  // A Thrift exception, as of a service without that method.
  const exception = Buffer.from(
    "800100030000000747657449" + "6e666f000000000b000100000001780800020000000100",
    "hex",
  );
  const stranger = await server((socket) => void socket.on("data", () => socket.write(exception)));
  const owner = await startImpalad({ name: "owner" });
  later(() => owner.close());
  const session = await openSession(await open(owner));
  const host = await Host.start(
    [{ name: "stranger", ...stranger }, owner].map(({ name, host, port }) => ({ name, host, port })),
  );
  later(() => host.close());
  expect(await execute({ ...session, caller: await open(host.endpoint) }, "select impalad()")).toEqual([
    ["owner"],
  ]);
});
