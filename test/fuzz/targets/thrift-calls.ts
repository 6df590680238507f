import assert from "node:assert/strict";
import { Call } from "../../../src/balancer/session/calls/call.ts";
import { decide } from "../../../src/balancer/session/calls/route.ts";
import { GoneHandles } from "../../../src/balancer/session/load/gone-handles.ts";
import { SessionTable } from "../../../src/balancer/session/load/table.ts";
import { questionAbout } from "../../../src/balancer/wire/hiveserver2/handles.ts";
import { type MessageReader, PlainReader } from "../../../src/balancer/wire/message-reader.ts";
import { calls, THRIFT_WORDS } from "../samples.ts";
import type { Target } from "../target.ts";

/** What is known of a stream after it has been read: one line for each message, and the fault that ended it. */
export function follow(reader: MessageReader, pieces: readonly Buffer[]): string[] {
  const seen: string[] = [];
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      if (reader.fault !== undefined) return [...seen, reader.fault];
      const stopped = reader.push(piece, at, piece.length);
      assert(stopped >= at && stopped <= piece.length, "stopped outside of what it was given");
      assert(stopped > at || reader.fault !== undefined || reader.done, "took nothing");
      at = stopped;
      if (!reader.done) continue;
      const { type, method, handles, statusCode, errorMessage, size } = reader.scanner;
      seen.push(JSON.stringify({ type, method, handles, statusCode, errorMessage, size }));
      reader.reset();
    }
  }
  return [...seen, reader.fault ?? `unfinished after ${reader.scanner.size}`];
}

/** The question about a handle is a whole call that names it. */
function askAbout(call: Buffer, handle: string, kind: "session" | "operation"): void {
  const question = questionAbout(call, handle, kind);
  if (question === undefined) return;
  const { scanner } = new PlainReader();
  assert.equal(scanner.push(question, 0, question.length), question.length);
  assert(scanner.done && scanner.handles.length === 1 && scanner.handles[0] === handle);
}

/** Calls of a client: however they are cut, the same is read; and a route is found for each. */
export const thriftCalls: Target = {
  name: "thrift-calls",
  seeds: () => [...calls(), Buffer.concat(calls())],
  words: THRIFT_WORDS,
  run: (bytes, random) => {
    const whole = follow(new PlainReader(), [bytes]);
    assert.deepEqual(follow(new PlainReader(), random.pieces(bytes)), whole);
    const { scanner } = new PlainReader();
    scanner.push(bytes, 0, bytes.length);
    const call = new Call(bytes);
    call.hold(bytes);
    call.complete = scanner.done;
    const budget = { mayHold: !random.once(8) };
    const known = { table: new SessionTable(), gone: new GoneHandles(), budget };
    const route = decide(call, scanner, known, random.once(2), 0);
    assert(route !== undefined || !scanner.done, "a whole call without a route");
    assert(scanner.handles.every((handle) => handle.length === 16));
    for (const handle of scanner.handles) askAbout(bytes, handle, random.once(2) ? "session" : "operation");
    return `${route?.kind} ${scanner.fault} ${whole.length} ${scanner.handles.length}`;
  },
};
