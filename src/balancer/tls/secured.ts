import type { Socket } from "node:net";

/** What a TLS socket has beside a plain one's. */
interface MaybeSecured extends Socket {
  readonly encrypted?: boolean;
  readonly authorized?: boolean;
}

/** True for a socket that speaks TLS. */
export function isEncrypted(socket: Socket): boolean {
  return (socket as MaybeSecured).encrypted === true;
}

/** True for a socket that speaks TLS with a peer whose certificate and name have been verified. */
export function isVerified(socket: Socket): boolean {
  return isEncrypted(socket) && (socket as MaybeSecured).authorized === true;
}

/** True if a password that came over `from` may be sent over `to`: what came encrypted stays so, to a proven peer. */
export function mayCarryPassword(from: Socket, to: Socket): boolean {
  return !isEncrypted(from) || isVerified(to);
}
