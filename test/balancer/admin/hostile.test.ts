import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { who } from "../support/clients.ts";
import { eventually, pause } from "../support/eventually.ts";
import { type BalancerProgram, killAll, start, startBackend, startProgram } from "../support/programs.ts";

afterEach(killAll);

/** A thousand backends, of which one answers: what is told of them is 3 MB of metrics. */
async function large() {
  const backend = await startBackend("a");
  const others = Array.from({ length: 999 }, (_, index) => ({
    name: `impala-coordinator-${index}`,
    address: "127.0.0.1:9",
    weight: 0,
  }));
  const listener = {
    balance: "leastconn",
    health: { interval: 3600 },
    backends: [{ name: "a", address: backend.address }, ...others],
  };
  const balancer = await startProgram(listener, { admin: { http: "127.0.0.1:0" } });
  const quiet = await startProgram({ balance: "leastconn", backends: listener.backends.slice(0, 1) });
  const port = Number(/status page on http:\/\/127\.0\.0\.1:(\d+)/.exec(balancer.printed())?.[1]);
  return { balancer, port, quiet };
}

/**
 * Clients that nobody wants, in a process of their own: each says its text and comes back as soon as it is shown the
 * door. Those that ask for something do not read it.
 */
const RUDE = `
const { connect } = require("node:net");
const [port, clients, text, times, reads] = process.argv.slice(1);
function come() {
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.once("close", () => setTimeout(come, 20));
  if (text !== "") socket.write(text.repeat(Number(times)));
  if (reads === "true") socket.resume();
  else socket.pause();
}
for (let index = 0; index < Number(clients); index++) come();
`;

const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** Status and body of one page. */
function get(port: number, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1");
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => {
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
      if (!(status > 0)) reject(new Error("closed without an answer"));
      resolve({
        status,
        body: text.slice(text.indexOf("\r\n\r\n") + 4),
      });
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  });
}

/** So many that the middle is not that of the first moments. */
const ROUNDS = 50;

async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await act();
  return performance.now() - began;
}

/**
 * Milliseconds of balanced calls and of `/healthz`, in turns, with calls through a balancer that nobody
 * attacks for comparison: the machine may have much to do.
 */
async function served(balancer: BalancerProgram, port: number, quiet: BalancerProgram) {
  const calls: number[] = [];
  const health: number[] = [];
  const compared: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    compared.push(await timed(() => who(quiet.port)));
    calls.push(await timed(() => who(balancer.port)));
    health.push(await timed(() => get(port, "/healthz")));
    await pause(10);
  }
  const sorted = (all: number[]) => all.toSorted((a, b) => a - b);
  return { calls: sorted(calls), health: sorted(health), compared: sorted(compared) };
}

const middle = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;

function residentMegabytes({ child }: BalancerProgram): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024;
}

describe("issue 10, 3: clients of the admin pages harm nobody", () => {
  test.each([
    ["64 clients that pipeline 88 kB of GET /metrics", 64, request("/metrics"), 2000, false],
    ["64 clients that never say what they want", 64, "", 1, true],
    ["200 clients that send one byte", 200, "G", 1, true],
    ["64 clients that read no answer", 64, request("/metrics"), 1, false],
    ["64 clients that read their answer and ask again", 64, request("/metrics"), 1, true],
    ["64 clients that send a request line without end", 64, `GET /${"x".repeat(1000)}`, 1000, true],
  ])(
    "%s: balanced calls go on, /healthz is answered, memory stays",
    async (_, clients, text, times, reads) => {
      const { balancer, port, quiet } = await large();
      await get(port, "/metrics");
      const before = residentMegabytes(balancer);
      start(process.execPath, ["-e", RUDE, ...[port, clients, text, times, reads].map(String)]);
      const { calls, health, compared } = await served(balancer, port, quiet);
      const usual = 50 + 5 * middle(compared);
      const most = 1000 + 5 * (compared.at(-1) ?? 0);
      expect(middle(calls)).toBeLessThan(usual);
      expect(calls.at(-1)).toBeLessThan(most);
      expect(middle(health)).toBeLessThan(usual);
      expect(health.at(-1)).toBeLessThan(most);
      expect(residentMegabytes(balancer) - before).toBeLessThan(200);
      await eventually(async () => (await get(port, "/metrics")).status === 200, "metrics");
    },
  );
});
