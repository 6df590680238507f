import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HuePool, runUser } from "../../../fixtures/impalad/hue-pool.ts";
import { missing, title } from "../../support/needs.ts";
import { HUE, KERBEROS_NEEDS, type SecuredCluster, startCluster } from "./support/cluster.ts";

const pki = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/pki/${name}.pem`, import.meta.url));

describe.skipIf(missing(...KERBEROS_NEEDS))(title("Kerberos inside TLS", ...KERBEROS_NEEDS), () => {
  let cluster: SecuredCluster;

  beforeAll(async () => {
    // The Impalads' ends speak no TLS; no password comes this way.
    const tls = { certificate: pki("server"), key: pki("server-key"), clearTextBackends: true };
    cluster = await startCluster({ listener: { tls } });
  });
  afterAll(() => cluster.close());

  test.each([1, 4] as const)("sessions are routed, layer %i", async (layer) => {
    const hue = await cluster.client({ layer, tls: pki("ca") }, "hue/localhost");
    const before = cluster.sessions();
    const pool = new HuePool({ host: "127.0.0.1", port: hue.port, size: 10 });
    const users = Array.from({ length: 40 }, (_, index) =>
      runUser(pool, { name: `user${index}`, queries: 6 }),
    );
    const outcomes = await Promise.all(users);
    pool.close();
    expect(outcomes.reduce((sum, each) => sum + each.succeeded, 0)).toBe(240);
    for (const [index, count] of cluster.sessions().entries()) {
      expect(Math.abs(count - (before[index] ?? 0) - 40 / 3)).toBeLessThanOrEqual((40 / 3) * 0.2);
    }
    const seen = cluster.ends.flatMap(({ told }) => told.flatMap(({ login }) => login ?? []));
    expect(new Set(seen)).toEqual(new Set([HUE]));
  });
});
