import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { startBalancer } from "../../../src/balancer/balancer.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { Client } from "../support/clients.ts";
import { eventually } from "../support/eventually.ts";
import { killAll, startProgram } from "../support/programs.ts";

afterEach(killAll);

const MB = 1_000_000;

/** A backend that answers whatever is asked with the same bytes, which it holds once. */
async function bigAnswers(bytes: number): Promise<{ server: Server; address: string }> {
  const answer = Buffer.alloc(bytes, "x");
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.write(answer));
    socket.on("end", () => socket.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Asks for a result and reads nothing of it. */
function stalled(port: number): Client {
  const client = new Client(port);
  client.socket.pause();
  return client.say("?");
}

test("when unread results have used up their memory, the longest unread is ended; who reads gets everything", async () => {
  const backend = await bigAnswers(12 * MB);
  const balancer = await startBalancer(
    parseSpec({
      version: 1,
      listeners: [
        {
          name: "impala",
          bind: "127.0.0.1:0",
          balance: "leastconn",
          health: { interval: 600 },
          backends: [{ name: "a", address: backend.address }],
        },
      ],
    }),
    { unreadLimit: 2 * MB },
  );
  const port = balancer.addresses["impala"]?.port ?? 0;
  const terminations = () => balancer.stats().listeners[0]?.terminations ?? {};
  // Whoever comes later cannot have waited for longest while this one waits.
  const clients = [stalled(port)];
  let held = -1;
  let unchanged = 0;
  await eventually(() => {
    const { bytesToClient = 0 } = balancer.stats().listeners[0] ?? {};
    unchanged = bytesToClient > 0 && bytesToClient === held ? unchanged + 1 : 0;
    held = bytesToClient;
    return unchanged >= 5;
  }, "the first that stalls");
  const reading = new Client(port).say("?");
  await eventually(() => {
    if (terminations()["RD"] !== undefined) return true;
    if (clients.length < 200) clients.push(stalled(port));
    return false;
  }, "the first that is ended");
  const newest = clients.at(-1);
  for (const client of clients) if (client !== newest) client.socket.resume();
  const ended = await eventually(() => clients.find((client) => client.over), "its end");
  expect(ended.bytes).toBeLessThan(12 * MB);
  expect(newest?.over).toBe(false);
  for (const client of clients) client.close();
  await eventually(() => reading.bytes === 12 * MB, "the whole result of who reads");
  reading.close();
  await eventually(() => balancer.stats().listeners[0]?.connections === 0, "all gone");
  await balancer.close();
  backend.server.close();
});

test("800 clients that do not read cost little memory", async () => {
  const backend = await bigAnswers(16 * MB);
  const balancer = await startProgram({
    balance: "leastconn",
    backends: [{ name: "a", address: backend.address }],
    health: { interval: 600 },
  });
  const resident = () =>
    1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${balancer.child.pid}/status`, "utf8"))?.[1]);
  const before = resident();
  const clients = Array.from({ length: 800 }, () => stalled(balancer.port));
  let last = -1;
  let unchanged = 0;
  await eventually(async () => {
    const { connections, bytesToClient } = (await balancer.status()).listeners[0] ?? {};
    unchanged = connections === 800 && bytesToClient === last ? unchanged + 1 : 0;
    last = bytesToClient ?? -1;
    return unchanged >= 5;
  }, "all stalled");
  expect((resident() - before) / MB).toBeLessThan(70);
  for (const client of clients) client.close();
  await balancer.stop();
  backend.server.close();
});
