import { once } from "node:events";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import type { BalancerSpecInput } from "../../src/balancer/spec/spec.ts";
import { renderHaproxy } from "../../src/engines/haproxy/haproxy.ts";
import { start, startProgram } from "../balancer/support/programs.ts";
import { answers, freePort } from "../engines/support.ts";

export const PEERS = ["ours", "HAProxy", "nginx stream", "HAProxy of 2014"] as const;
export type PeerName = (typeof PEERS)[number];

export type Listener = Omit<BalancerSpecInput["listeners"][number], "name" | "bind" | "balance"> & {
  balance: "leastconn" | "source" | "roundrobin";
};

export interface Peer {
  readonly name: PeerName;
  readonly port: number;
  readonly pid: number;
}

const HEALTH = { interval: 0.5, timeout: 0.5, fastInterval: 0.2, fall: 3, rise: 2 };

/** Starts one balancer in front of the backends, as a process of its own; `killAll` ends it. */
export async function startPeer(name: PeerName, listener: Listener): Promise<Peer> {
  const wanted = { ...listener, health: { ...HEALTH, ...listener.health } };
  if (name === "ours") {
    const { port, child } = await startProgram(wanted);
    return { name, port, pid: child.pid ?? 0 };
  }
  const port = await freePort();
  const spec = parseSpec({
    version: 1,
    listeners: [{ ...wanted, name: "impala", bind: `127.0.0.1:${port}` }],
  });
  const [command, args] =
    name === "nginx stream"
      ? ["/usr/sbin/nginx", nginx(port, listener)]
      : [
          "/usr/sbin/haproxy",
          ["-db", "-f", file(name === "HAProxy" ? renderHaproxy(spec) : tutorial(port, listener))],
        ];
  const child = start(command as string, args as string[]);
  for (const stream of [child.stdout, child.stderr]) stream?.resume();
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`${name} ended`)));
  ended.catch(() => {});
  await Promise.race([answers(port), ended]);
  return { name, port, pid: child.pid ?? 0 };
}

function file(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "peers-")), "config");
  writeFileSync(path, content);
  return path;
}

function nginx(port: number, { balance, backends, timeouts }: Listener): string[] {
  const folder = mkdtempSync(join(tmpdir(), "peers-"));
  const module = "/usr/lib/nginx/modules/ngx_stream_module.so";
  const method = { leastconn: "least_conn;", source: "hash $remote_addr consistent;", roundrobin: "" }[
    balance
  ];
  const servers = backends.map(({ address }) => `server ${address} max_fails=1 fail_timeout=10s;`).join(" ");
  const path = join(folder, "nginx.conf");
  writeFileSync(
    path,
    `${existsSync(module) ? `load_module ${module};\n` : ""}daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log /dev/null;
events { worker_connections 1024; }
stream { upstream b { ${method} ${servers} } server { listen 127.0.0.1:${port}; proxy_pass b;
proxy_connect_timeout ${timeouts?.connect ?? 4}s; proxy_timeout ${timeouts?.client ?? 43_200}s; } }\n`,
  );
  return ["-p", folder, "-c", path];
}

/** The tutorial's file, without the line (`nbproc`) and the word (`daemon`) that no longer work. */
function tutorial(port: number, { backends }: Listener): string {
  const servers = backends.map(({ name, address }) => `    server ${name} ${address} check\n`).join("");
  return `global
    maxconn 4000
defaults
    mode tcp
    option tcpka
    timeout connect 3600000ms
    timeout client 3600000ms
    timeout server 3600000ms
listen impala
    bind 127.0.0.1:${port}
    balance leastconn
${servers}`;
}
