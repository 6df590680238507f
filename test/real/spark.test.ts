import hive from "hive-driver";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningBalancer, startBalancer } from "../../src/balancer/balancer.ts";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import { run } from "../../src/system/processes/run.ts";
import { pythonHue } from "../balancer/session/support/python-client.ts";
import { prepareSpark, type SparkServer, type SparkSetup, startSpark, stopSpark } from "./spark.ts";

const prepared = await prepareSpark();
const why = typeof prepared === "string" ? prepared : undefined;

/** Twelve connections of impyla's own, each with a session; prints which server each reached and what it computed. */
const IMPYLA = `
import json, sys
from impala.dbapi import connect
host, port, auth = sys.argv[1], int(sys.argv[2]), sys.argv[3]
plain = {"user": "hue", "password": "secret"} if auth == "PLAIN" else {}
connections = [connect(host=host, port=port, auth_mechanism=auth, **plain) for _ in range(12)]
cursors = [connection.cursor() for connection in connections]
found = []
for number, cursor in enumerate(cursors):
    cursor.execute("set spark.app.name")
    server = cursor.fetchall()[0][1]
    cursor.execute("select id, id * %d from range(1000) order by id" % number)
    right = cursor.fetchall() == [(i, i * number) for i in range(1000)]
    found.append([server, right])
for cursor in cursors: cursor.close()
print(json.dumps(found))
`;

describe.skipIf(why !== undefined).each([
  ["NOSASL", "nosasl"],
  ["NONE", "plain"],
] as const)(
  `three Spark Thrift Servers, authentication %s${why === undefined ? "" : ` [${why}]`}`,
  (authentication, auth) => {
    const setup = prepared as SparkSetup;
    let servers: SparkServer[] = [];
    let balancer: RunningBalancer;
    let endpoint = { host: "", port: 0 };
    const names = ["spark1", "spark2", "spark3"];

    beforeAll(async () => {
      servers = await Promise.all(names.map((name) => startSpark(setup, name, authentication)));
      const backends = servers.map(({ name, address }) => ({ name, address }));
      const health = { interval: 0.5, timeout: 2, fall: 2, rise: 2 };
      const listener = { name: "spark", bind: "127.0.0.1:0", balance: "session", backends, health };
      balancer = await startBalancer(parseSpec({ version: 1, listeners: [listener] }));
      endpoint = balancer.addresses["spark"] ?? endpoint;
    }, 600_000);

    afterAll(async () => {
      await balancer?.close();
      await stopSpark();
    }, 60_000);

    const pool = (users: number, queries: number, onProgress?: (queries: number) => void) =>
      pythonHue(
        setup.python,
        {
          ...endpoint,
          auth,
          user: "hue",
          password: "secret",
          stack: "impyla",
          pool: 8,
          users,
          queries,
          identity: "set spark.app.name",
          column: 1,
        },
        onProgress,
      );

    test("impyla's connections spread over all three, and every result is right", {
      timeout: 300_000,
    }, async () => {
      const mechanism = auth === "plain" ? "PLAIN" : "NOSASL";
      const args = ["-c", IMPYLA, endpoint.host, String(endpoint.port), mechanism];
      const result = await run(setup.python, args, { timeout: 280 });
      if (result.status !== 0) throw new Error(result.stderr);
      const found = JSON.parse(result.stdout) as [string, boolean][];
      expect(found.map(([, right]) => right)).toEqual(Array.from({ length: 12 }, () => true));
      for (const name of names) expect(found.filter(([server]) => server === name).length).toBe(4);
    });

    test("hive-driver's sessions spread over all three", { timeout: 120_000 }, async () => {
      const servers = await Promise.all(Array.from({ length: 6 }, () => hiveDriver(endpoint, auth)));
      expect([...new Set(servers)].sort()).toEqual(names);
    });

    test("a pool shared as Hue's: every query succeeds, on all three", { timeout: 300_000 }, async () => {
      const result = await pool(24, 4);
      expect(result).toMatchObject({
        succeeded: 96,
        failures: [],
        reopenedSessions: 0,
        retries: 0,
        timeouts: 0,
      });
      for (const name of names) expect(result.servers[name]).toBeGreaterThanOrEqual(5);
    });

    test("drain of one fails nothing and gives it no new session", { timeout: 300_000 }, async () => {
      balancer.drain("spark1");
      const result = await pool(12, 3);
      expect(result).toMatchObject({ succeeded: 36, failures: [], reopenedSessions: 0 });
      expect(Object.keys(result.servers).sort()).toEqual(["spark2", "spark3"]);
      balancer.ready("spark1");
    });

    test("drain under load: its sessions go on", { timeout: 300_000 }, async () => {
      const result = await pool(15, 5, (queries) => {
        if (queries === 20) balancer.drain("spark2");
      });
      expect(result).toMatchObject({ succeeded: 75, failures: [], reopenedSessions: 0 });
      balancer.ready("spark2");
    });

    test("kill -9 of one under load fails no query on the others' sessions", {
      timeout: 300_000,
    }, async () => {
      const result = await pool(15, 8, (queries) => {
        if (queries === 30) void servers[2]?.kill();
      });
      expect(result.failures.filter(({ server }) => server !== "spark3")).toEqual([]);
      expect(result.succeeded + result.failures.length).toBeGreaterThanOrEqual(120);
      expect(result.reopenedSessions).toBeGreaterThan(0);
    });
  },
);

/** One session of hive-driver's client: which server it is on. */
async function hiveDriver(
  endpoint: { host: string; port: number },
  auth: "nosasl" | "plain",
): Promise<string> {
  const { TCLIService, TCLIService_types } = hive.thrift;
  const client = new hive.HiveClient(TCLIService, TCLIService_types);
  client.on("error", () => undefined);
  const authentication =
    auth === "plain"
      ? new hive.auth.PlainTcpAuthentication({ username: "hue", password: "secret" })
      : new hive.auth.NoSaslAuthentication();
  const connection = await client.connect(endpoint, new hive.connections.TcpConnection(), authentication);
  const session = await connection.openSession({
    client_protocol: TCLIService_types.TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V8,
  });
  const operation = await session.executeStatement("set spark.app.name", { runAsync: true });
  const utils = new hive.HiveUtils(TCLIService_types);
  await utils.waitUntilReady(operation, false, () => undefined);
  await utils.fetchAll(operation);
  const rows = utils.getResult(operation).getValue() as Record<string, string>[];
  await operation.close();
  await session.close();
  client.close();
  return Object.values(rows[0] ?? {})[1] ?? "";
}
