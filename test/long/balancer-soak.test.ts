import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { ask, who } from "../balancer/support/clients.ts";
import { eventually, pause } from "../balancer/support/eventually.ts";
import { killAll, startBackend, startProgram } from "../balancer/support/programs.ts";

afterEach(killAll);

test("20,000 connections and 200 long ones: memory within 10 %, descriptors as at the start (R28)", {
  timeout: 900_000,
}, async () => {
  const backends = await Promise.all(["a", "b"].map((name) => startBackend(name)));
  const balancer = await startProgram(
    { balance: "leastconn", backends: backends.map(({ name, address }) => ({ name, address })) },
    { rest: { log: { level: "error" } } },
  );
  const rss = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${balancer.child.pid}/status`, "utf8"))?.[1]);
  const open = (): number => readdirSync(`/proc/${balancer.child.pid}/fd`).length;
  const churn = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 40)
      await Promise.all(Array.from({ length: 40 }, () => who(balancer.port)));
  };
  const quiet = () =>
    eventually(async () => (await balancer.status()).listeners[0]?.connections === 0, "quiet");
  const before = open();
  // What is measured is growth, not the warm-up of the heap: it has its size after two rounds.
  const round = async (): Promise<number> => {
    const long = await Promise.all(Array.from({ length: 200 }, () => ask(balancer.port)));
    await churn(5000);
    for (const { name, client } of long) {
      expect(await client.say("who\n").line()).toBe(name);
      client.close();
    }
    await quiet();
    await pause(1000);
    return rss();
  };
  await round();
  const base = await round();
  let last = base;
  for (let index = 0; index < 4; index++) last = await round();
  expect(last).toBeLessThanOrEqual(base * 1.1);
  await eventually(() => open() <= before + 2, "descriptors given back");
  expect((await balancer.status()).listeners[0]?.total).toBe(6 * 5200);
  await balancer.stop();
});
