import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { built, start } from "./programs.ts";

export interface ImpaladProgram {
  readonly name: string;
  readonly port: number;
  readonly webPort: number;
  readonly address: string;
  readonly child: ChildProcess;
}

/** A simulated Impalad as a process that a test can freeze and kill. */
export async function startImpaladProgram(name: string, options: object = {}): Promise<ImpaladProgram> {
  const child = start(process.execPath, [
    built("impalad/impalad.main.js"),
    JSON.stringify({ name, ...options }),
  ]);
  const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
  const told = JSON.parse(line.toString()) as { port: number; webPort: number };
  return { name, child, ...told, address: `127.0.0.1:${told.port}` };
}
