import type { ChalkInstance } from "chalk";
import type { Language } from "../domain/text.ts";
import type { Warning } from "../domain/warning.ts";
import { commandFailure } from "../messages/failures/cli/commands.ts";
import { type Answers, answerOf, isSet } from "../setup/answers/answers.ts";
import { readAnswersFile } from "../setup/answers/file.ts";
import { environmentName } from "../setup/answers/option.ts";
import { OPTIONS } from "../setup/answers/options.ts";
import { collectAnswers } from "../setup/answers/sources.ts";
import type { World, WritableWorld } from "../setup/world/world.ts";
import { languageFor } from "./language.ts";
import type { Invocation } from "./parse/arguments.ts";
import { Progress } from "./progress.ts";
import { coloursFor, readAll, type Streams } from "./streams.ts";

/** The world as a process has it: without what depends on the words that were typed. Tests make their own. */
export interface ProcessWorld extends Omit<WritableWorld, "signal" | "standardInput" | "progress" | "warn"> {
  readonly streams: Streams;
  /** Starts to take SIGINT and SIGTERM as a wish to stop; not called by the daemon, which has signals of its own. */
  interruption(): AbortSignal;
}

/** What every command works with: the settings so far, the streams, colours and language. */
export interface Context {
  readonly invocation: Invocation;
  /** From flags, environment and answers file; nothing discovered, no defaults. */
  readonly given: Answers;
  readonly streams: Streams;
  readonly language: Language;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly outColours: ChalkInstance;
  readonly errColours: ChalkInstance;
  /** All that a command may use to find out and to show. */
  readonly world: World;
  /** For what carries a plan out; everything else does with {@link Context.world}. */
  readonly writable: WritableWorld;
  readonly progress: Progress;
  /** A plan is carried out: once told to stop, its step at work decides when. */
  readonly applying: { now: boolean };
  /** Warnings that have not been shown yet. */
  readonly warnings: Warning[];
}

/**
 * Reads what was typed, exported and written for one run.
 * @throws Failure `settings`, `unparsable`, `usage`
 */
export async function contextFor(invocation: Invocation, processWorld: ProcessWorld): Promise<Context> {
  const { streams, interruption, write, ...host } = processWorld;
  const { environment } = host;
  // The daemon handles its signals itself.
  const signal = isDaemon(invocation) ? new AbortController().signal : interruption();
  let input: Promise<string> | undefined;
  const standardInput = (): Promise<string> => {
    if (streams.stdin.isTTY === true) {
      throw commandFailure("stdin-is-terminal");
    }
    input ??= readAll(streams.stdin, signal);
    return input;
  };
  const direct = collectAnswers(invocation.flags, relevant(environment, invocation), undefined);
  const path = answerOf(direct, "answers");
  if (path === "-" && isSet(direct, "cmPasswordStdin")) {
    throw commandFailure("stdin-twice");
  }
  const file = path === undefined ? undefined : await readAnswersFile(path, { ...host, standardInput });
  const given = collectAnswers(invocation.flags, relevant(environment, invocation), file);
  const language = languageFor(answerOf(given, "lang"), environment);
  const colour = answerOf(given, "color") ?? "auto";
  const errColours = coloursFor(streams.stderr, colour, environment);
  const verbose = isSet(given, "verbose");
  const warnings: Warning[] = [];
  const progress = new Progress(streams.stderr, verbose);
  const world: World = {
    ...host,
    signal,
    standardInput,
    progress: (text) => progress.show(text[language]),
    warn: (warning) => {
      if (!warnings.some(({ message }) => message === warning.message)) warnings.push(warning);
    },
  };
  return {
    invocation,
    given,
    streams,
    language,
    json: isSet(given, "json"),
    verbose,
    outColours: coloursFor(streams.stdout, colour, environment),
    errColours,
    applying: { now: false },
    progress,
    warnings,
    world,
    writable: { ...world, write },
  };
}

function isDaemon(invocation: Invocation): boolean {
  return invocation.command.name === "balancer run";
}

/** A variable of an option that the command does not take must not break it. */
function relevant(environment: NodeJS.ProcessEnv, invocation: Invocation): NodeJS.ProcessEnv {
  const names = new Set(invocation.command.options.map((key) => environmentName(OPTIONS[key])));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => names.has(name)));
}
