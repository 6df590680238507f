/** Fills the session table with sessions, each with an open operation, and prints what that costs in memory. */
import { randomBytes } from "node:crypto";
import { SessionTable } from "../src/balancer/session/load/table.ts";

declare const gc: () => void;

const SESSIONS = 100_000;
const key = () => randomBytes(16).toString("latin1");

const table = new SessionTable();
gc();
const before = process.memoryUsage();
for (let n = 0; n < SESSIONS; n += 1) {
  const session = key();
  table.addSession(session, `impala${n % 3}`, 0);
  table.addOperation(key(), `impala${n % 3}`, session, 0);
}
gc();
const after = process.memoryUsage();
process.stdout.write(
  `${JSON.stringify({
    ...table.size,
    heapMB: (after.heapUsed - before.heapUsed) / 1e6,
    residentMB: (after.rss - before.rss) / 1e6,
  })}\n`,
);
