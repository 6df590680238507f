import type { OnReadOpts, Socket } from "node:net";
import { sharedBuffer } from "./buffers.ts";
import type { ClientHandler } from "./client-handler.ts";

/**
 * A socket knows its present handler by a property, so that one set of listeners serves every connection without
 * closures.
 */
const HANDLER = Symbol("handler");

export interface ClientSocket extends Socket {
  [HANDLER]?: ClientHandler;
}

/**
 * Listens to a client's socket, on behalf of whoever {@link handTo} names.
 * @param plain a plain stream, which begins to be read; one made with {@link clientReads} is being read already
 */
export function listenTo(client: ClientSocket, plain: boolean): void {
  if (plain) client.on("data", onData);
  client.on("end", onEnd);
  client.on("error", onError);
  client.on("close", onClose);
  client.on("drain", onDrain);
}

/** The socket is somebody else's from now on: nobody is told what it says. */
export function forget(client: ClientSocket): void {
  delete client[HANDLER];
  client.removeListener("data", onData);
  client.removeListener("end", onEnd);
  client.removeListener("close", onClose);
  client.removeListener("drain", onDrain);
  // Its error listener stays, as an error that nobody listens to would end the process.
}

/** Whatever the client's socket says from now on is told to this handler. */
export function handTo(client: ClientSocket, handler: ClientHandler): void {
  client[HANDLER] = handler;
}

/**
 * For accepted sockets: what clients say is small, so all of them read into the one shared buffer and are copied out.
 */
export const clientReads: OnReadOpts = {
  buffer: sharedBuffer,
  callback: function (this: ClientSocket, length: number, buffer: Uint8Array): boolean {
    const chunk = Buffer.allocUnsafe(length);
    (buffer as Buffer).copy(chunk, 0, 0, length);
    this[HANDLER]?.fromClient(chunk);
    return true;
  } as OnReadOpts["callback"],
};

function onData(this: ClientSocket, chunk: Buffer): void {
  this[HANDLER]?.fromClient(chunk);
}

function onEnd(this: ClientSocket): void {
  this[HANDLER]?.clientEnd();
}

function onError(this: ClientSocket, error: Error): void {
  this[HANDLER]?.clientError(error);
}

function onClose(this: ClientSocket, hadError: boolean): void {
  this[HANDLER]?.clientClose(hadError);
}

function onDrain(this: ClientSocket): void {
  this[HANDLER]?.clientDrained();
}
