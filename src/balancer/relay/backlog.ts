import type { Socket } from "node:net";

/** Bytes that a TLS socket may have under way: it tells only in the next turn that it has handed them on. */
const UNDER_WAY = 64 * 1024;

/**
 * Bytes that a socket has not taken, where that is a reason to stop reading for it; `drain` follows. A plain socket
 * takes what it can at once. One of TLS never does: what is under way there says nothing about the peer, up to a limit
 * above its high-water mark.
 */
export function backlog(socket: Socket): number {
  const bytes = socket.writableLength;
  return (socket as { readonly encrypted?: boolean }).encrypted === true && bytes <= UNDER_WAY ? 0 : bytes;
}
