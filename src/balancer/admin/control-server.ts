import { existsSync, mkdirSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { errnoOf, Failure, messageOf } from "../../domain/failure.ts";
import { recordOf } from "../../domain/failure-record.ts";
import { balancerControlFailure } from "../../messages/failures/balancer-control.ts";
import type { RunningBalancer } from "../balancer.ts";
import { type ControlReply, type ControlRequest, LONGEST_REQUEST, readRequest } from "./control-protocol.ts";

export interface Controlled {
  readonly balancer: RunningBalancer;
  /** Reads the specification again and applies it. @throws Failure */
  reload(): Promise<void>;
}

/** Seconds within which a connected client must have said what it wants. */
const PATIENCE = 10;

/**
 * Listens on a unix socket that only the balancer's own user (and root) may use.
 * @throws Failure `settings`: the path is taken by a running balancer or cannot be made
 */
export async function startControl(path: string, controlled: Controlled): Promise<{ close(): void }> {
  await removeStale(path);
  const server = createServer((socket) => serve(socket, controlled));
  server.maxConnections = 32;
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  await listening(server, path);
  return {
    close: () => {
      server.close();
    },
  };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(balancerControlFailure("control-socket", { path, reason: error.message })),
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
      else reject(balancerControlFailure("control-socket", { path, reason: error.message }));
    });
  });
  if (answers) throw balancerControlFailure("already-running", { path });
  unlinkSync(path);
}

function serve(socket: Socket, controlled: Controlled): void {
  let text = "";
  const gone = new AbortController();
  socket.setEncoding("utf8");
  socket.setTimeout(PATIENCE * 1000, () => socket.destroy());
  socket.on("error", () => undefined);
  socket.on("close", () => gone.abort());
  const onData = (chunk: string): void => {
    text += chunk;
    const end = text.indexOf("\n");
    if (end < 0) {
      if (text.length > LONGEST_REQUEST) socket.destroy();
      return;
    }
    socket.removeListener("data", onData);
    socket.resume();
    socket.setTimeout(0);
    void answer(text.slice(0, end), controlled, gone.signal).then((reply) => {
      socket.end(`${JSON.stringify(reply)}\n`);
    });
  };
  socket.on("data", onData);
}

/** Never throws. */
async function answer(line: string, controlled: Controlled, gone: AbortSignal): Promise<ControlReply> {
  const request = readRequest(line);
  if (request === undefined) return { ok: false, error: recordOf(balancerControlFailure("bad-request")) };
  try {
    await obey(request, controlled, gone);
    return { ok: true, status: controlled.balancer.stats() };
  } catch (error) {
    const known = error instanceof Failure;
    const failure = known ? error : balancerControlFailure("internal", { reason: messageOf(error) });
    return { ok: false, error: recordOf(failure) };
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
