import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { ask, Client, who } from "../support/clients.ts";
import { eventually } from "../support/eventually.ts";
import { type BalancerProgram, killAll, startBackend, startProgram } from "../support/programs.ts";

afterEach(killAll);

const ROUNDS = 150;

async function balancerWith(limits: object): Promise<BalancerProgram> {
  const backend = await startBackend("a");
  return await startProgram({
    balance: "leastconn",
    backends: [{ name: "a", address: backend.address }],
    ...limits,
  });
}

const refusals = async (balancer: BalancerProgram) => {
  const { refused, total } = (await balancer.status()).listeners[0] ?? {};
  return { full: refused?.full, sourceFull: refused?.sourceFull, total };
};

describe("a client at its limit that closes and comes back at once", () => {
  for (const [limit, limits] of [
    ["of its source", { maxConnectionsPerSource: 1 }],
    ["of the listener", { maxConnections: 1 }],
  ] as const) {
    test(`is never refused at the limit ${limit}`, async () => {
      const balancer = await balancerWith(limits);
      for (let round = 0; round < ROUNDS; round++) expect(await who(balancer.port)).toBe("a");
      expect(await refusals(balancer)).toEqual({ full: 0, sourceFull: 0, total: ROUNDS });
      await balancer.stop();
    });

    test(`is not refused after a reset either, at the limit ${limit}`, async () => {
      const balancer = await balancerWith(limits);
      for (let round = 0; round < ROUNDS; round++) {
        const { client } = await ask(balancer.port);
        client.socket.resetAndDestroy();
      }
      expect(await refusals(balancer)).toEqual({ full: 0, sourceFull: 0, total: ROUNDS });
      await balancer.stop();
    });

    test(`has its place in the session router too, at the limit ${limit}`, async () => {
      const balancer = await balancerWith({ ...limits, balance: "session" });
      for (let round = 0; round < ROUNDS; round++) {
        const client = new Client(balancer.port);
        await once(client.socket, "connect");
        client.close();
        // The kernel accepts faster than any program: let the balancer come along now and then.
        if (round % 20 === 0) await eventually(async () => (await refusals(balancer)).total === round + 1);
      }
      await eventually(async () => (await refusals(balancer)).total === ROUNDS, "all seen");
      expect(await refusals(balancer)).toMatchObject({ full: 0, sourceFull: 0 });
      await balancer.stop();
    });
  }
});

test("a half-closed client keeps its answer while there is room, and gives its place to whoever comes when there is none", async () => {
  const patient: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    // A check says nothing.
    socket.on("data", () => {
      socket.write("a\n");
      socket.on("end", () => patient.push(socket));
    });
    socket.on("end", () => socket.bytesRead === 0 && socket.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const balancer = await startProgram({
    balance: "leastconn",
    backends: [{ name: "a", address: `127.0.0.1:${(server.address() as AddressInfo).port}` }],
    maxConnections: 3,
  });
  const half = async () => {
    const { client } = await ask(balancer.port);
    client.socket.end();
    await eventually(() => patient.length > 0, "FIN at the backend");
    return { client, upstream: patient.pop() };
  };
  const first = await half();
  const second = await half();
  const third = await ask(balancer.port);
  first.upstream?.end("the answer\n");
  expect(await first.client.line()).toBe("the answer");
  const more = [await ask(balancer.port), await ask(balancer.port)];
  await second.client.end();
  expect(second.client.text).toBe("");
  await eventually(() => balancer.ends().some((line) => / CD /.test(line)), "the log line");
  const surplus = new Client(balancer.port);
  await surplus.end();
  expect(await refusals(balancer)).toMatchObject({ full: 1 });
  for (const { client } of [third, ...more]) client.close();
  await balancer.stop();
  server.close();
});
