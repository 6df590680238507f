import { Duplex } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { reception } from "../../../src/balancer/admin/http/http.ts";
import { Visitors } from "../../../src/balancer/admin/http/visitors.ts";
import { Metrics } from "../../../src/balancer/admin/metrics.ts";
import { Pages } from "../../../src/balancer/admin/page/pages.ts";
import { startBalancer } from "../../../src/balancer/balancer.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { Turns } from "../../../src/balancer/time/turns.ts";

/** Bytes that a millisecond of the made-up clock writes. */
const SPEED = 50_000;

/** Asks for one page; what it gets takes time on the made-up clock. */
class Visitor extends Duplex {
  got = 0;
  text = "";
  readonly #writes: (bytes: number) => void;

  constructor(path: string, writes: (bytes: number) => void) {
    super({ highWaterMark: 1 });
    this.#writes = writes;
    this.push(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.got += chunk.length;
    if (this.text.length < 100) this.text += chunk.toString("latin1", 0, 100);
    this.#writes(chunk.length);
    setImmediate(done);
  }
}

test("however many take their answers at once, one round of the event loop writes little, and /healthz comes next", async () => {
  const backends = Array.from({ length: 300 }, (_, at) => ({
    name: `impalad-${at}`,
    address: "127.0.0.1:9",
  }));
  const listeners = [{ name: "impala", bind: "127.0.0.1:0", health: { interval: 3600 }, backends }];
  const balancer = await startBalancer(parseSpec({ version: 1, listeners }));
  onTestFinished(() => balancer.close());
  let now = 0;
  let written = 0;
  const due: { at: number; act: () => void }[] = [];
  const turns = new Turns({
    clock: () => now,
    later: (act, milliseconds) => void due.push({ at: now + milliseconds, act }),
  });
  const visitors = new Visitors({ most: 200, patience: 600_000 });
  const receive = reception(new Pages("127.0.0.1", () => balancer, new Metrics(), turns), visitors, turns);
  const come = (path: string): Visitor => {
    const visitor = new Visitor(path, (bytes) => {
      written += bytes;
      now += bytes / SPEED;
    });
    receive(visitor);
    return visitor;
  };
  let largest = 0;
  /** Goes on until it is so; each round of the event loop calls back at most one of those that wait. */
  const until = async (done: () => boolean): Promise<void> => {
    for (let round = 0; !done(); round++) {
      expect(round).toBeLessThan(100_000);
      const before = written;
      const next = due.shift();
      now = Math.max(now, next?.at ?? now);
      next?.act();
      await turn();
      largest = Math.max(largest, written - before);
    }
  };
  const crowd = Array.from({ length: 64 }, () => come("/metrics"));
  // They are in the midst of it.
  await until(() => written > 1_000_000);
  const waits = now;
  const health = come("/healthz");
  await until(() => health.text.length > 0);
  expect(health.text).toMatch(/^HTTP\/1\.1 (200|503) /);
  expect(now - waits).toBeLessThan(25);
  await until(() => crowd.every((each) => each.writableFinished));
  expect(new Set(crowd.map(({ got }) => got)).size).toBe(1);
  expect(crowd[0]?.got).toBeGreaterThan(100_000);
  // Two milliseconds of work and the piece that was begun in them.
  expect(largest).toBeLessThan(4 * SPEED);
  visitors.close();
});
