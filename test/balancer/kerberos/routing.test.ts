import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HuePool, runUser } from "../../../fixtures/impalad/hue-pool.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { missing, title } from "../../support/needs.ts";
import { eventually } from "../support/eventually.ts";
import { KERBEROS_NEEDS, type SecuredCluster, startCluster } from "./support/cluster.ts";

describe.skipIf(missing(...KERBEROS_NEEDS))(title("Kerberos in the balancer", ...KERBEROS_NEEDS), () => {
  let cluster: SecuredCluster;

  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster.close());

  test.each([
    [1, "authentication"],
    [2, "integrity"],
    [4, "privacy"],
  ] as const)("a Hue-like pool of 40 users over three Impalads, layer %i (%s)", async (layer, _what) => {
    const hue = await cluster.client({ layer }, "hue/localhost");
    const before = cluster.sessions();
    const pool = new HuePool({ host: "127.0.0.1", port: hue.port, size: 10 });
    const users = Array.from({ length: 40 }, (_, index) =>
      runUser(pool, { name: `user${index}`, queries: 6 }),
    );
    const outcomes = await Promise.all(users);
    pool.close();
    expect(outcomes.flatMap((each) => each.errors)).toEqual([]);
    expect(outcomes.reduce((sum, each) => sum + each.succeeded, 0)).toBe(240);
    const opened = cluster.sessions().map((count, index) => count - (before[index] ?? 0));
    for (const count of opened) {
      expect(count).toBeGreaterThanOrEqual((40 / 3) * 0.8);
      expect(count).toBeLessThanOrEqual((40 / 3) * 1.2);
    }
    for (const { told } of cluster.ends) {
      const logins = told.filter((each) => each.login !== undefined && each.layer === layer);
      expect(logins.length).toBeGreaterThan(0);
      expect(new Set(logins.map((each) => each.login))).toEqual(new Set(["hue/localhost@EXAMPLE.COM"]));
    }
    expect(hue.told.filter((each) => each.layer !== layer)).toEqual([]);
  });

  test("an Impalad that dies or is drained under load costs the others nothing", async () => {
    const hue = await cluster.client({ layer: 2 }, "hue/localhost");
    const pool = new HuePool({ host: "127.0.0.1", port: hue.port, size: 10 });
    cluster.balancer.drain("impala2");
    const drained = cluster.impalads[1]?.stats().sessionsOpened;
    const users = Array.from({ length: 20 }, (_, index) =>
      runUser(pool, { name: `drain${index}`, queries: 3 }),
    );
    const outcomes = await Promise.all(users);
    expect(outcomes.reduce((sum, each) => sum + each.succeeded, 0)).toBe(60);
    expect(cluster.impalads[1]?.stats().sessionsOpened).toBe(drained);
    cluster.balancer.ready("impala2");
    await cluster.balancer.reload(parseSpec(cluster.spec));
    const killed = cluster.ends[2];
    const place = `${cluster.impalads[2]?.host}:${cluster.impalads[2]?.webPort}`;
    const others = Array.from({ length: 30 }, (_, index) =>
      runUser(pool, {
        name: `kill${index}`,
        queries: 6,
        between: async (query) => {
          if (index === 0 && query === 1) await killed?.close();
        },
      }),
    );
    const after = await Promise.all(others);
    pool.close();
    const lost = after.flatMap((each) => each.failedOn);
    expect(lost.filter((each) => each !== place)).toEqual([]);
    expect(after.reduce((sum, each) => sum + each.succeeded, 0)).toBe(180 - lost.length);
  });
});

describe.skipIf(missing(...KERBEROS_NEEDS))(
  title("Impalads that differ, and checks that log in", ...KERBEROS_NEEDS),
  () => {
    let cluster: SecuredCluster;
    const checks = { interval: 0.3, timeout: 1, fall: 2, rise: 1, hiveserver2: {} };

    beforeAll(async () => {
      cluster = await startCluster({ layers: [7, 1, 4], listener: { health: checks } });
    });
    afterAll(() => cluster.close());

    const backend = (name: string) =>
      cluster.balancer.stats().listeners[0]?.backends.find((each) => each.name === name);

    test("the check opens a session with Kerberos, over each layer", async () => {
      for (const name of ["impala1", "impala2", "impala3"]) {
        await eventually(
          () => backend(name)?.lastCheck?.message === "session opened and closed",
          `the check of ${name} (${backend(name)?.lastCheck?.message})`,
        );
      }
    });

    test("a client's privacy is not lost behind the balancer: an Impalad without it gets nothing of it", async () => {
      const before = cluster.ends[1]?.told.length ?? 0;
      const hue = await cluster.client({ layer: 4 }, "hue/localhost");
      const pool = new HuePool({ host: "127.0.0.1", port: hue.port, size: 2 });
      const outcomes = await Promise.all(
        Array.from({ length: 6 }, (_, index) => runUser(pool, { name: `user${index}`, queries: 2 })),
      );
      pool.close();
      // Whether the client is offered privacy at all depends on the Impalad that is asked first.
      expect(outcomes.reduce((sum, each) => sum + each.succeeded, 0)).toBeGreaterThan(0);
      const weak = cluster.ends[1]?.told.slice(before) ?? [];
      expect(hue.told.filter(({ login, layer }) => login !== undefined && layer !== 4)).toEqual([]);
      expect(weak.filter(({ authzid }) => authzid !== undefined && authzid !== "")).toEqual([]);
      expect(cluster.log()).toMatch(/impala2: login failed: it offers no privacy, which the client has/);
    });

    test("a frozen Impalad is seen, and its end is up again when it goes on", async () => {
      const frozen = cluster.ends[0];
      frozen?.child.kill("SIGSTOP");
      await eventually(() => backend("impala1")?.state === "down", "a frozen Impalad is down");
      expect(backend("impala1")?.lastCheck?.message).toContain("the login not answered within 1 s");
      frozen?.child.kill("SIGCONT");
      await eventually(() => backend("impala1")?.state === "up", "it is up again");
    });

    test("a KDC that is frozen keeps nobody waiting who needs no ticket of it, and a stopped one neither", async () => {
      const hue = await cluster.client({ layer: 1 }, "hue/localhost");
      const pool = new HuePool({ host: "127.0.0.1", port: hue.port, size: 2 });
      // The client's own ticket for the balancer is got before, by its first connection.
      expect((await runUser(pool, { name: "before", queries: 1 })).errors).toEqual([]);
      cluster.realm.signal("SIGSTOP");
      const began = performance.now();
      expect((await runUser(pool, { name: "while", queries: 3 })).errors).toEqual([]);
      expect(performance.now() - began).toBeLessThan(10_000);
      cluster.realm.signal("SIGCONT");
      pool.close();
    });
  },
);
