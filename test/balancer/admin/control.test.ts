import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { control } from "../../../src/balancer/admin/control/control.ts";
import { startControl } from "../../../src/balancer/admin/control/control-server.ts";
import type { BalancerStats } from "../../../src/balancer/stats/stats.ts";
import { Turns, type Work } from "../../../src/balancer/time/turns.ts";
import { eventually } from "../support/eventually.ts";

const STATS: BalancerStats = {
  schema: 1,
  pid: 1,
  startedAt: "2026-01-01T00:00:00.000Z",
  uptime: 1,
  reloadedAt: null,
  draining: false,
  descriptors: { open: 1, limit: 1024 },
  listeners: [],
};

const JAPANESE = { connected: "接続できました" };

let folder: string | undefined;
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** A control socket without a balancer behind it: what it is asked to do is only noted. */
async function steered(limits?: { most: number; patience: number }) {
  folder = mkdtempSync(join(tmpdir(), "control-"));
  const path = join(folder, "control.sock");
  const done: string[] = [];
  const signals: AbortSignal[] = [];
  function* words(): Work<Record<string, string>> {
    yield;
    return JAPANESE;
  }
  function* statsInSteps(): Work<BalancerStats> {
    yield;
    return STATS;
  }
  const balancer = {
    drain: (name: string) => void done.push(`drain ${name}`),
    ready: (name: string) => void done.push(`ready ${name}`),
    whenUnused: (_: string, signal: AbortSignal): Promise<void> => {
      signals.push(signal);
      return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
    },
    statsInSteps,
    words,
  };
  const controlled = { balancer, reload: () => Promise.reject(new TypeError("no")), turns: new Turns() };
  const server = await startControl(path, controlled, limits);
  onTestFinished(() => server.close());
  return { path, done, signals };
}

/** Says something, and resolves with what came back once the other side has closed. */
function said(path: string, text: string | Buffer, then: (socket: Socket) => void = () => undefined) {
  const socket = connect({ path, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  let heard = "";
  socket.on("data", (chunk: Buffer) => {
    heard += chunk.toString();
  });
  socket.on("error", () => undefined);
  socket.on("end", () => socket.end());
  socket.write(text);
  then(socket);
  return new Promise<string>((resolve) => socket.once("close", () => resolve(heard)));
}

describe("issue 10, 3: the control socket", () => {
  test("answers one line with one line, also to a client that has closed its half", async () => {
    const { path, done } = await steered();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await said(path, '{"command":"status"}\n'))).toEqual({
      ok: true,
      status: STATS,
      japanese: JAPANESE,
    });
    const halfClosed = said(path, '{"command":"ready","backend":"a"}\n', (socket) => socket.end());
    expect(JSON.parse(await halfClosed)).toEqual({ ok: true, status: STATS, japanese: JAPANESE });
    expect(done).toEqual(["ready a"]);
  });

  test.each([
    ["a second request behind the first", '{"command":"status"}\n{"command":"status"}\n'],
    ["a line without end", "x".repeat(17_000)],
    ["a line that is too long", `{"command":"status","x":"${"x".repeat(17_000)}"}\n`],
    ["megabytes", Buffer.alloc(5_000_000, 120)],
  ])("%s: cut without an answer", async (_, text) => {
    const { path } = await steered();
    expect(await said(path, text)).toBe("");
    expect((await control(path, { command: "status" })).schema).toBe(1);
  });

  test.each(["nonsense\n", "\n", '{"command":"stop"}\n', "[]\n", "null\n", "\x00\xff\n", '{"command":{}}\n'])(
    "%j is refused in both languages",
    async (line) => {
      const { path } = await steered();
      const reply: unknown = JSON.parse(await said(path, line));
      expect(reply).toMatchObject({ ok: false, error: { kind: "usage", code: "bad-request" } });
      expect(reply).toMatchObject({
        error: { text: { ja: expect.stringContaining("要求を解釈できません") } },
      });
    },
  );

  test("what fails inside is told with its message, and nothing else ends", async () => {
    const { path } = await steered();
    await expect(control(path, { command: "reload" })).rejects.toMatchObject({
      code: "internal",
      message: "no",
    });
    expect((await control(path, { command: "status" })).schema).toBe(1);
  });

  test("silent and slow clients keep nobody out and are cut; one byte now and then buys no time", async () => {
    const { path } = await steered({ most: 4, patience: 300 });
    const began = performance.now();
    const silent = Array.from({ length: 40 }, () => said(path, ""));
    const slow = said(path, "{", (socket) => {
      const timer = setInterval(() => socket.write(" "), 50);
      socket.once("close", () => clearInterval(timer));
    });
    expect((await control(path, { command: "status" })).schema).toBe(1);
    expect(await Promise.all([...silent, slow])).toEqual(Array.from({ length: 41 }, () => ""));
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test("whoever waits for a drained backend may wait longer than others, and is forgotten when it goes", async () => {
    const { path, done, signals } = await steered({ most: 4, patience: 100 });
    const waiting = connect(path);
    onTestFinished(() => void waiting.destroy());
    waiting.write('{"command":"drain","backend":"a","wait":true}\n');
    await eventually(() => signals.length === 1, "the wait");
    expect(await said(path, "")).toBe("");
    expect(signals[0]?.aborted).toBe(false);
    expect(waiting.destroyed).toBe(false);
    waiting.destroy();
    await eventually(() => signals[0]?.aborted, "the end of the wait");
    expect(done).toEqual(["drain a"]);
  });
});

/** Somebody who listens where a balancer should. */
async function impostor(serve: (socket: Socket) => void): Promise<string> {
  folder = mkdtempSync(join(tmpdir(), "control-"));
  const path = join(folder, "control.sock");
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
    serve(socket);
  });
  server.listen(path);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return path;
}

describe("issue 10, 3: whoever asks a control socket", () => {
  test.each([
    ["nothing", ""],
    ["no JSON", "<html>"],
    ["another document", '{"ok":"yes"}'],
    ["a status without listeners", '{"ok":true,"status":{"schema":1}}'],
    [
      "a failure of a kind that has no exit code",
      '{"ok":false,"error":{"kind":"fine","code":"x","message":"y"}}',
    ],
  ])("does not believe %s", async (_, reply) => {
    const path = await impostor((socket) => socket.end(reply));
    await expect(control(path, { command: "status" })).rejects.toMatchObject({
      kind: "failed",
      code: "control-reply",
    });
  });

  test("is done after its time however the answer trickles, and after 64 MB", async () => {
    const trickling = await impostor((socket) => {
      const timer = setInterval(() => socket.write(" "), 20);
      socket.on("close", () => clearInterval(timer));
    });
    await expect(control(trickling, { command: "status" }, { timeout: 0.3 })).rejects.toMatchObject({
      kind: "unreachable",
      code: "control-timeout",
    });
    const flooding = await impostor((socket) => {
      const chunk = Buffer.alloc(1_000_000, 32);
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on("drain", more);
      more();
    });
    await expect(control(flooding, { command: "status" }, { timeout: 60 })).rejects.toMatchObject({
      code: "control-reply",
      message: expect.stringContaining("more than"),
    });
  });

  test("is done when it is interrupted", async () => {
    const path = await impostor(() => undefined);
    const controller = new AbortController();
    const waiting = control(path, { command: "status" }, { timeout: 0, signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: "interrupted" });
    await expect(control(path, { command: "status" }, { signal: controller.signal })).rejects.toMatchObject({
      kind: "interrupted",
    });
  });
});
