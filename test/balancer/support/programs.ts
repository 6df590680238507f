import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ControlRequest, control } from "../../../src/balancer/admin/control/control.ts";
import type { BackendStats, BalancerStats } from "../../../src/balancer/stats/stats.ts";
import { eventually } from "./eventually.ts";

const build = fileURLToPath(new URL("../../../build/fixtures", import.meta.url));

/** A program of fixtures/, built by `npm run build`. */
export function built(path: string): string {
  const file = join(build, path);
  if (!existsSync(file)) throw new Error(`${file} is missing: run npm run build first`);
  return file;
}

const running = new Set<ChildProcess>();

/** A child process that `killAll` ends. */
export function start(
  command: string,
  args: readonly string[],
  options: { stdin?: "pipe"; env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const child = spawn(command, args, {
    stdio: [options.stdin ?? "ignore", "pipe", "pipe"],
    env: { ...process.env, JOURNAL_STREAM: undefined, ...options.env },
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** For `afterEach`: nothing that a test started outlives it. */
export async function killAll(): Promise<void> {
  const left = [...running];
  for (const child of left) {
    child.kill("SIGCONT");
    child.kill("SIGKILL");
  }
  await Promise.all(
    left.map((child) =>
      child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined,
    ),
  );
}

export interface BackendProgram {
  readonly name: string;
  readonly port: number;
  readonly address: string;
  readonly child: ChildProcess;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves when it is dead and its port refuses. */
  kill(): Promise<void>;
}

/** Starts `fixtures/balancer/backend.main.ts`. */
export async function startBackend(name: string, port = 0, backlog = 511): Promise<BackendProgram> {
  const host = "127.0.0.1";
  const child = start(process.execPath, [
    built("balancer/backend.main.js"),
    name,
    String(port),
    String(backlog),
  ]);
  const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
  const bound = Number(line.toString());
  return {
    name,
    port: bound,
    address: `${host}:${bound}`,
    child,
    signal: (signal) => void child.kill(signal),
    kill: async () => {
      child.kill("SIGKILL");
      if (child.signalCode === null) await once(child, "exit");
    },
  };
}

export interface BalancerProgram {
  readonly port: number;
  readonly child: ChildProcess;
  readonly specPath: string;
  readonly socketPath: string;
  /** Everything on standard output so far. */
  printed(): string;
  /** Everything logged so far. */
  log(): string;
  /** The tcplog lines so far. */
  ends(): string[];
  status(): Promise<BalancerStats>;
  backend(name: string): Promise<BackendStats>;
  ask(request: ControlRequest): Promise<BalancerStats>;
  writeSpec(listener: object, rest?: object): void;
  signal(signal: NodeJS.Signals): void;
  /** The exit status (or signal), once it has ended. */
  readonly exited: Promise<number | string>;
  /** Stops it and makes sure that it had no trouble. */
  stop(): Promise<void>;
}

export interface ProgramOptions {
  /** Seconds. */
  readonly deadline?: number;
  /** Soft and hard limit of open files. */
  readonly descriptors?: number;
  readonly rest?: object;
  /** Further keys of `admin`. */
  readonly admin?: object;
  readonly env?: NodeJS.ProcessEnv;
}

/** Quick checks, so that tests wait little; the rest is the default. */
export const QUICK_HEALTH = { interval: 0.2, timeout: 0.4, fall: 3, rise: 2, fastInterval: 0.1 };

/** Starts the balancer as a process of its own with one listener `impala` on a port of the system's choice. */
export async function startProgram(listener: object, options: ProgramOptions = {}): Promise<BalancerProgram> {
  const folder = mkdtempSync(join(tmpdir(), "balancer-"));
  const specPath = join(folder, "spec.json");
  const socketPath = join(folder, "control.sock");
  const writeSpec = (changed: object, rest: object = options.rest ?? {}): void => {
    const whole = { name: "impala", bind: "127.0.0.1:0", health: QUICK_HEALTH, ...changed };
    writeFileSync(
      specPath,
      JSON.stringify({
        version: 1,
        listeners: [whole],
        admin: { socket: socketPath, ...options.admin },
        ...rest,
      }),
    );
  };
  writeSpec(listener);
  const args = [built("balancer/balancer.main.js"), specPath, String(options.deadline ?? 1)];
  const limited = ["-c", `ulimit -n ${options.descriptors ?? 0}; exec "$@"`, "sh", process.execPath, ...args];
  const child =
    options.descriptors === undefined
      ? start(process.execPath, args, { env: options.env ?? {} })
      : start("/bin/sh", limited, { env: options.env ?? {} });
  let log = "";
  let printed = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const exited = once(child, "exit").then(([status, signal]) => (status as number | null) ?? String(signal));
  const ready = eventually(() => {
    if (options.admin !== undefined && !printed.includes("status page on")) return undefined;
    return Number(/listening on .*:(\d+)/.exec(printed)?.[1] ?? 0) || undefined;
  }, `readiness (${log})`);
  const ended = exited.then((how) => {
    throw new Error(`the balancer has ended with ${how}: ${log}`);
  });
  // Whichever loses the race is nobody's failure any more.
  ready.catch(() => undefined);
  ended.catch(() => undefined);
  const port = await Promise.race([ready, ended]);
  const status = (): Promise<BalancerStats> => control(socketPath, { command: "status" });
  return {
    port,
    child,
    specPath,
    socketPath,
    printed: () => printed,
    log: () => log,
    ends: () => log.split("\n").filter((line) => /\] impala impala\//.test(line)),
    status,
    backend: async (name) => {
      const found = (await status()).listeners[0]?.backends.find((each) => each.name === name);
      if (found === undefined) throw new Error(`no backend ${name}`);
      return found;
    },
    ask: (request) => control(socketPath, request, { timeout: 30 }),
    writeSpec,
    signal: (signal) => void child.kill(signal),
    exited,
    stop: async () => {
      child.kill("SIGTERM");
      const result = await exited;
      rmSync(folder, { recursive: true, force: true });
      if (result !== 0) throw new Error(`the balancer ended with ${result}: ${log}`);
      const trouble = /uncaught|unhandled|\n\s+at .*:\d+:\d+/i.exec(log);
      if (trouble !== null) throw new Error(`trouble in the log: ${log}`);
    },
  };
}
