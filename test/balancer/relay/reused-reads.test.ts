import { afterEach, expect, test } from "vitest";
import {
  dropFreeBuffers,
  GROWN_SIZES,
  grownBytes,
  IN_USE_LIMIT,
} from "../../../src/balancer/relay/buffers.ts";
import {
  forgetLent,
  type GrownBuffers,
  type ResultReader,
  reusedReads,
  stopReading,
  takeLentBack,
} from "../../../src/balancer/relay/reused-reads.ts";

const [SMALLEST] = GROWN_SIZES;
const LARGEST = Math.max(...GROWN_SIZES);

/** A backend's socket as Node drives it, and a client that takes everything or nothing. */
class Reading implements ResultReader {
  readonly buffers: GrownBuffers = { own: undefined, lent: undefined };
  unsent = 0;
  readonly got: Buffer[] = [];
  #buffer: Buffer;
  #value = 0;

  constructor() {
    this.#buffer = ask();
  }

  fromBackend(chunk: Buffer): boolean {
    this.got.push(chunk);
    return this.unsent === 0;
  }

  /** The kernel has so many bytes, at most as many as go into the buffer. @returns those that were read */
  read(bytes: number = this.#buffer.length): number {
    const length = Math.min(bytes, this.#buffer.length);
    this.#buffer.fill(++this.#value, 0, length);
    callback.call(this as never, length, this.#buffer);
    this.#buffer = ask();
    return length;
  }
}

const { buffer, callback } = reusedReads((socket) => socket as unknown as ResultReader);
const ask = (): Buffer => (buffer as () => Buffer)();

const readings: Reading[] = [];
const reading = (): Reading => {
  const one = new Reading();
  readings.push(one);
  return one;
};

afterEach(() => {
  for (const each of readings) {
    stopReading(each);
    forgetLent(each);
  }
  readings.length = 0;
  dropFreeBuffers();
  expect(grownBytes()).toBe(0);
});

test("full reads grow up to the largest size; a small one goes back to the shared buffer", () => {
  const one = reading();
  const sizes = Array.from({ length: GROWN_SIZES.length + 2 }, () => one.read());
  expect(sizes).toEqual([16 * 1024, ...GROWN_SIZES, LARGEST]);
  expect(grownBytes()).toBe(LARGEST);
  one.read(100);
  expect(grownBytes()).toBe(0);
  expect(one.read()).toBe(16 * 1024);
});

test("what a client has not taken is never overwritten", () => {
  const slow = reading();
  const quick = reading();
  for (let round = 0; round < 3; round++) {
    slow.read(5000);
    slow.unsent = 5000;
    slow.read(6000);
    slow.read();
    const waiting = slow.got.slice(-2);
    const before = waiting.map((chunk) => chunk[0]);
    for (let at = 0; at < 8; at++) quick.read();
    slow.read();
    expect(waiting.map((chunk) => chunk[0])).toEqual(before);
    for (const chunk of waiting) expect(new Set(chunk).size).toBe(1);
    slow.unsent = 0;
    takeLentBack(slow);
    quick.read(10);
  }
});

test("any number of clients that do not read have no more than the limit and one small piece each", () => {
  const many = Array.from({ length: 400 }, reading);
  for (const one of many) {
    for (let at = 0; at < 4; at++) one.read();
    one.unsent = 1;
    one.read();
    one.got.length = 0;
  }
  expect(grownBytes()).toBeLessThanOrEqual(IN_USE_LIMIT);
  expect(grownBytes()).toBeGreaterThan(IN_USE_LIMIT - LARGEST);
  // The last ones found nothing left, and still read.
  expect(many.at(-1)?.read()).toBe(16 * 1024);
  const first = many[0];
  if (first === undefined) throw new Error("no reading");
  first.unsent = 0;
  takeLentBack(first);
  stopReading(first);
  expect(grownBytes()).toBeLessThanOrEqual(IN_USE_LIMIT - SMALLEST);
});

test("a socket that closes gives its buffers up, and what is still being written is not used again", () => {
  const one = reading();
  for (let at = 0; at < 4; at++) one.read();
  one.unsent = 1;
  one.read();
  const written = one.got.at(-1);
  stopReading(one);
  expect(grownBytes()).toBe(LARGEST);
  forgetLent(one);
  expect(grownBytes()).toBe(0);
  const next = reading();
  for (let at = 0; at < 8; at++) next.read();
  expect(new Set(written).size).toBe(1);
});
