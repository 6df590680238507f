import fc from "fast-check";
import { expect, test } from "vitest";
import { WrappedFrames } from "../../../src/balancer/wire/sasl/wrapped-frames.ts";

const frame = (payload: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(4 + payload.length);
  bytes.writeUInt32BE(payload.length);
  bytes.set(payload, 4);
  return bytes;
};

test("frames come out whole however they come in, also where each chunk's memory is read into again", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 10 }),
      (payloads, sizes) => {
        const frames = new WrappedFrames(1000);
        const stream = Buffer.concat(payloads.map(frame));
        const memory = Buffer.alloc(60);
        const out: number[][] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const length = stream.copy(memory, 0, at, at + (sizes[turn % sizes.length] ?? 1));
          for (const payload of frames.push(memory.subarray(0, length))) out.push([...payload]);
          memory.fill(0xee);
          at += length;
        }
        expect(out).toEqual(payloads.map((payload) => [...payload]));
      },
    ),
  );
});

test("a length that cannot be is refused at once", () => {
  expect(() => new WrappedFrames(10).push(Buffer.from([0, 0, 0, 11]))).toThrow("impossible length");
  expect(() => new WrappedFrames(10).push(Buffer.from([0, 0, 0, 0]))).toThrow("impossible length");
});
