import type { Socket } from "node:net";

/** The connection under a TLS socket, where that was made from one. */
const UNDER = Symbol("under");
interface Layered extends Socket {
  [UNDER]?: Socket;
  readonly encrypted?: boolean;
}

/** Tells {@link reset} what lies under a TLS socket. */
export function layOver(socket: Socket, under: Socket): void {
  (socket as Layered)[UNDER] = under;
}

/**
 * Closes a socket with RST, so that the other side notices even after FIN, and whether or not it reads. The caller must
 * not destroy it as well: libuv refuses to reset while FIN is on its way, and `close` would never come.
 *
 * TLS itself tells the other side that it is no proper end, as close_notify is missing; RST is sent where the
 * connection under it is known.
 */
export function reset(socket: Socket): void {
  // FIN of this turn of the event loop is on its way until the next.
  if (socket.writableEnded) setImmediate(() => resetNow(socket));
  else resetNow(socket);
}

function resetNow(socket: Layered): void {
  if (socket.destroyed) return;
  if (socket.encrypted === true) {
    const under = socket[UNDER];
    // close_notify and FIN take more than a turn.
    const onItsWay = socket.writableEnded && !socket.writableFinished;
    if (under === undefined || onItsWay) socket.destroy();
    else under.resetAndDestroy();
    return;
  }
  const unsent = socket.writableLength > 0;
  // Waits until what was written has been sent, which a peer that does not read can put off for ever.
  socket.resetAndDestroy();
  if (unsent) socket.destroy();
}
