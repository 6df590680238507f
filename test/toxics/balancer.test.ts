import { afterAll, beforeAll, expect, it } from "vitest";
import { startToxicProxy, type ToxicProxy, type Toxics } from "../../fixtures/toxics/toxic-proxy.ts";
import { HARMLESS, type Toxic } from "../../fixtures/toxics/toxics.ts";
import { type RunningBalancer, startBalancer } from "../../src/balancer/balancer.ts";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import { type Exchange, exchange, expected, type Got, startExchangeServer } from "./exchange.ts";

const CONNECTIONS = 500;
const PARALLEL = 25;

/** A small generator with a seed (mulberry32), so that a failure can be had again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const seed = Number(process.env["TOXICS_SEED"] ?? 20140520);
const random = seeded(seed);
const upTo = (most: number) => Math.floor(random() * most);

function anyToxic(types: readonly Toxic["type"][]): Toxic {
  switch (types[upTo(types.length)]) {
    case "latency":
      return { type: "latency", latency: upTo(20), jitter: upTo(20) };
    case "bandwidth":
      return { type: "bandwidth", rate: 200_000 + upTo(2_000_000) };
    case "slicer":
      return { type: "slicer", size: 500 + upTo(4000), variation: upTo(500), pause: upTo(2) };
    case "slow-close":
      return { type: "slow-close", delay: upTo(100) };
    case "reset":
      return { type: "reset", after: upTo(150) };
    case "limit":
      return { type: "limit", bytes: upTo(100_000) };
    case "time-out":
      return { type: "time-out", after: upTo(100) };
    default:
      return { type: "down" };
  }
}

/** Up to three toxics per direction; one connection in three has harmful ones among them. */
function anyToxics(): Toxics {
  const all: readonly Toxic["type"][] = [...HARMLESS, "reset", "limit", "time-out", "down"];
  const types = random() < 0.33 ? all : HARMLESS;
  const some = () => Array.from({ length: upTo(4) }, () => anyToxic(types));
  return { upstream: some(), downstream: some() };
}

let servers: Awaited<ReturnType<typeof startExchangeServer>>[];
let between: ToxicProxy[];
let balancer: RunningBalancer;
let front: ToxicProxy;
/** What the client's side did to each connection: true when it could lose bytes. */
let harmed = 0;

beforeAll(async () => {
  servers = [await startExchangeServer(), await startExchangeServer(), await startExchangeServer()];
  const toxics = () => {
    const chosen = anyToxics();
    const types = [...(chosen.upstream ?? []), ...(chosen.downstream ?? [])].map(({ type }) => type);
    if (types.some((type) => !HARMLESS.includes(type))) harmed += 1;
    return chosen;
  };
  between = await Promise.all(
    servers.map(({ port }) => startToxicProxy({ upstream: { host: "127.0.0.1", port }, toxics, random })),
  );
  balancer = await startBalancer(
    parseSpec({
      version: 1,
      listeners: [
        {
          name: "toxic",
          bind: "127.0.0.1:0",
          balance: "leastconn",
          // Checks are connections too, and the proxy would do things to them: here they never come.
          health: { interval: 86_400, fall: 1000 },
          backends: between.map(({ port }, n) => ({ name: `b${n}`, address: `127.0.0.1:${port}` })),
        },
      ],
    }),
  );
  const port = balancer.addresses["toxic"]?.port ?? 0;
  front = await startToxicProxy({ upstream: { host: "127.0.0.1", port }, toxics, random });
});

afterAll(async () => {
  await front.close();
  await balancer.close();
  for (const proxy of between) await proxy.close();
  for (const server of servers) server.close();
});

it(`500 connections through random toxics on both sides of the balancer: no wrong byte [seed ${seed}]`, async () => {
  const tasks: Exchange[] = Array.from({ length: CONNECTIONS }, (_, id) => ({
    id,
    up: upTo(3) === 0 ? upTo(200_000) : upTo(5000),
    down: upTo(3) === 0 ? upTo(400_000) : upTo(20_000),
  }));
  const received = new Map<number, Got>();
  const queue = tasks.values();
  const worker = async () => {
    for (const task of queue) received.set(task.id, await exchange(front.port, task));
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  await Promise.all(servers.map((each) => each.idle()));

  const wrong: string[] = [];
  let whole = 0;
  for (const { id, up, down } of tasks) {
    const client = received.get(id);
    const atServers = servers.flatMap((server) => server.got.get(id) ?? []);
    if (client === undefined || client.sha256 !== expected(id, "down", client.bytes))
      wrong.push(`${id} down`);
    for (const got of atServers) if (got.sha256 !== expected(id, "up", got.bytes)) wrong.push(`${id} up`);
    if (
      client?.bytes === down &&
      client.complete &&
      atServers.some((got) => got.bytes === up && got.complete)
    )
      whole += 1;
  }
  expect(wrong).toEqual([]);
  // Only connections that a harmful toxic met may be short of anything.
  expect(harmed).toBeGreaterThan(50);
  expect(CONNECTIONS - whole).toBeLessThanOrEqual(harmed);
  expect(whole).toBeGreaterThan(100);
});
