import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type ClientSocket, clientReads, handTo, listenTo } from "./client-socket.ts";
import { acceptFast } from "./fast-accept.ts";
import { Relay, type RelayOwner, type UpstreamSocket, upstreamReads } from "./relay.ts";

/** Enough for every buffer size, and for the sender to meet back-pressure. */
const BYTES = 1024 * 1024;
const PATIENCE = 5000;

/**
 * Relays a megabyte there and back over loopback in the way that leans on Node's inside (reused read buffers on
 * accepted sockets too), with half-close; once per process. False: this Node behaves differently, and plain streams
 * must do.
 */
export function fastRelayWorks(): Promise<boolean> {
  tested ??= relayThereAndBack();
  return tested;
}

let tested: Promise<boolean> | undefined;

async function relayThereAndBack(): Promise<boolean> {
  const sockets = new Set<Socket>();
  const keep = <S extends Socket>(socket: S): S => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    return socket;
  };
  const echo = createServer({ allowHalfOpen: true }, (socket) => keep(socket).pipe(socket));
  const relay = createServer({ allowHalfOpen: true });
  let fast = false;
  try {
    const port = await listen(echo);
    const own = await listen(relay);
    const how = { onread: clientReads, wanted: () => true, keepAlive: () => 0 };
    const accept = (client: Socket): void => {
      fast = true;
      const upstream = connect({ port, host: "127.0.0.1", allowHalfOpen: true, onread: upstreamReads });
      join(keep(client), keep(upstream));
    };
    if (!acceptFast(relay, { ...how, accept })) return false;
    const client = keep(connect({ port: own, host: "127.0.0.1", allowHalfOpen: true }));
    return (await sameBack(client)) && fast;
  } catch {
    return false;
  } finally {
    for (const socket of sockets) socket.destroy();
    echo.close();
    relay.close();
  }
}

/** Joins the two once the second is connected. */
function join(client: ClientSocket, upstream: UpstreamSocket): void {
  const owner: RelayOwner = {
    traffic: { bytesToClient: 0, bytesToBackend: 0 },
    backendTraffic: { bytesToClient: 0, bytesToBackend: 0 },
    note: () => undefined,
    unread: () => undefined,
    clientLeft: () => undefined,
    halfClosed: () => undefined,
    upstreamClosed: () => undefined,
    over: () => undefined,
  };
  const relay = new Relay(client, upstream, owner, { now: 0 });
  listenTo(client, false);
  handTo(client, relay);
  client.pause();
  upstream.once("connect", () => relay.start([], false, false));
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** Sends random bytes and FIN; true if the same bytes and then FIN come back in time. */
function sameBack(client: Socket): Promise<boolean> {
  const sent = randomBytes(BYTES);
  const hash = createHash("sha256");
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), PATIENCE);
    client.on("data", (chunk: Buffer) => hash.update(chunk));
    client.once("close", () => resolve(false));
    client.once("end", () => {
      clearTimeout(timer);
      resolve(hash.digest("hex") === createHash("sha256").update(sent).digest("hex"));
    });
    client.end(sent);
  });
}
