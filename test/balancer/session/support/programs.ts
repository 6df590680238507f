import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { ImpaladOptions, ImpaladStats } from "../../../../fixtures/impalad/impalad.ts";
import { built } from "../../support/programs.ts";

/** A simulated Impalad as a process of its own, to be killed, frozen and thawed. */
export interface ImpaladProgram {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly webPort: number;
  /** Its web server, as its sessions tell it. */
  readonly httpAddr: string;
  readonly address: string;
  signal(signal: NodeJS.Signals): void;
  stats(): Promise<ImpaladStats>;
}

const running = new Set<ChildProcess>();
/** Programs that a holder has started. */
const held = new Set<number>();

/** For `afterEach`. */
export async function killPrograms(): Promise<void> {
  for (const pid of held) process.kill(pid, "SIGKILL");
  held.clear();
  for (const child of running) {
    const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    child.kill("SIGKILL");
    await exited;
  }
  running.clear();
}

export async function startImpaladProgram(options: ImpaladOptions): Promise<ImpaladProgram> {
  const args = [built("impalad/impalad.main.js"), JSON.stringify(options)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  const { name, host, port, webPort } = JSON.parse(await nextLine(child)) as ImpaladProgram;
  return {
    name,
    host,
    port,
    webPort,
    httpAddr: `${host}:${webPort}`,
    address: `${host}:${port}`,
    signal: (signal) => void child.kill(signal),
    stats: async () => (await (await fetch(`http://${host}:${webPort}/stats`)).json()) as ImpaladStats,
  };
}

export interface SocketHolder {
  readonly port: number;
  /** Starts a program with the listening socket as descriptor 3, as systemd's socket activation does. */
  start(command: readonly string[]): Promise<HeldProgram>;
}

export interface HeldProgram {
  readonly pid: number;
  signal(signal: NodeJS.Signals): void;
  readonly exited: Promise<void>;
}

/**
 * Holds a listening socket and starts programs on it one after the other, or at the same time. In Perl, which every
 * Debian has: Node cannot hold a listening socket without accepting from it.
 */
export async function holdSocket(): Promise<SocketHolder> {
  const child = spawn("/usr/bin/perl", ["-e", HOLDER], { stdio: ["pipe", "pipe", "ignore"] });
  running.add(child);
  const lines = createInterface({ input: child.stdout });
  const exits = new Map<number, () => void>();
  const started: ((pid: number) => void)[] = [];
  const port = new Promise<number>((resolve) => {
    lines.on("line", (line) => {
      const [what, value] = line.split(" ");
      if (what === "port") resolve(Number(value));
      else if (what === "started") started.shift()?.(Number(value));
      else exits.get(Number(value))?.();
    });
  });
  return {
    port: await port,
    start: async (command) => {
      child.stdin.write(`${command.join("\t")}\n`);
      const pid = await new Promise<number>((resolve) => started.push(resolve));
      held.add(pid);
      const exited = new Promise<void>((resolve) => exits.set(pid, resolve)).then(
        () => void held.delete(pid),
      );
      return { pid, signal: (signal) => void process.kill(pid, signal), exited };
    },
  };
}

const HOLDER = `
use IO::Socket::INET; use POSIX ();
BEGIN { $^F = 1000 }
$| = 1;
my $socket = IO::Socket::INET->new(Listen => 1024, LocalAddr => "127.0.0.1", Proto => "tcp") or die;
print "port ", $socket->sockport, "\\n";
$SIG{CHLD} = sub { while ((my $pid = waitpid(-1, POSIX::WNOHANG())) > 0) { print "exited $pid\\n" } };
while (1) {
  my $line = <STDIN>;
  if (!defined $line) { next if $!{EINTR}; last }
  chomp $line;
  my @command = split /\\t/, $line;
  my $pid = fork;
  if ($pid == 0) {
    POSIX::dup2(fileno($socket), 3);
    $ENV{LISTEN_FDS} = 1; $ENV{LISTEN_PID} = $$;
    open STDIN, "<", "/dev/null";
    exec @command or POSIX::_exit(127);
  }
  print "started $pid\\n";
}
`;

async function nextLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("no standard output");
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, "line")) as [string];
  return line;
}
