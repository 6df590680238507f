import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { openSession, query } from "../../../fixtures/impalad/client.ts";
import { ThriftConnection } from "../../../fixtures/impalad/connection.ts";
import { HuePool, runUser, type UserOptions } from "../../../fixtures/impalad/hue-pool.ts";
import { payload } from "../../../fixtures/impalad/statements.ts";
import { cluster, later } from "./support/cluster.ts";
import type { Host } from "./support/host.ts";
import { encodeCall } from "./support/messages.ts";

function pool(host: Host, size: number, plain?: { user: string; password: string }): HuePool {
  const made = new HuePool({ ...host.endpoint, size, ...(plain && { plain }) });
  later(() => made.close());
  return made;
}

async function users(shared: HuePool, count: number, options: Partial<UserOptions> = {}) {
  const outcomes = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      runUser(shared, { name: `user${i}`, queries: 5, vanish: i % 10 === 0, ...options }),
    ),
  );
  return {
    succeeded: outcomes.reduce((sum, outcome) => sum + outcome.succeeded, 0),
    errors: outcomes.flatMap((outcome) => outcome.errors),
    reopened: outcomes.reduce((sum, outcome) => sum + outcome.reopenedSessions, 0),
  };
}

describe("session routing", () => {
  test("a single client is answered by one Impalad", async () => {
    const { host, impalads } = await cluster(3);
    const [[name] = []] = await query(host.endpoint, "select impalad()");
    expect(impalads.map((impalad) => impalad.name)).toContain(name);
  });

  test.each([
    [3, 10, 40],
    [20, 50, 200],
  ])(
    "with %i Impalads, a Hue pool of %i and %i users every query succeeds and sessions spread evenly",
    async (backends, size, count) => {
      const { host, impalads } = await cluster(backends);
      const result = await users(pool(host, size), count);
      expect(result).toEqual({ succeeded: count * 5, errors: [], reopened: 0 });
      const sessions = impalads.map((impalad) => impalad.stats().sessionsOpened);
      const even = count / backends;
      expect(Math.max(...sessions)).toBeLessThanOrEqual(Math.ceil(even * 1.2));
      expect(Math.min(...sessions)).toBeGreaterThanOrEqual(Math.floor(even * 0.8));
      for (const impalad of impalads) expect(impalad.stats().connections).toBeLessThanOrEqual(size);
    },
  );

  test("SASL PLAIN is routed as well, with the client's own login", async () => {
    const { host, impalads } = await cluster(3, { auth: "plain", users: { hue: "s3cret" } });
    const result = await users(pool(host, 10, { user: "hue", password: "s3cret" }), 40);
    expect(result).toEqual({ succeeded: 200, errors: [], reopened: 0 });
    for (const impalad of impalads) expect(impalad.stats().sessionsOpened).toBeGreaterThanOrEqual(10);
    expect(JSON.stringify([host.events, host.ends])).not.toContain("s3cret");
  });

  test("a refused SASL login is the Impalad's own refusal", async () => {
    const { host } = await cluster(2, { auth: "plain", users: { hue: "right" } });
    const wrong = { ...host.endpoint, plain: { user: "hue", password: "wr0ng" } };
    await expect(query(wrong, "select 'x'")).rejects.toThrow("Error validating the login");
    expect(JSON.stringify([host.events, host.ends])).not.toContain("wr0ng");
  });

  test.each(["nosasl", "plain"] as const)("a large result arrives byte for byte (%s)", async (auth) => {
    const { host } = await cluster(3, { auth });
    const size = 8_000_001;
    const endpoint =
      auth === "plain" ? { ...host.endpoint, plain: { user: "u", password: "p" } } : host.endpoint;
    const rows = await query(endpoint, `select bytes(${size})`);
    expect(rows.flat().join("") === payload(0, size)).toBe(true);
    const toClient = [...host.counted.values()].reduce((sum, each) => sum + each.toClient, 0);
    expect(toClient).toBeGreaterThan(size);
  });

  test("a client that does not read holds the Impalad back instead of filling our memory", async () => {
    const size = 64 * 1024 * 1024;
    const { host } = await cluster(1, { pageBytes: size });
    const connection = await ThriftConnection.open(host.endpoint);
    later(() => connection.close());
    const { handle } = await openSession(connection);
    const statement = `select bytes(${size})`;
    const { operationHandle } = await connection.call("ExecuteStatement", {
      sessionHandle: handle,
      statement,
    });
    if (!operationHandle) throw new Error("no operation");
    const socket = connect({ ...host.endpoint });
    later(() => void socket.destroy());
    socket.pause();
    socket.write(encodeCall("FetchResults", { operationHandle, orientation: 0, maxRows: 1_000_000 }));
    const delivered = () => host.counted.get("impala1")?.toClient ?? 0;
    await expect.poll(delivered).toBeGreaterThan(100_000);
    let before = -1;
    await expect
      .poll(() => {
        const still = delivered() === before;
        before = delivered();
        return still;
      })
      .toBe(true);
    // What is on its way is in the kernel's buffers of two connections, not in ours.
    expect(delivered()).toBeLessThan(size / 2);
    let read = 0;
    const start = delivered();
    socket.resume();
    socket.on("data", (chunk: Buffer) => {
      read += chunk.length;
    });
    await expect.poll(() => read, { timeout: 30_000 }).toBeGreaterThan(size);
    expect(delivered()).toBeGreaterThan(start);
  });
});
