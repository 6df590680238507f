import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "./programs.ts";

export type ProxyName = "ours" | "ours, session" | "HAProxy" | "nginx stream" | "pipe()" | "node-tcp-proxy";

export interface RunningProxy {
  readonly name: ProxyName;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

const HAPROXY = "/usr/sbin/haproxy";
const NGINX = "/usr/sbin/nginx";

/** False with the reason on stderr where a peer is not installed. */
export function available(name: ProxyName): boolean {
  const binary = name === "HAProxy" ? HAPROXY : name === "nginx stream" ? NGINX : undefined;
  if (binary === undefined || existsSync(binary)) return true;
  process.stderr.write(`${name} is left out: ${binary} is not installed\n`);
  return false;
}

/** What the peers call themselves, for the report. */
export function versions(): string[] {
  const first = (text: string | undefined) => (text ?? "").split("\n")[0] ?? "";
  return [
    first(spawnSync(HAPROXY, ["-v"], { encoding: "utf8" }).stdout).replace(/ - http.*/, ""),
    first(spawnSync(NGINX, ["-v"], { encoding: "utf8" }).stderr),
    `Node ${process.version}`,
  ].filter((line) => line !== "");
}

/** Starts one proxy in front of the backends, on one thread, without logs, and waits until it accepts. */
export async function startProxy(name: ProxyName, backends: readonly number[]): Promise<RunningProxy> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const child = start(name, port, backends, folder);
  const exit = once(child, "exit");
  let over = false;
  exit.then(() => {
    over = true;
  });
  await answers(port, () => {
    if (over) throw new Error(`${name} ended`);
  });
  return {
    name,
    port,
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGKILL");
      await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function start(name: ProxyName, port: number, backends: readonly number[], folder: string): ChildProcess {
  const file = (content: string) => {
    const path = join(folder, "config");
    writeFileSync(path, content);
    return path;
  };
  const run = (command: string, ...args: string[]) =>
    spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  const node = (main: string, ...args: string[]) => run(process.execPath, program(main), ...args);
  // With the flag of its systemd unit.
  const ours = (specification: string) =>
    run(process.execPath, "--max-semi-space-size=2", program("ours"), specification);
  switch (name) {
    case "HAProxy":
      return run(HAPROXY, "-db", "-f", file(haproxyConfig(port, backends)));
    case "nginx stream":
      return run(NGINX, "-p", folder, "-e", "stderr", "-c", file(nginxConfig(port, backends)));
    case "ours":
      return ours(file(specification(port, backends, "leastconn")));
    case "ours, session":
      return ours(file(specification(port, backends, "session")));
    case "pipe()":
      return node("pipe", String(port), ...backends.map(String));
    case "node-tcp-proxy":
      return node("node-tcp-proxy", String(port), ...backends.map(String));
  }
}

function haproxyConfig(port: number, backends: readonly number[]): string {
  const servers = backends.map((backend, n) => `  server b${n} 127.0.0.1:${backend}\n`).join("");
  return `global\n  nbthread 1\n  maxconn 8000\ndefaults\n  mode tcp\n  timeout connect 4s\n  timeout client 12h\n  timeout server 12h
listen bench\n  bind 127.0.0.1:${port}\n  balance leastconn\n${servers}`;
}

function nginxConfig(port: number, backends: readonly number[]): string {
  const servers = backends.map((backend) => `server 127.0.0.1:${backend}; `).join("");
  const module = "/usr/lib/nginx/modules/ngx_stream_module.so";
  return `${existsSync(module) ? `load_module ${module};\n` : ""}daemon off; master_process off; worker_processes 1; pid nginx.pid;
error_log stderr crit;\nevents { worker_connections 16000; }
stream { upstream b { least_conn; ${servers} } server { listen 127.0.0.1:${port} backlog=4096; proxy_pass b; proxy_timeout 12h; } }\n`;
}

function specification(port: number, backends: readonly number[], balance: string): string {
  return JSON.stringify({
    version: 1,
    listeners: [
      {
        name: "bench",
        bind: `127.0.0.1:${port}`,
        balance,
        maxConnections: 8000,
        // HAProxy runs without checks here, so ours are out of the way too.
        health: { interval: 3600 },
        backends: backends.map((backend, n) => ({ name: `b${n}`, address: `127.0.0.1:${backend}` })),
      },
    ],
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}

async function answers(port: number, still: () => void): Promise<void> {
  for (;;) {
    still();
    const socket = createConnection({ port, host: "127.0.0.1" });
    try {
      await once(socket, "connect");
      socket.destroy();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
