import { createServer, type Server, type Socket } from "node:net";
import { type Endpoint, parseEndpoint } from "../../../domain/endpoint.ts";
import { LISTENING } from "../../../messages/failures/balancer/check.ts";
import { SHARED_SIZE } from "../../relay/buffers.ts";
import { clientReads } from "../../relay/client-socket.ts";
import { acceptFast } from "../../relay/fast-accept.ts";
import type { ListenerSpec } from "../../spec/spec.ts";
import { listenFailure } from "./bind.ts";

/** Connections that the kernel keeps for us while we are busy; net.core.somaxconn may allow less. */
const BACKLOG = 4096;

export interface ListeningSocket {
  readonly server: Server;
  /** With the real port. */
  readonly address: Endpoint;
}

export interface SocketUse {
  /** A listening socket inherited from systemd. */
  readonly descriptor?: number | undefined;
  /** May a new connection read into reused buffers? Asked for each. */
  readonly fast: () => boolean;
  /** Seconds; 0: off. */
  readonly keepAlive: () => number;
  /** @param plain the socket is a plain stream */
  readonly accept: (socket: Socket, plain: boolean) => void;
  readonly onError: (error: Error) => void;
}

/** Opens a listener's socket. @throws Failure `settings` or `auth`: in use, not local, not permitted */
export async function openListeningSocket(
  spec: Pick<ListenerSpec, "name" | "bind">,
  use: SocketUse,
): Promise<ListeningSocket> {
  const endpoint = parseEndpoint(spec.bind);
  const server = createServer({ allowHalfOpen: true, noDelay: true, highWaterMark: SHARED_SIZE });
  server.on("connection", (socket) => {
    if (use.keepAlive() > 0) socket.setKeepAlive(true, use.keepAlive() * 1000);
    use.accept(socket, true);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenFailure(error, LISTENING.listener(spec.name), spec.bind)));
    server.once("listening", () => {
      server.removeAllListeners("error");
      server.on("error", use.onError);
      acceptFast(server, {
        onread: clientReads,
        wanted: use.fast,
        keepAlive: use.keepAlive,
        accept: (socket) => use.accept(socket, false),
      });
      resolve();
    });
    if (use.descriptor !== undefined) server.listen({ fd: use.descriptor });
    else server.listen({ host: endpoint.host, port: endpoint.port, backlog: BACKLOG });
  });
  const bound = server.address();
  const address =
    bound !== null && typeof bound === "object" ? { host: bound.address, port: bound.port } : endpoint;
  return { server, address };
}
