import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { startBalancer } from "../../src/balancer/balancer.ts";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import type { BalancerSpecInput } from "../../src/balancer/spec/spec.ts";
import { renderHaproxy } from "../../src/engines/haproxy/haproxy.ts";
import { Client } from "../balancer/support/clients.ts";
import { missing, title } from "../support/needs.ts";
import { freePort, startHaproxy } from "./support.ts";

const HOSTS = ["127.0.0.1", "127.0.0.2", "127.0.1.1"] as const;

/** Who reaches the backend through a port: its name comes back, or nothing. */
async function reached(ports: readonly number[]): Promise<string[]> {
  const all: string[] = [];
  for (const port of ports) {
    for (const host of HOSTS) {
      const client = new Client(port, "127.0.0.1", host).say("who\n");
      const name = await client.line().catch(() => "refused");
      client.close();
      all.push(`${host} ${name}`);
    }
  }
  return all;
}

/** Two listeners of one host with a rule each, and a third without; a backend for each. */
async function three(ports: readonly number[]): Promise<BalancerSpecInput> {
  const rules = [["127.0.0.1/32", "127.0.1.0/24"], ["127.0.0.2"], []];
  const listeners = rules.map(async (allow, at) => {
    const name = `l${at}`;
    const backend = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", () => socket.write(`${name}\n`));
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void backend.close());
    await once(backend, "listening");
    const address = `127.0.0.1:${(backend.address() as AddressInfo).port}`;
    const bind = `127.0.0.1:${ports[at] ?? 0}`;
    return { name, bind, balance: "leastconn" as const, allow, backends: [{ name: "a", address }] };
  });
  return { version: 1, listeners: await Promise.all(listeners) };
}

const WANTED = [
  ...["127.0.0.1 l0", "127.0.0.2 refused", "127.0.1.1 l0"],
  ...["127.0.0.1 refused", "127.0.0.2 l1", "127.0.1.1 refused"],
  ...["127.0.0.1 l2", "127.0.0.2 l2", "127.0.1.1 l2"],
];

describe("each listener has its own rules who may connect", () => {
  it("with the bundled balancer, and after a reload that swaps them", async () => {
    const spec = await three([]);
    const balancer = await startBalancer(parseSpec(spec));
    onTestFinished(() => balancer.close());
    const ports = ["l0", "l1", "l2"].map((name) => balancer.addresses[name]?.port ?? 0);
    expect(await reached(ports)).toEqual(WANTED);
    const [first, second, third] = spec.listeners;
    if (first === undefined || second === undefined || third === undefined) throw new Error("three");
    const swapped = [{ ...first, allow: second.allow ?? [] }, { ...second, allow: first.allow ?? [] }, third];
    await balancer.reload(parseSpec({ ...spec, listeners: swapped }));
    expect(await reached(ports.slice(0, 2))).toEqual([
      ...["127.0.0.1 refused", "127.0.0.2 l0", "127.0.1.1 refused"],
      ...["127.0.0.1 l1", "127.0.0.2 refused", "127.0.1.1 l1"],
    ]);
  });

  it.skipIf(missing("haproxy"))(title("with HAProxy", "haproxy"), async () => {
    const ports = [await freePort(), await freePort(), await freePort()];
    const spec = await three(ports);
    await startHaproxy(renderHaproxy(parseSpec(spec)), ports[2] ?? 0);
    expect(await reached(ports)).toEqual(WANTED);
  });
});
