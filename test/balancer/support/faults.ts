import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { start } from "./programs.ts";

export interface BlackHole {
  readonly address: string;
  close(): void;
}

/**
 * An address whose kernel drops SYNs: a frozen listener with a backlog of 0 whose accept queue has been filled.
 * Python, because Node accepts on its own.
 */
export async function blackHole(): Promise<BlackHole> {
  const program =
    "import socket,time;s=socket.socket();s.bind(('127.0.0.1',0));s.listen(0);print(s.getsockname()[1],flush=True);time.sleep(600)";
  const child = start("python3", ["-c", program]);
  const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
  const port = Number(line.toString());
  const fillers: Socket[] = [];
  // Fill until a connection is no longer made: the queue is full then.
  for (let made = true; made; ) {
    const filler = connect(port, "127.0.0.1");
    filler.on("error", () => undefined);
    fillers.push(filler);
    made = await Promise.race([
      once(filler, "connect").then(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, 500, false)),
    ]);
  }
  return {
    address: `127.0.0.1:${port}`,
    close: () => {
      for (const filler of fillers) filler.destroy();
      child.kill("SIGKILL");
    },
  };
}
