import { connect, type OnReadOpts, type Socket } from "node:net";
import type { Endpoint } from "../../../domain/endpoint.ts";
import { errnoOf } from "../../../domain/failure.ts";
import type { Text } from "../../../domain/text.ts";
import { NOT_CONNECTED } from "../../../messages/checks.ts";
import { systemText } from "../../../messages/errno.ts";
import { after } from "../../time/clock.ts";
import type { TlsDialer } from "../../tls/dialer.ts";
import { isTlsError, tlsReason } from "../../tls/reason.ts";
import type { Resolver } from "./resolver.ts";

/** `local`: our own lack (descriptors, ports), never blamed on the backend. */
export type FaultReason = "refused" | "timeout" | "unreachable" | "local";

/** Why a connection to a backend was not made. */
export class UpstreamFault {
  readonly reason: FaultReason;
  readonly text: Text;

  constructor(reason: FaultReason, text: Text) {
    this.reason = reason;
    this.text = text;
  }

  /** In English, for logs. */
  get message(): string {
    return this.text.en;
  }
}

export interface AttemptOptions {
  readonly endpoint: Endpoint;
  readonly resolver: Resolver;
  /** Seconds, name resolution included. */
  readonly timeout: number;
  /** Seconds; 0: off. */
  readonly keepAlive: number;
  /** Reads into a reused buffer; without it the socket is a plain stream. */
  readonly onread?: OnReadOpts;
  /** Speaks TLS; the time-out holds for its handshake too. */
  readonly dialer?: TlsDialer | undefined;
}

/** System errors that say that this machine has run out of something. */
const LOCAL = new Set([
  "EMFILE",
  "ENFILE",
  "EADDRNOTAVAIL",
  "ENOBUFS",
  "ENOMEM",
  "EACCES",
  "EPERM",
  "EAGAIN",
]);

export function isLocalFault(error: unknown): boolean {
  return LOCAL.has(errnoOf(error) ?? "");
}

/**
 * One attempt to connect to a backend. Calls `done` exactly once, unless the returned function cancels it first.
 * The socket comes without listeners, with allowHalfOpen and noDelay.
 */
export function attempt(options: AttemptOptions, done: (result: Socket | UpstreamFault) => void): () => void {
  let socket: Socket | undefined;
  let settled = false;
  const settle = (result: Socket | UpstreamFault): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    done(result);
  };
  const fail = (reason: FaultReason, text: Text): void => {
    abandon(socket);
    settle(new UpstreamFault(reason, text));
  };
  const timer = after(options.timeout, () => fail("timeout", NOT_CONNECTED.late(options.timeout)));
  const open = (address: string): void => {
    if (settled) return;
    socket = dial(address, options, settle, fail);
  };
  const address = options.resolver.known(options.endpoint.host);
  if (address !== undefined) open(address);
  else
    options.resolver
      .resolve(options.endpoint.host)
      .then(open, (error) => fail("unreachable", systemText(error)));
  return () => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    abandon(socket);
  };
}

function dial(
  address: string,
  options: AttemptOptions,
  settle: (socket: Socket) => void,
  fail: (reason: FaultReason, text: Text) => void,
): Socket | undefined {
  let socket: Socket;
  try {
    // autoSelectFamily would add its own 250 ms time-outs: the address is resolved already.
    if (options.dialer !== undefined) {
      const { endpoint, keepAlive, onread } = options;
      socket = options.dialer.dial({
        address,
        endpoint,
        keepAlive,
        ...(onread === undefined ? {} : { onread }),
      });
    } else
      socket = connect({
        host: address,
        port: options.endpoint.port,
        allowHalfOpen: true,
        noDelay: true,
        keepAlive: options.keepAlive > 0,
        keepAliveInitialDelay: options.keepAlive * 1000,
        autoSelectFamily: false,
        ...(options.onread === undefined ? {} : { onread: options.onread }),
      });
  } catch (error) {
    fail("local", systemText(error));
    return undefined;
  }
  const onError = (error: Error): void => fail(reasonOf(error), describe(error));
  socket.once("error", onError);
  socket.once(options.dialer === undefined ? "connect" : "secureConnect", () => {
    socket.removeListener("error", onError);
    settle(socket);
  });
  return socket;
}

function reasonOf(error: Error): FaultReason {
  if (isLocalFault(error)) return "local";
  const errno = errnoOf(error);
  if (errno === "ECONNREFUSED" || errno === "ECONNRESET") return "refused";
  return errno === "ETIMEDOUT" ? "timeout" : "unreachable";
}

/** For people who read a log or the status page; anything unusual in the system's own words. */
function describe(error: Error): Text {
  switch (errnoOf(error)) {
    case "ECONNREFUSED":
      return NOT_CONNECTED.refused;
    case "EHOSTUNREACH":
      return NOT_CONNECTED.noHostRoute;
    case "ENETUNREACH":
      return NOT_CONNECTED.noNetworkRoute;
    case "ETIMEDOUT":
      return NOT_CONNECTED.gaveUp;
    default:
      return isTlsError(error) ? NOT_CONNECTED.tls(tlsReason(error)) : systemText(error);
  }
}

/** A socket nobody wants any more may still fail: that must not become an uncaught exception. */
function abandon(socket: Socket | undefined): void {
  if (socket === undefined) return;
  socket.removeAllListeners();
  socket.on("error", () => undefined);
  socket.destroy();
}
