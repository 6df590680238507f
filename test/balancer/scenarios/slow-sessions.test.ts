import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startBalancer } from "../../../src/balancer/balancer.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { encodeCall, encodeReply, SESSION } from "../session/support/messages.ts";
import { Client } from "../support/clients.ts";
import { eventually } from "../support/eventually.ts";
import { version1, version2 } from "../support/proxy-headers.ts";

const MB = 1_000_000;
const LIMIT = 2 * MB;
const OK = { status: { statusCode: 0 } };
const OPEN_REQUEST = { client_protocol: 5, username: "hue" };
const OPEN = encodeCall("OpenSession", OPEN_REQUEST);
const INFO_REQUEST = { sessionHandle: SESSION, infoType: 17 };
const INFO = encodeCall("GetInfo", INFO_REQUEST);
const SOMEBODY = { host: "192.0.2.7", port: 4711 };

/** An Impalad that opens sessions, and answers everything else with 8 MB. */
async function impalad(): Promise<{ address: string; opened: Buffer; result: Buffer }> {
  const opened = await encodeReply("OpenSession", OPEN_REQUEST, {
    ...OK,
    serverProtocolVersion: 5,
    sessionHandle: SESSION,
  });
  const infoValue = { stringValue: "x".repeat(8 * MB) };
  const result = await encodeReply("GetInfo", INFO_REQUEST, { ...OK, infoValue });
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (said) => socket.write(said.includes("OpenSession") ? opened : result));
    socket.on("end", () => socket.end());
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, opened, result };
}

/** How connections come, and what they must say and hear before they ask. */
const WAYS = [
  ["routed by session", "session", undefined],
  ["routed by session behind a proxy", "session", version2(SOMEBODY)],
  ["relayed behind a proxy", "leastconn", version1(SOMEBODY)],
] as const;

test.each(WAYS)(
  "clients %s that do not read stay within the limit in all; who reads gets everything",
  async (_way, balance, header) => {
    const { address, opened, result } = await impalad();
    const balancer = await startBalancer(
      parseSpec({
        version: 1,
        listeners: [
          {
            name: "impala",
            bind: "127.0.0.1:0",
            balance,
            health: { interval: 600 },
            backends: [{ name: "a", address }],
            ...(header === undefined ? {} : { proxyProtocol: { from: ["127.0.0.1"] } }),
          },
        ],
      }),
      { unreadLimit: LIMIT },
    );
    onTestFinished(() => balancer.close());
    const port = balancer.addresses["impala"]?.port ?? 0;
    const ended = () => balancer.stats().listeners[0]?.terminations["RD"] ?? 0;
    const connected = async (): Promise<Client> => {
      const client = new Client(port);
      if (header !== undefined) client.say(header);
      client.say(OPEN);
      await eventually(() => client.bytes === opened.length, "a session");
      return client;
    };
    const reading = (await connected()).say(INFO);
    const stalled: Client[] = [];
    // Each holds one piece of 16 kB at least: more than this many cannot wait within the limit.
    const most = LIMIT / 16_384 + 1;
    await eventually(async () => {
      if (ended() > 0 || stalled.length > most) return true;
      const client = await connected();
      client.socket.pause();
      stalled.push(client.say(INFO));
      return false;
    }, "the first that is ended");
    await eventually(() => ended() > 0, "its end is counted");
    const [newest] = stalled.slice(-1);
    for (const client of stalled) if (client !== newest) client.socket.resume();
    const first = await eventually(() => stalled.find((client) => client.over), "its end is seen");
    expect(first.bytes).toBeLessThan(opened.length + result.length);
    expect(newest?.over).toBe(false);
    await eventually(() => reading.bytes === opened.length + result.length, "the whole result of who reads");
    expect(Buffer.concat(reading.chunks).subarray(opened.length).equals(result)).toBe(true);
    for (const client of [...stalled, reading]) client.close();
    await eventually(() => balancer.stats().listeners[0]?.connections === 0, "all gone");
  },
);
