import assert from "node:assert/strict";
import { readOpenSessionReply, readReplyEnd } from "../../../src/balancer/wire/hiveserver2/health-calls.ts";
import { MessageScanner } from "../../../src/balancer/wire/hiveserver2/scanner.ts";
import { replies, THRIFT_WORDS } from "../samples.ts";
import type { Target } from "../target.ts";

/** What the health check reads as a whole. It has a parser of its own, so the scanner of the routing is its judge. */
export const healthReplies: Target = {
  name: "health-replies",
  seeds: replies,
  words: THRIFT_WORDS,
  run: (bytes, random) => {
    const reply = readOpenSessionReply(bytes);
    assert.equal(readReplyEnd(bytes), reply === undefined ? undefined : true);
    // More bytes only come when more are waited for; what has been understood stays so.
    const more = readOpenSessionReply(Buffer.concat([bytes, random.bytes(8)]));
    if (reply !== undefined) assert.deepEqual(more, reply);
    const scanner = new MessageScanner();
    scanner.push(bytes, 0, bytes.length);
    assert(!scanner.done || reply !== undefined, "waits for more of a whole message");
    if (reply?.kind === "opened")
      assert(scanner.done || scanner.fault !== undefined, "half a message is enough");
    return `${reply?.kind} ${scanner.fault}`;
  },
};
