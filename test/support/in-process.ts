import { Readable, Writable } from "node:stream";
import { main } from "../../src/cli/main.ts";
import { thisHost } from "../../src/setup/world/real.ts";
import { PROGRAM, type ProgramOptions, type ProgramRun, plainEnvironment } from "./program.ts";

/** The program without a process of its own, for many runs whose text is looked at; no signals, no other account. */
export async function runInProcess(
  args: readonly string[],
  { cwd = ".", env, input = "" }: ProgramOptions = {},
): Promise<ProgramRun> {
  const stdout = new Collector();
  const stderr = new Collector();
  const back = process.cwd();
  process.chdir(cwd);
  try {
    const status = await main(args, {
      ...thisHost(),
      streams: { stdin: Readable.from([Buffer.from(input)]), stdout, stderr },
      environment: plainEnvironment(env),
      command: [process.execPath, PROGRAM],
      version: "0.0.0",
      interruption: () => new AbortController().signal,
    });
    return {
      status,
      stdout: stdout.bytes.toString("utf8"),
      stderr: stderr.bytes.toString("utf8"),
      bytes: stdout.bytes,
    };
  } finally {
    process.chdir(back);
  }
}

class Collector extends Writable {
  bytes = Buffer.alloc(0);

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    done();
  }
}
