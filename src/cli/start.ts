import { readFileSync, realpathSync } from "node:fs";
import { PASSWORD_VARIABLE } from "../domain/well-known.ts";
import { emptyCoreDumps } from "../system/processes/core-dumps.ts";
import { endProcess, endProcessAfter } from "../system/processes/end.ts";
import type { ProcessWorld } from "./context.ts";

/** Milliseconds in which the process may end by itself after it was told to stop. */
const LAST_WORDS = 200;
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs the program in this process through `main`, with the signals and streams of the process. Sets the exit code and
 * lets the process end by itself, so that nothing written is lost; one that was told to stop is not held up by what it
 * has left behind (a look-up of a name, a connection).
 */
export async function start(argv: readonly string[], version = packageVersion()): Promise<void> {
  quietOnClosedPipe();
  emptyCoreDumps();
  const { main } = await import("./main.ts");
  const { thisHost } = await import("../setup/world/real.ts");
  const interruption = new AbortController();
  const code = await main(argv, { ...thisHost(), ...thisProcess(version, interruption) });
  process.exitCode = code;
  const { signal } = interruption;
  if (signal.aborted) endProcessAfter(LAST_WORDS, code, signal.reason);
}

function thisProcess(
  version: string,
  interruption: AbortController,
): Pick<ProcessWorld, "streams" | "environment" | "command" | "version" | "interruption"> {
  const { stdin, stdout, stderr, execPath, argv } = process;
  const script = argv[1] === undefined ? [] : [realpathSync(argv[1])];
  return {
    streams: { stdin, stdout, stderr },
    environment: ownEnvironment(),
    command: [execPath, ...script],
    version,
    interruption: () => listenForSignals(interruption),
  };
}

/** A copy, so that the password is gone from the one that libraries and other programs get. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete process.env[PASSWORD_VARIABLE];
  return environment;
}

/** The first signal lets the step at work finish; the second ends the process at once. */
function listenForSignals(controller: AbortController): AbortSignal {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) endProcess(SIGNALS[signal], signal);
      controller.abort(signal);
    });
  }
  return controller.signal;
}

/** `hue-impala-setup … | head` is no error. */
function quietOnClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}

function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
