import assert from "node:assert/strict";
import { learn } from "../../../src/balancer/session/calls/learn.ts";
import { SessionTable } from "../../../src/balancer/session/load/table.ts";
import { notMine, sessionOver } from "../../../src/balancer/wire/hiveserver2/refusals.ts";
import { MessageScanner } from "../../../src/balancer/wire/hiveserver2/scanner.ts";
import { PlainReader } from "../../../src/balancer/wire/message-reader.ts";
import { GUID, OPERATION } from "../../balancer/session/support/messages.ts";
import { replies, THRIFT_WORDS } from "../samples.ts";
import type { Target } from "../target.ts";
import { follow } from "./thrift-calls.ts";

const METHODS = [
  "OpenSession",
  "ExecuteStatement",
  "FetchResults",
  "CloseSession",
  "CloseOperation",
  "GetRuntimeProfile",
];
const HANDLES = [GUID, OPERATION.operationId.guid].map((each) => each.toString("latin1"));

/** Replies of an Impalad: however they are cut, the same is read; what is learnt leaves the table's counts right. */
export const thriftReplies: Target = {
  name: "thrift-replies",
  seeds: replies,
  words: [...THRIFT_WORDS, "Invalid session id", "Query id 1:2 not found", "Session is closed"],
  run: (bytes, random) => {
    assert.deepEqual(follow(new PlainReader(), random.pieces(bytes)), follow(new PlainReader(), [bytes]));
    const reply = new MessageScanner();
    reply.push(bytes, 0, bytes.length);
    if (!reply.done) return `unfinished ${reply.fault} ${reply.statusKnown}`;
    assert(reply.statusKnown && reply.errorMessage.length <= 200);
    const table = new SessionTable();
    for (const backend of ["a", "b"]) {
      const handles = random.once(4) ? [] : [random.pick(HANDLES), random.pick(HANDLES)];
      learn(table, { method: random.pick(METHODS), handles }, reply, backend, 0);
    }
    const { sessions, operations } = table.size;
    assert.equal(table.sessions("a") + table.sessions("b"), sessions);
    assert.equal(table.operations("a") + table.operations("b"), operations);
    return `${notMine(reply)} ${sessionOver(reply)} ${sessions} ${operations} ${reply.handles.length}`;
  },
};
