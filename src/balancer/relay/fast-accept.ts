import { type OnReadOpts, type Server, Socket } from "node:net";
import { SHARED_SIZE } from "./buffers.ts";

/**
 * What a listening socket and an accepted one have inside in Node 20 to 24; checked before use, proven by the
 * self-test.
 */
interface AcceptedHandle {
  setNoDelay(on: boolean): unknown;
  setKeepAlive(on: boolean, seconds: number): unknown;
  close(): void;
}
interface ListeningHandle {
  onconnection: (status: number, handle: AcceptedHandle | undefined) => void;
}

/** `handle` is what `net.Server` itself gives; `onread` the type definitions know only for outgoing sockets. */
interface SocketOptions {
  readonly handle: AcceptedHandle;
  readonly onread: OnReadOpts;
  readonly allowHalfOpen: boolean;
  readonly highWaterMark: number;
}

export interface FastAccept {
  readonly onread: OnReadOpts;
  /** Asked for each connection; false: `net.Server` makes a plain socket and emits `connection` as usual. */
  readonly wanted: () => boolean;
  /** Seconds; 0: off. */
  readonly keepAlive: () => number;
  readonly accept: (socket: Socket) => void;
}

/**
 * Makes accepted sockets read into reused buffers. Node offers `onread` for outgoing sockets only, so the accepted
 * handle is wrapped here instead of by `net.Server`. Call it when the server listens.
 * @returns false where Node's inside looks different: the server then emits `connection` as usual
 */
export function acceptFast(server: Server, how: FastAccept): boolean {
  const listening = "_handle" in server ? server._handle : undefined;
  if (!isListeningHandle(listening)) return false;
  const ordinary = listening.onconnection;
  listening.onconnection = function (this: unknown, status, handle): void {
    if (status !== 0 || handle === undefined || !how.wanted()) {
      ordinary.call(this, status, handle);
      return;
    }
    handle.setNoDelay(true);
    const keepAlive = how.keepAlive();
    if (keepAlive > 0) handle.setKeepAlive(true, keepAlive);
    const options: SocketOptions = {
      handle,
      onread: how.onread,
      allowHalfOpen: true,
      highWaterMark: SHARED_SIZE,
    };
    how.accept(new Socket(options));
  };
  return true;
}

function isListeningHandle(handle: unknown): handle is ListeningHandle {
  return (
    typeof handle === "object" &&
    handle !== null &&
    "onconnection" in handle &&
    typeof handle.onconnection === "function"
  );
}
