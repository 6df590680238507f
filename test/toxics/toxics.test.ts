import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startToxicProxy, type Toxics } from "../../fixtures/toxics/toxic-proxy.ts";
import { HARMLESS, type Toxic } from "../../fixtures/toxics/toxics.ts";
import { exchange, expected, startExchangeServer } from "./exchange.ts";

/** One connection through one proxy with fixed toxics. */
async function through(toxics: Toxics, { up = 20_000, down = 50_000 } = {}) {
  const proxy = await startToxicProxy({
    upstream: { host: "127.0.0.1", port: server.port },
    toxics: () => toxics,
  });
  id += 1;
  const started = performance.now();
  const client = await exchange(proxy.port, { id, up, down });
  const took = performance.now() - started;
  await server.idle();
  await proxy.close();
  const [atServer] = server.got.get(id) ?? [];
  return {
    client,
    atServer,
    took,
    id,
    wanted: { up: expected(id, "up", up), down: expected(id, "down", down) },
  };
}

let server: Awaited<ReturnType<typeof startExchangeServer>>;
let id = 0;
beforeAll(async () => {
  server = await startExchangeServer();
});
afterAll(() => server.close());

describe("the toxic proxy", () => {
  it("passes everything, both ends included, without toxics", async () => {
    const { client, atServer, wanted } = await through({});
    expect(client).toEqual({ bytes: 50_000, sha256: wanted.down, complete: true });
    expect(atServer).toEqual({ bytes: 20_000, sha256: wanted.up, complete: true });
  });

  it.each<[string, Toxic, number]>([
    ["latency", { type: "latency", latency: 120, jitter: 20 }, 100],
    ["bandwidth", { type: "bandwidth", rate: 250_000 }, 190],
    ["slicer", { type: "slicer", size: 2000, variation: 1000, pause: 5 }, 60],
    ["slow-close", { type: "slow-close", delay: 150 }, 145],
  ])("%s takes its time and loses nothing", async (_name, toxic, least) => {
    const { client, took, wanted } = await through({ downstream: [toxic] });
    expect(client).toEqual({ bytes: 50_000, sha256: wanted.down, complete: true });
    expect(took).toBeGreaterThan(least);
  });

  it("limit passes exactly its bytes", async () => {
    const { client, id } = await through({ downstream: [{ type: "limit", bytes: 1234 }] });
    expect(client).toMatchObject({ bytes: 1234, sha256: expected(id, "down", 1234) });
  });

  it("time-out passes nothing and closes", async () => {
    const { client, took } = await through({ downstream: [{ type: "time-out", after: 80 }] });
    expect(client).toMatchObject({ bytes: 0 });
    expect(took).toBeGreaterThan(75);
  });

  it("reset ends without FIN", async () => {
    const slow: Toxic = { type: "bandwidth", rate: 100_000 };
    const { client } = await through({ downstream: [slow, { type: "reset", after: 100 }] });
    expect(client).toMatchObject({ complete: false });
    expect(client.bytes).toBeLessThan(50_000);
  });

  it("down never reaches the server", async () => {
    const { client, atServer } = await through({ upstream: [{ type: "down" }] });
    expect(client).toMatchObject({ bytes: 0 });
    expect(atServer).toBeUndefined();
  });

  it("knows which toxics never change a byte", () => {
    expect(HARMLESS).toEqual(["latency", "bandwidth", "slicer", "slow-close"]);
  });
});
