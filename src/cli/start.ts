import { readFileSync, realpathSync } from "node:fs";
import { PASSWORD_VARIABLE } from "../domain/well-known.ts";
import { emptyCoreDumps } from "../system/processes/core-dumps.ts";
import type { ProcessWorld } from "./context.ts";

/**
 * Runs the program in this process through `main`, with the signals and streams of the process. Sets the exit code and
 * lets the process end by itself, so that nothing written is lost.
 */
export async function start(argv: readonly string[], version = packageVersion()): Promise<void> {
  quietOnClosedPipe();
  emptyCoreDumps();
  const { main } = await import("./main.ts");
  const { thisHost } = await import("../setup/world/real.ts");
  process.exitCode = await main(argv, { ...thisHost(), ...thisProcess(version) });
}

function thisProcess(
  version: string,
): Pick<ProcessWorld, "streams" | "environment" | "command" | "version" | "interruption"> {
  const { stdin, stdout, stderr, execPath, argv } = process;
  const script = argv[1] === undefined ? [] : [realpathSync(argv[1])];
  return {
    streams: { stdin, stdout, stderr },
    environment: ownEnvironment(),
    command: [execPath, ...script],
    version,
    interruption: listenForSignals,
  };
}

/** A copy, so that the password is gone from the one that libraries and other programs get. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete process.env[PASSWORD_VARIABLE];
  return environment;
}

/** The first signal lets the step at work finish; the second ends the process at once. */
function listenForSignals(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(code);
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
