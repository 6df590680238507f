import { existsSync, mkdirSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { dirname } from "node:path";
import type { Duplex } from "node:stream";
import { errnoOf, Failure, messageOf } from "../../../domain/failure.ts";
import { recordOf } from "../../../domain/failure-record.ts";
import { systemText } from "../../../messages/errno.ts";
import { balancerControlFailure } from "../../../messages/failures/balancer/control.ts";
import type { RunningBalancer } from "../../balancer.ts";
import type { Turns } from "../../time/turns.ts";
import { type VisitorLimits, Visitors } from "../http/visitors.ts";
import { statusLine } from "../status.ts";
import { type ControlReply, type ControlRequest, LONGEST_REQUEST, readRequest } from "./control-protocol.ts";

export interface Controlled {
  readonly balancer: Pick<RunningBalancer, "drain" | "ready" | "whenUnused" | "statsInSteps" | "words">;
  /** Reads the specification again and applies it. @throws Failure */
  reload(): Promise<void>;
  /** Shares the event loop with the balanced clients. */
  readonly turns: Turns;
}

/** Connections at a time, and milliseconds for saying what is wanted, and again for reading the answer. */
const LIMITS = { most: 32, patience: 10_000 };

/**
 * Listens on a unix socket that only the balancer's own user (and root) may use.
 * @throws Failure `settings`: the path is taken by a running balancer or cannot be made
 */
export async function startControl(
  path: string,
  controlled: Controlled,
  limits: VisitorLimits = LIMITS,
): Promise<{ close(): void }> {
  await removeStale(path);
  const visitors = new Visitors(limits);
  const server = createServer({ allowHalfOpen: true }, (socket) => serve(socket, visitors, controlled));
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  await listening(server, path);
  return {
    close: () => {
      server.close();
      visitors.close();
    },
  };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(balancerControlFailure("control-socket", { path, reason: systemText(error) })),
    );
    // The file must never be there with wider permissions, not even for a moment; it is made during this call.
    const umask = process.umask(0o177);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(umask);
    }
  });
}

/** A socket file that nobody answers on is left over from a balancer that was killed. */
async function removeStale(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const answers = await new Promise<boolean>((resolve, reject) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", (error) => {
      if (errnoOf(error) === "ECONNREFUSED") resolve(false);
      else reject(balancerControlFailure("control-socket", { path, reason: systemText(error) }));
    });
  });
  if (answers) throw balancerControlFailure("already-running", { path });
  unlinkSync(path);
}

/** One line, one answer; whoever says more than a line, or a line that is too long, is cut. */
export function serve(socket: Duplex, visitors: Visitors, controlled: Controlled): void {
  visitors.enter(socket);
  const gone = new AbortController();
  let bytes = Buffer.alloc(0);
  let asked = false;
  socket.on("close", () => gone.abort());
  socket.on("end", () => {
    gone.abort();
    if (!asked) socket.destroy();
  });
  socket.on("data", (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf("\n");
    if (asked || bytes.length > LONGEST_REQUEST || (end >= 0 && end < bytes.length - 1)) {
      socket.destroy();
      return;
    }
    if (end < 0) return;
    asked = true;
    const request = readRequest(bytes.toString("utf8"));
    visitors.becomes(socket, isLong(request) ? "waiting" : "any");
    void answer(request, controlled, gone.signal).then((line) => {
      visitors.becomes(socket, "any");
      socket.end(line);
    });
  });
}

function isLong(request: ControlRequest | undefined): boolean {
  return request?.command === "reload" || (request?.command === "drain" && request.wait === true);
}

/** The reply as a line. Never throws. */
async function answer(
  request: ControlRequest | undefined,
  controlled: Controlled,
  gone: AbortSignal,
): Promise<string> {
  try {
    if (request === undefined) throw balancerControlFailure("bad-request");
    await obey(request, controlled, gone);
    const { turns, balancer } = controlled;
    const status = await turns.run(statusLine(balancer));
    const japanese = JSON.stringify(await turns.run(balancer.words()));
    // The status is JSON already, and may be long.
    return `{"ok":true,"status":${status.trimEnd()},"japanese":${japanese}}\n`;
  } catch (error) {
    const known = error instanceof Failure;
    const failure = known ? error : balancerControlFailure("internal", { reason: messageOf(error) });
    const reply: ControlReply = { ok: false, error: recordOf(failure) };
    return `${JSON.stringify(reply)}\n`;
  }
}

async function obey(request: ControlRequest, controlled: Controlled, gone: AbortSignal): Promise<void> {
  const { balancer } = controlled;
  if (request.command === "reload") await controlled.reload();
  if (request.command === "ready") balancer.ready(request.backend);
  if (request.command !== "drain") return;
  balancer.drain(request.backend);
  if (request.wait === true) await balancer.whenUnused(request.backend, gone);
}
