import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { reception } from "../../../src/balancer/admin/http/http.ts";
import { Visitors } from "../../../src/balancer/admin/http/visitors.ts";
import { Metrics } from "../../../src/balancer/admin/metrics.ts";
import { Pages } from "../../../src/balancer/admin/page/pages.ts";
import { startBalancer } from "../../../src/balancer/balancer.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { Turns } from "../../../src/balancer/time/turns.ts";
import type { Target } from "../target.ts";
import { visit } from "../visit.ts";

let receive: Promise<(visitor: Duplex) => void> | undefined;

async function start(): Promise<(visitor: Duplex) => void> {
  const backends = [{ name: "a", address: "127.0.0.1:9" }];
  const listeners = [{ name: "impala", bind: "127.0.0.1:0", health: { interval: 3600 }, backends }];
  const balancer = await startBalancer(parseSpec({ version: 1, listeners }));
  const turns = new Turns({ clock: () => 0 });
  const pages = new Pages("localhost", () => balancer, new Metrics(), turns);
  return reception(pages, new Visitors({ most: 32, patience: 10_000 }), turns);
}

/** One connection gets one whole answer or none, whatever it says and however that is cut. */
export const adminRequests: Target = {
  name: "admin-requests",
  seeds: () =>
    [
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /status.json?x=1 HTTP/1.1\r\nHost: 127.0.0.1:10002\r\nAccept: */*\r\n\r\n",
      "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\nGET /metrics HTTP/1.0\r\n\r\n",
      "HEAD /healthz HTTP/1.1\r\nHost: [::1]:1\r\nConnection: keep-alive\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello",
      "PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: evil.example.com\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    ].map((text) => Buffer.from(text)),
  words: [
    "\r\n",
    "\r\n\r\n",
    "GET ",
    "CONNECT ",
    " HTTP/1.1",
    "Host: ",
    "Content-Length: ",
    "Expect: 100-continue\r\n",
    "/healthz",
  ],
  run: async (bytes, random) => {
    receive ??= start();
    const answer = (await visit(await receive, random.pieces(bytes))).toString("latin1");
    if (answer === "") return "cut";
    const end = answer.indexOf("\r\n\r\n");
    const [, status] = /^HTTP\/1\.1 ([2-5]\d\d) /.exec(answer) ?? [];
    assert(end > 0 && status !== undefined, answer.slice(0, 100));
    const head = answer.slice(0, end);
    const body = answer.slice(end + 4);
    const length = /^content-length: (\d+)$/im.exec(head)?.[1];
    if (length !== undefined && body !== "") assert.equal(body.length, Number(length));
    assert(
      status !== "200" || /^(GET|HEAD) /.test(bytes.toString("latin1").trimStart()),
      "answers no other method",
    );
    return `${status} ${body === ""}`;
  },
};
