import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach } from "vitest";
import {
  type ImpaladOptions,
  type SimulatedImpalad,
  startImpalad,
} from "../../../../fixtures/impalad/impalad.ts";
import type { SessionRouterOptions } from "../../../../src/balancer/session/parts.ts";
import { Host } from "./host.ts";

const closers: (() => Promise<unknown> | unknown)[] = [];

/** Calls `close` after the present test, the last registered first. */
export function later(close: () => Promise<unknown> | unknown): void {
  closers.push(close);
}

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Simulated Impalads impala1 … and a host whose session router balances them; all closed after the test. */
export async function cluster(
  count: number,
  options: Partial<ImpaladOptions> = {},
  router: Partial<SessionRouterOptions> = {},
  clock?: () => number,
): Promise<{ host: Host; impalads: SimulatedImpalad[] }> {
  const impalads = await Promise.all(
    Array.from({ length: count }, (_, i) => startImpalad({ name: `impala${i + 1}`, ...options })),
  );
  const host = await Host.start(
    impalads.map(({ name, host, port }) => ({ name, host, port })),
    router,
    clock,
  );
  later(() => host.close());
  for (const impalad of impalads) later(() => impalad.close());
  return { host, impalads };
}

/** A server of whatever kind, for as long as the test lasts. */
export async function server(
  onConnection: (socket: Socket) => void,
): Promise<{ host: string; port: number }> {
  const made = createServer((socket) => {
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  made.listen(0, "127.0.0.1");
  await once(made, "listening");
  later(() => made.close());
  return { host: "127.0.0.1", port: (made.address() as AddressInfo).port };
}

export interface Raw {
  readonly socket: Socket;
  received(): Buffer;
  /** Resolves when the other side has closed. */
  readonly closed: Promise<void>;
}

/** A client that sends whatever bytes it likes. */
export function raw(endpoint: { host: string; port: number }, bytes?: Buffer): Raw {
  const socket = connect({ ...endpoint });
  later(() => void socket.destroy());
  let received: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  socket.on("error", () => undefined);
  if (bytes !== undefined) socket.write(bytes);
  return {
    socket,
    received: () => received,
    closed: new Promise((resolve) => socket.once("close", () => resolve())),
  };
}
