import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HuePool, runUser } from "../../../fixtures/impalad/hue-pool.ts";
import { missing, title } from "../../support/needs.ts";
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
});
