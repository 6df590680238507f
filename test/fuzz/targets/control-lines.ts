import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { LONGEST_REQUEST, readReply } from "../../../src/balancer/admin/control/control-protocol.ts";
import { serve } from "../../../src/balancer/admin/control/control-server.ts";
import { Visitors } from "../../../src/balancer/admin/http/visitors.ts";
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
  const controlled = { balancer, reload: () => Promise.resolve(), turns: new Turns({ clock: () => 0 }) };
  const visitors = new Visitors({ most: 32, patience: 10_000 });
  return (visitor) => serve(visitor, visitors, controlled);
}

/** What a client could not have understood, or a reply of the kind that there is. */
function outcome(line: string): string {
  try {
    const reply = readReply(line);
    return reply.ok ? `ok ${reply.status.listeners.length}` : reply.error.kind;
  } catch (error) {
    assert(error instanceof Error);
    return "no reply";
  }
}

/** A line gets a line, anything else nothing; what is no reply is not taken for one. */
export const controlLines: Target = {
  name: "control-lines",
  seeds: () =>
    [
      '{"command":"status"}\n',
      '{"command":"drain","backend":"impala/a","wait":true}\n',
      '{"command":"ready","backend":"a"}\n',
      '{"command":"reload"}\n',
      '{"command":"ready","backend":"nobody"}\n',
      '{"ok":false,"error":{"kind":"settings","code":"x","message":"y","text":{"en":"y","ja":"y"}}}\n',
      '{"ok":true,"status":{"schema":1,"listeners":[]}}\n',
    ].map((text) => Buffer.from(text)),
  words: [
    '"command":',
    '"backend":',
    '"wait":true',
    '"status"',
    '"drain"',
    "\n",
    "{",
    "}",
    '"ok":true',
    '"listeners":[',
  ],
  run: async (bytes, random) => {
    receive ??= start();
    const told = outcome(bytes.toString("utf8"));
    const answer = (await visit(await receive, random.pieces(bytes))).toString("utf8");
    if (answer === "") return `cut, ${told}`;
    const end = bytes.indexOf("\n");
    assert(end >= 0 && end <= LONGEST_REQUEST, "answers what is no line");
    assert(answer.endsWith("\n") && answer.indexOf("\n") === answer.length - 1, "more than a line");
    const understood = outcome(answer);
    assert(understood !== "no reply", answer);
    return `${understood}, ${told}`;
  },
};
