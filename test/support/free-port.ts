import { createServer, type Server } from "node:net";

/**
 * Below the ports that systems give to outgoing connections and to listeners on port 0 (Linux: 32768 and up), so that
 * nothing else takes one between the look and the use; each worker of the test runner has a thousand of its own.
 */
const LOWEST = 20_000;
const SHARE = 1000;
const WORKERS = 12;

const first = LOWEST + (Number(process.env["VITEST_POOL_ID"] ?? 0) % WORKERS) * SHARE;
let next = process.pid % SHARE;

/** A port of 127.0.0.1 that nobody listens on, and that no other test is given. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < SHARE; attempt += 1) {
    next = (next + 1) % SHARE;
    if (await isFree(first + next)) return first + next;
  }
  throw new Error(`no port from ${first} on is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** The port of a server that listens on TCP; 0 if it does not. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
