import { once } from "node:events";
import { eventually } from "./eventually.ts";
import { start } from "./programs.ts";

/** What systemd does for a socket unit: holds the listening socket, and starts the service with it as descriptor 3. */
const PROGRAM = `
import os, socket, subprocess, sys
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen(128)
if listening.fileno() != 3:
    os.dup2(listening.fileno(), 3)
print("port", listening.getsockname()[1], flush=True)
for line in sys.stdin:
    shell = 'LISTEN_FDS=1 LISTEN_FDNAMES=impala LISTEN_PID=$$ exec "$@"'
    service = subprocess.Popen(["/bin/sh", "-c", shell, "sh"] + line.split(), pass_fds=[3], stdin=subprocess.DEVNULL)
    print("pid", service.pid, flush=True)
    print("exit", service.wait(), flush=True)
`;

export interface Activator {
  readonly port: number;
  /** Starts the service; resolves with its pid once it listens. */
  run(...command: string[]): Promise<number>;
  /** The exit status of the service that was started last. */
  exit(): Promise<number>;
}

export async function startActivator(): Promise<Activator> {
  const child = start("python3", ["-c", PROGRAM], { stdin: "pipe" });
  let printed = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await once(child.stdout ?? child, "data");
  const number = (name: string): Promise<number> =>
    eventually(() => {
      const found = new RegExp(`${name} (\\d+)`).exec(printed)?.[1];
      return found === undefined ? undefined : { value: Number(found) };
    }, name).then(({ value }) => value);
  const port = await number("port");
  return {
    port,
    run: async (...command) => {
      printed = "";
      child.stdin?.write(`${command.join(" ")}\n`);
      const pid = await number("pid");
      await eventually(() => printed.includes("listening on"), "readiness");
      return pid;
    },
    exit: () => number("exit"),
  };
}
