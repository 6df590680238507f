import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import { specOf } from "./support.ts";

/** The Impalads of the tutorial. */
export const servers = [1, 2, 3].map((n) => ({
  name: `impala${n}`,
  address: `server${n}.example.com:21050`,
}));

/** Specifications of every kind, each with the file that holds its rendering. */
export const CONFIGURATIONS: Record<string, { spec: ReturnType<typeof specOf>; version?: string }> = {
  tutorial: { spec: specOf({ bind: "0.0.0.0:10001", backends: servers }) },
  "two-listeners": {
    spec: parseSpec({
      version: 1,
      listeners: [
        {
          name: "hue",
          bind: "10.0.0.5:21051",
          balance: "source",
          backends: servers,
          allow: ["10.0.0.0/8", "fd00::/8"],
          maxConnectionsPerSource: 200,
          health: { http: { port: 25000 }, hiveserver2: {} },
          timeouts: { firstByte: 5, connect: 0.25 },
        },
        {
          name: "jdbc",
          bind: "[::]:21050",
          balance: "leastconn",
          backends: [
            { name: "a", address: "10.0.0.11:21050", weight: 2, maxConnections: 64 },
            { name: "b", address: "[fd00::12]:21050", backup: true },
            { name: "c", address: "10.0.0.13:21050", backup: true },
          ],
          slowStart: 0,
          keepAlive: 0,
          retries: 0,
        },
      ],
      admin: { socket: "/run/hue-impala-setup/balancer.sock", http: "127.0.0.1:10002" },
    }),
  },
  "behind-a-proxy": {
    spec: specOf({
      backends: [{ name: "a", address: "10.0.0.11:21050" }],
      proxyProtocol: { from: ["10.0.0.1", "fd00::/8"], timeout: 3 },
      allow: ["10.1.0.0/16"],
      maxConnectionsPerSource: 20,
      endBackupOnRecovery: true,
    }),
  },
  "haproxy-1.8": { spec: specOf({ bind: "127.0.0.1:10001", backends: servers }), version: "1.8" },
};
