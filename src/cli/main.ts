import { Failure, messageOf } from "../domain/failure.ts";
import type { Language } from "../domain/text.ts";
import type { Warning } from "../domain/warning.ts";
import { visibleJson } from "../domain/words/visible.ts";
import { runFailure } from "../messages/failures/run.ts";
import { environmentName } from "../setup/answers/option.ts";
import { OPTIONS } from "../setup/answers/options.ts";
import { commandModule } from "./commands.ts";
import { type Context, contextFor, type ProcessWorld } from "./context.ts";
import { exitCodeOf } from "./exit.ts";
import { languageFor } from "./language.ts";
import { type Invocation, parseArguments } from "./parse/arguments.ts";
import { failureDocument, failureText, warningsText } from "./render/messages.ts";
import type { CommandModule, Result } from "./result.ts";
import { coloursFor } from "./streams.ts";

/** Milliseconds that a command has to end by itself, in its own words, when it is told to stop. */
const OWN_END = 200;

/** Signal that ended the run, as the reason of the host's abort signal: tells 143 from 130. */
const TERMINATED = "SIGTERM";

/**
 * Runs the program: reads the command line, runs its command, prints the result.
 * @param argv without program names
 * @returns the exit code; nothing is thrown
 */
export async function main(argv: readonly string[], host: ProcessWorld): Promise<number> {
  let invocation: Invocation | undefined;
  let context: Context | undefined;
  let module: CommandModule | undefined;
  try {
    invocation = parseArguments(argv);
    if (invocation.version === true) return print(host, versionText(invocation, host));
    if (invocation.help !== undefined) return print(host, await helpFor(invocation, host));
    context = await contextFor(invocation, host);
    module = await commandModule(invocation.command);
    return finish(await unlessInterrupted(module.run(context), context), context, host);
  } catch (error) {
    const failure = asFailure(error);
    context?.progress.stop();
    if (context === undefined || invocation === undefined) return failEarly(failure, argv, invocation, host);
    return finish({ document: module?.empty?.(context) ?? {}, text: "", failure }, context, host);
  }
}

/** Prints a result: exactly one JSON document, or text and remarks. */
function finish(result: Result, context: Context, host: ProcessWorld): number {
  const { failure } = result;
  const { streams } = host;
  context.progress.stop();
  if (context.json) {
    print(host, visibleJson(jsonDocument(context.invocation, context.warnings, result)));
  } else {
    if (result.text.length > 0) streams.stdout.write(result.text);
    const warnings = warningsText(context.warnings, context.errColours, context.language);
    const fault = failure === undefined ? "" : failureText(failure, context.errColours, context.language);
    const remarks = `${warnings}${fault}${result.remarks ?? ""}`;
    if (remarks !== "") streams.stderr.write(remarks);
  }
  return failure === undefined ? (result.exitCode ?? 0) : exitOf(failure, context.world.signal);
}

function jsonDocument(invocation: Invocation, all: readonly Warning[], result: Result): string {
  const { failure, document } = result;
  const warnings = all.map(({ code, message }) => ({ code, message }));
  const error = failure === undefined ? {} : { error: failureDocument(failure) };
  return `${JSON.stringify({ schema: 1, command: invocation.command.name, ...document, warnings, ...error })}\n`;
}

/** A failure before the settings were known: also with --json there is one document. */
function failEarly(
  failure: Failure,
  argv: readonly string[],
  invocation: Invocation | undefined,
  host: ProcessWorld,
): number {
  const { environment, streams } = host;
  if (argv.includes("--json") || environment[environmentName(OPTIONS.json)] === "1") {
    const command = invocation === undefined ? {} : { command: invocation.command.name };
    const error = failureDocument(failure);
    const document = { schema: 1, ...command, changed: false, changes: [], warnings: [], error };
    print(host, visibleJson(`${JSON.stringify(document)}\n`));
  } else {
    const language = languageFor(typedLanguage(argv) ?? exportedLanguage(environment), environment);
    streams.stderr.write(failureText(failure, coloursFor(streams.stderr, "auto", environment), language));
  }
  return exitCodeOf(failure.kind);
}

/** `--lang` of a command line that was not understood. */
function typedLanguage(argv: readonly string[]): Language | undefined {
  const line = argv.join(" ");
  return /--lang[= ]ja\b/.test(line) ? "ja" : /--lang[= ]en\b/.test(line) ? "en" : undefined;
}

/** The variable of `--lang`, where settings have not been read. */
function exportedLanguage(environment: NodeJS.ProcessEnv): Language | undefined {
  return knownLanguage(environment[environmentName(OPTIONS.lang)]);
}

function knownLanguage(text: string | undefined): Language | undefined {
  return text === "en" || text === "ja" ? text : undefined;
}

/**
 * What a command ends with. One that is told to stop may wait for something that nothing can break off (a look-up of a
 * name, say): unless it is about to change something, it is left where it is.
 * @throws Failure `interrupted`, and whatever the command throws
 */
async function unlessInterrupted<T>(run: Promise<T>, { world, applying }: Context): Promise<T> {
  const { signal } = world;
  let timer: NodeJS.Timeout | undefined;
  let told = (): void => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    const leave = (): void => {
      if (!applying.now) reject(runFailure("interrupted"));
    };
    told = () => {
      timer = setTimeout(leave, OWN_END);
    };
    signal.addEventListener("abort", told, { once: true });
    if (signal.aborted) told();
  });
  try {
    return await Promise.race([run, interrupted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", told);
  }
}

function exitOf(failure: Failure, signal: AbortSignal): number {
  if (failure.kind === "interrupted" && signal.reason === TERMINATED) return 143;
  return exitCodeOf(failure.kind);
}

function print(host: ProcessWorld, text: string): number {
  host.streams.stdout.write(text);
  return 0;
}

function versionText(invocation: Invocation, host: ProcessWorld): string {
  if (invocation.flags.json === undefined) return `${host.version}\n`;
  const { node, openssl } = process.versions;
  return `${JSON.stringify({ schema: 1, version: host.version, node, openssl })}\n`;
}

async function helpFor(invocation: Invocation, host: ProcessWorld): Promise<string> {
  const { familyHelp, helpText } = await import("./generate/help.ts");
  const [lang] = invocation.flags.lang ?? [];
  const language = languageFor(knownLanguage(lang) ?? exportedLanguage(host.environment), host.environment);
  const options = { form: invocation.help ?? "full", width: host.streams.stdout.columns ?? 80 } as const;
  const family =
    invocation.family === undefined ? undefined : familyHelp(invocation.family, language, options);
  return family ?? helpText(invocation.command, language, options);
}

/** Anything unexpected is our mistake: its message is shown, never the object (it may hold secrets). */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return runFailure("unexpected", { reason: messageOf(error) });
}
