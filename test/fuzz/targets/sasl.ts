import assert from "node:assert/strict";
import { PlainReader } from "../../../src/balancer/wire/message-reader.ts";
import { FramedReader } from "../../../src/balancer/wire/sasl/framed-reader.ts";
import { NegotiationReader, withoutCredentials } from "../../../src/balancer/wire/sasl/negotiation.ts";
import type { Random } from "../random.ts";
import { calls, frame, negotiation } from "../samples.ts";
import type { Target } from "../target.ts";
import { follow } from "./thrift-calls.ts";

function negotiate(pieces: readonly Buffer[]): string {
  const reader = new NegotiationReader();
  const seen: number[] = [];
  for (const piece of pieces) {
    for (let at = 0; at < piece.length && reader.fault === undefined; ) {
      const [before, from] = [reader.messages, at];
      at = reader.push(piece, at, piece.length);
      assert(at > from && at <= piece.length);
      if (reader.messages > before) seen.push(reader.status);
    }
  }
  return `${seen} ${reader.fault}`;
}

/** A message cut into frames reads as it does without them. */
function framed(bytes: Buffer, random: Random): void {
  const plain = new PlainReader();
  plain.push(bytes, 0, bytes.length);
  if (!plain.done) return;
  const message = bytes.subarray(0, plain.scanner.size);
  const stream = Buffer.concat(random.pieces(message).map(frame));
  const [inFrames] = follow(new FramedReader(), [stream]);
  assert.deepEqual([inFrames], follow(new PlainReader(), [message]).slice(0, 1));
}

/** Logins and framed calls: however they are cut, the same is read, and a log never shows a login's payload. */
export const sasl: Target = {
  name: "sasl",
  seeds: () => [
    Buffer.concat([negotiation(1, "PLAIN"), negotiation(2, "\0hue\0secret"), ...calls().map(frame)]),
    Buffer.concat([negotiation(2, ""), negotiation(5, "")]),
    Buffer.concat([negotiation(2, "`\x82token"), negotiation(2, "`\x05"), negotiation(5, "")]),
    ...calls(),
    Buffer.concat(calls().map(frame)),
    frame(calls()[0] ?? Buffer.alloc(0)),
  ],
  words: ["PLAIN", "GSSAPI", Buffer.from("0500000000", "hex"), Buffer.from("00000000", "hex")],
  run: (bytes, random) => {
    const told = negotiate([bytes]);
    assert.equal(negotiate(random.pieces(bytes)), told);
    const whole = follow(new FramedReader(), [bytes]);
    assert.deepEqual(follow(new FramedReader(), random.pieces(bytes)), whole);
    framed(bytes, random);
    const shown = withoutCredentials(bytes);
    assert(shown.length <= ((bytes[0] ?? 0) >= 1 && (bytes[0] ?? 0) <= 5 ? 5 : 32));
    return `${told.slice(0, 40)} ${whole.length} ${whole.at(-1)?.slice(0, 20)}`;
  },
};
