import { connect, type Socket } from "node:net";
import { errnoOf, type Failure } from "../../../domain/failure.ts";
import { failureOf } from "../../../domain/failure-record.ts";
import type { Text } from "../../../domain/text.ts";
import { systemText } from "../../../messages/errno.ts";
import { balancerControlFailure, TOO_LONG } from "../../../messages/failures/balancer/control.ts";
import { runFailure } from "../../../messages/failures/run.ts";
import type { BalancerStats } from "../../stats/stats.ts";
import { type ControlReply, type ControlRequest, readReply } from "./control-protocol.ts";

export type { ControlRequest } from "./control-protocol.ts";

export interface ControlOptions {
  /** Seconds until the whole answer must have come, default 10; 0: as long as it takes (`drain` with `wait`). */
  readonly timeout?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/** Bytes of an answer: ten thousand backends are told of in 4 MB. */
const LONGEST_REPLY = 64 * 1024 * 1024;

/** What a balancer answered. */
export interface Told {
  /** English in every language. */
  readonly status: BalancerStats;
  /** A sentence of the status in both languages, as far as this balancer knows Japanese. */
  inWords(sentence: string): Text;
}

/**
 * Asks a running balancer through its control socket: `status`, `drain`, `ready` or `reload`. All answer with the
 * status after it.
 * @throws Failure `unreachable` (nobody listens, or not in time), `auth` (the socket is another user's), `interrupted`,
 *   or what the balancer answered
 */
export async function control(
  path: string,
  request: ControlRequest,
  options: ControlOptions = {},
): Promise<BalancerStats> {
  return (await controlInWords(path, request, options)).status;
}

/** As {@link control}, with what is said in words, for people. */
export async function controlInWords(
  path: string,
  request: ControlRequest,
  options: ControlOptions = {},
): Promise<Told> {
  const line = await ask(path, `${JSON.stringify(request)}\n`, options);
  let reply: ControlReply;
  try {
    reply = readReply(line);
  } catch (error) {
    throw balancerControlFailure("control-reply", { path, reason: systemText(error) });
  }
  if (!reply.ok) throw failureOf(reply.error);
  const { status, japanese = {} } = reply;
  return { status, inWords: (sentence) => ({ en: sentence, ja: japanese[sentence] ?? sentence }) };
}

/** Whoever listens there may be anybody: the answer is bounded in time and size. */
function ask(path: string, line: string, { timeout = 10, signal }: ControlOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const fail = (failure: Failure): void => {
      reject(failure);
      socket.destroy();
    };
    const late = (): void => fail(balancerControlFailure("control-timeout", { path, seconds: timeout }));
    const timer = timeout === 0 ? undefined : setTimeout(late, timeout * 1000);
    const aborted = (): void => fail(runFailure("interrupted"));
    signal?.addEventListener("abort", aborted, { once: true });
    if (signal?.aborted) aborted();
    socket.on("close", () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    });
    socket.on("error", (error) => reject(failure(path, error)));
    collect(socket, resolve, () =>
      fail(balancerControlFailure("control-reply", { path, reason: TOO_LONG(LONGEST_REPLY) })),
    );
    socket.write(line);
  });
}

function collect(socket: Socket, whole: (text: string) => void, tooLong: () => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  socket.on("data", (chunk) => {
    bytes += chunk.length;
    if (bytes > LONGEST_REPLY) tooLong();
    else chunks.push(chunk);
  });
  socket.on("end", () => whole(Buffer.concat(chunks).toString("utf8")));
}

function failure(path: string, error: Error): Failure {
  switch (errnoOf(error)) {
    case "ENOENT":
    case "ECONNREFUSED":
      return balancerControlFailure("balancer-not-running", { path });
    case "EACCES":
    case "EPERM":
      return balancerControlFailure("control-denied", { path });
    default:
      return balancerControlFailure("control-failed", { path, reason: systemText(error) });
  }
}
