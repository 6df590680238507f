import { Failure } from "../../domain/failure.ts";
import { UNEXPECTED } from "../../messages/cloudera.ts";
import { clouderaRestartFailure } from "../../messages/failures/cloudera/restart.ts";
import type { CmClient, CmReader } from "../client/client.ts";
import { Command } from "../client/shapes.ts";
import { CmFailure } from "../http/failures.ts";
import { slept } from "../http/retry.ts";

/** A synchronous command carries this id: it has ended already and cannot be asked for. */
const SYNCHRONOUS = -1;

/** First and longest pause between two looks at a command, milliseconds. */
const POLL = { first: 1_000, longest: 5_000 };

/**
 * How long looks may fail before the command's fate counts as unknown, milliseconds: Cloudera Manager itself may be
 * restarting.
 */
const AWAY = 180_000;

export interface Watch {
  readonly signal?: AbortSignal;
  /** Milliseconds from now. */
  readonly timeout: number;
  /** Called after every look at commands that still run. */
  readonly onLook?: (running: readonly Command[]) => void;
}

/**
 * Waits until all commands have ended. Interrupting or a time-out only stops the watching: the commands go on at the
 * server.
 * @throws Failure `interrupted`, code `command-still-running`; `partial`, codes `command-timeout`, `command-unknown`
 */
export async function awaitCommands(
  client: CmClient,
  started: readonly Command[],
  watch: Watch,
): Promise<Command[]> {
  const { pace } = client;
  const end = pace.now() + watch.timeout;
  const ended = started.filter((command) => !isRunning(command));
  let running = started.filter(isRunning);
  let answered = pace.now();
  for (let pause = POLL.first; running.length > 0; pause = Math.min(POLL.longest, pause * 1.5)) {
    watch.onLook?.(running);
    if (watch.signal?.aborted === true || !(await slept(pace, pause, watch.signal))) {
      throw clouderaRestartFailure("command-still-running", watched(client, running));
    }
    if (pace.now() >= end) {
      const seconds = Math.round(watch.timeout / 1000);
      throw clouderaRestartFailure("command-timeout", { ...watched(client, running), seconds });
    }
    const next: Command[] = [];
    try {
      for (const command of running) next.push(await client.get(["commands", String(command.id)], Command));
      answered = pace.now();
    } catch (thrown) {
      // While services restart, Cloudera Manager wraps faults of its own in 400 and 500 at times.
      if (thrown instanceof CmFailure && thrown.kind === "interrupted") {
        throw clouderaRestartFailure("command-still-running", watched(client, running));
      }
      if (!(thrown instanceof CmFailure) || thrown.kind === "auth" || pace.now() - answered >= AWAY) {
        const reason = thrown instanceof Failure ? thrown.text : UNEXPECTED;
        throw clouderaRestartFailure("command-unknown", { ...watched(client, running), reason });
      }
      continue;
    }
    ended.push(...next.filter((command) => !isRunning(command)));
    running = next.filter(isRunning);
  }
  return ended;
}

export function isRunning(command: Command): boolean {
  return command.active && command.id !== SYNCHRONOUS;
}

/** `success` is absent while a command is active; a synchronous one may say nothing more than that it is over. */
export function hasFailed(command: Command): boolean {
  if (isRunning(command)) return false;
  return command.id === SYNCHRONOUS ? command.success === false : command.success !== true;
}

/** `Restart (command 4711)`, for messages. */
export function commandName(command: Command): string {
  return command.id === SYNCHRONOUS ? command.name : `${command.name} (command ${command.id})`;
}

export function resultOf(client: CmReader, command: Command): string {
  return client.said(command.resultMessage ?? "no message");
}

/** The commands and where the web UI shows them, for messages. */
function watched(client: CmClient, running: readonly Command[]) {
  return {
    commands: running.map(commandName).join(", "),
    pages: running.map((command) => commandPage(client, command)),
  };
}

/** The page of the web UI that shows a command. */
export function commandPage(client: CmClient, command: Command): string {
  return `${client.url}/cmf/command/${command.id}/details`;
}
