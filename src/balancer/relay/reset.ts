import type { Socket } from "node:net";

/**
 * Closes a socket with RST, so that the other side notices even after FIN, and whether or not it reads. The caller must
 * not destroy it as well: libuv refuses to reset while FIN is on its way, and `close` would never come.
 */
export function reset(socket: Socket): void {
  // FIN of this turn of the event loop is on its way until the next.
  if (socket.writableEnded) setImmediate(() => resetNow(socket));
  else resetNow(socket);
}

function resetNow(socket: Socket): void {
  if (socket.destroyed) return;
  const unsent = socket.writableLength > 0;
  // Waits until what was written has been sent, which a peer that does not read can put off for ever.
  socket.resetAndDestroy();
  if (unsent) socket.destroy();
}
