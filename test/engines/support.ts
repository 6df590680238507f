import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import type { BalancerSpec, BalancerSpecInput } from "../../src/balancer/spec/spec.ts";
import { type RunResult, run } from "../../src/system/processes/run.ts";

/** A folder that is gone after the test. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "engines-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function scratchFile(name: string, content: string): Promise<string> {
  const file = join(await scratch(), name);
  await writeFile(file, content);
  return file;
}

/** A port that was free a moment ago, for programs that cannot take port 0. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}

/** A specification with one listener, the rest from the defaults. */
export function specOf(
  listener: Partial<BalancerSpecInput["listeners"][number]> & {
    backends: { name: string; address: string }[];
  },
  admin?: BalancerSpecInput["admin"],
): BalancerSpec {
  return parseSpec({
    version: 1,
    listeners: [{ name: "impala", bind: "127.0.0.1:10001", balance: "source", ...listener }],
    ...(admin === undefined ? {} : { admin }),
  });
}

/** Starts HAProxy in the foreground with a configuration and waits until it listens; ends it after the test. */
export async function startHaproxy(
  config: string,
  port: number,
): Promise<{ process: ChildProcess; output(): string }> {
  const file = await scratchFile("haproxy.cfg", config);
  const child = spawn("/usr/sbin/haproxy", ["-Ws", "-f", file], { stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  const output = () => Buffer.concat(chunks).toString();
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  const ended = once(child, "exit").then(() => {
    throw new Error(`haproxy ended:\n${output()}`);
  });
  ended.catch(() => {});
  await Promise.race([answers(port), ended]);
  return { process: child, output };
}

/** Resolves when something accepts connections on a loopback port. */
export async function answers(port: number, host = "127.0.0.1"): Promise<void> {
  const { createConnection } = await import("node:net");
  for (;;) {
    const socket = createConnection({ port, host });
    try {
      await once(socket, "connect");
      socket.destroy();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Asks again until the answer is the wished one; the test's time limit is the only limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What the installed keepalived says about a file. */
export interface KeepalivedCheck {
  readonly ok: boolean;
  readonly output: string;
}

/**
 * Asks keepalived itself (`-t`, exit status 0). It looks at this host's interfaces: check on the host that the file is
 * for.
 * @throws Failure when the program is not there
 */
export async function checkKeepalived(file: string, binary = "keepalived"): Promise<KeepalivedCheck> {
  const result = await configTest(file, binary);
  if (result.status !== null && result.status !== 143) return verdict(result);
  // keepalived 2.2 ends itself by SIGTERM in the middle of -t when scripts run as another user than root (it takes the
  // missing parent process for a dead one), so the test reads a copy in which they run as root.
  const folder = await mkdtemp(join(tmpdir(), "hue-impala-setup-"));
  try {
    const copy = join(folder, "keepalived.conf");
    const text = await readFile(file, "utf8");
    await writeFile(copy, text.replaceAll(/^(\s*script_user\s+).*$/gm, "$1root"), { mode: 0o600 });
    const { ok, output } = verdict(await configTest(copy, binary));
    return { ok, output: output.replaceAll(copy, file) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function configTest(file: string, binary: string): Promise<RunResult> {
  return run(binary, ["--config-test", `--use-file=${file}`], {
    timeout: 30,
    env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin:/usr/local/sbin` },
  });
}

function verdict(result: RunResult): KeepalivedCheck {
  return { ok: result.status === 0, output: `${result.stdout}${result.stderr}`.trim() };
}
