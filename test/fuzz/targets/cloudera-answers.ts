import assert from "node:assert/strict";
import type { CmReader } from "../../../src/cloudera/client/client.ts";
import { readAnswer } from "../../../src/cloudera/client/read-answer.ts";
import { discover } from "../../../src/cloudera/discovery/discovery.ts";
import { serverMessage } from "../../../src/cloudera/http/failures.ts";
import { realPace } from "../../../src/cloudera/http/retry.ts";
import { parseEndpoint } from "../../../src/domain/endpoint.ts";
import { Failure } from "../../../src/domain/failure.ts";
import type { Target } from "../target.ts";

/** Answers of one Cloudera Manager, one after the other. */
const BETWEEN = "\n--\n";

const CLUSTERS = '{"items":[{"name":"c1","displayName":"Cluster 1","clusterType":"BASE_CLUSTER"}]}';
const SERVICES = '{"items":[{"name":"impala","type":"IMPALA"},{"name":"hue","type":"HUE"}]}';
const ROLES = JSON.stringify({
  items: ["node1", "node2.example.com", "::1"].map((hostname, at) => ({
    name: `impala-IMPALAD-${at}`,
    type: "IMPALAD",
    hostRef: { hostId: String(at), hostname },
    roleState: "STARTED",
    commissionState: "COMMISSIONED",
    healthSummary: "GOOD",
    maintenanceMode: false,
    roleConfigGroupRef: { roleConfigGroupName: "impala-IMPALAD-BASE" },
  })),
});
const CONFIG =
  '{"items":[{"name":"hs2_port","value":"21051","default":"21050"},{"name":"impalad_load_balancer"}]}';
const EXPORT =
  '{"config":{"items":[]},"roles":[{"name":"impala-IMPALAD-0","type":"IMPALAD","config":{"items":[]}}]}';
const HOSTS = '{"items":[{"hostId":"0","hostname":"node1.example.com"}]}';
const KERBEROS = '{"kerberized":false}';

/** Which of the answers belongs to a request: the last one where there are fewer. */
function placeOf(path: readonly string[]): number {
  const last = path.at(-1) ?? "";
  const places = ["clusters", "services", "roles", "config", "hosts", "kerberosInfo"];
  const at = places.indexOf(last);
  return at < 0 ? places.length : at;
}

function readerOf(answers: readonly Buffer[], apiVersion: number): CmReader {
  return {
    url: "https://cm.example.com:7183",
    apiVersion,
    serverVersion: apiVersion,
    user: "admin",
    warnings: [],
    pace: realPace,
    get: async (path, schema) => {
      const body = answers[Math.min(placeOf(path), answers.length - 1)] ?? Buffer.alloc(0);
      return readAnswer({ body }, schema, {
        method: "GET",
        url: `https://cm/${path.join("/")}`,
        user: "admin",
      });
    },
    download: async () => Buffer.alloc(0),
    said: (text) => text,
    close: () => undefined,
  };
}

/** Whatever Cloudera Manager says: an Impalad that is balanced has an address, and a failure is one of ours. */
export const clouderaAnswers: Target = {
  name: "cloudera-answers",
  seeds: () => {
    const whole = [CLUSTERS, SERVICES, ROLES, CONFIG, HOSTS, KERBEROS, EXPORT];
    const old = whole.map((text) => text.replaceAll(/"hostname":"[^"]*",?/g, ""));
    return [
      whole,
      old,
      ['{"message":"no","causes":["none"]}'],
      ["<html><title>Error 401</title></html>"],
      ["{}"],
    ].map((texts) => Buffer.from(texts.join(BETWEEN)));
  },
  words: [
    BETWEEN,
    '{"items":[',
    "null",
    '"hostname":"',
    '"value":"',
    "21050",
    "EXECUTOR_ONLY",
    "\\u0000",
    "\\ud800",
    "[".repeat(70),
    '"__proto__":{}',
    "-1e999",
  ],
  run: async (bytes, random) => {
    const answers = bytes
      .toString("latin1")
      .split(BETWEEN)
      .map((text) => Buffer.from(text, "latin1"));
    for (const body of answers) {
      const said = serverMessage({ status: 400, headers: {}, cookies: [], body });
      assert(!/[\n\r]/.test(said) && said.length <= 300, said);
    }
    try {
      const found = await discover(readerOf(answers, random.pick([6, 19, 33, 57])));
      for (const { host, port, eligible, reason } of found.impalads) {
        assert.equal(eligible, reason === null);
        if (eligible)
          assert.deepEqual(parseEndpoint(host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`), {
            host,
            port,
          });
      }
      return `${found.impalads.length} Impalads, ${found.warnings.map(({ code }) => code).join(" ")}`;
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      assert(thrown.message !== "" && thrown.text.ja !== "");
      return thrown.code;
    }
  },
};
