import type { DiscoveredImpalad } from "../cloudera/discovery/discovery.ts";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../domain/endpoint.ts";
import { Failure } from "../domain/failure.ts";
import { Secret } from "../domain/secret.ts";
import { type Language, sameText, type Text } from "../domain/text.ts";
import { visible } from "../domain/words/visible.ts";
import { commandFailure } from "../messages/failures/cli/commands.ts";
import { settingsFailure } from "../messages/failures/setup/settings.ts";
import type { OptionValue } from "../setup/answers/answers.ts";
import { choicesOf, type OptionRow, type OptionType } from "../setup/answers/option.ts";
import { OPTIONS, type OptionKey } from "../setup/answers/options.ts";
import { questionOf } from "../setup/answers/questions.ts";
import { readValue, writeValue } from "../setup/answers/read-value.ts";
import type { Interviewer } from "../setup/survey/interviewer.ts";
import { type Prompter, prompter } from "./prompter.ts";
import { WORDS } from "./words.ts";

/** What the wizard talks through and how it says things. */
export interface WizardOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly language: Language;
  /** Takes a moving progress line away before a question is shown. */
  readonly quiet: () => void;
  /** A failure as text, for questions that are asked again. */
  readonly describe: (failure: Failure) => string;
}

/** Asks a person at a terminal for what is still missing. The questions come from the option table. */
export class Wizard implements Interviewer {
  readonly #options: WizardOptions;
  #asking: Promise<Prompter> | undefined;

  constructor(options: WizardOptions) {
    this.#options = options;
  }

  async ask<K extends OptionKey>(
    key: K,
    suggestion: OptionValue<K> | undefined,
    choices?: readonly string[],
    labels: readonly string[] = [],
  ): Promise<OptionValue<K> | undefined> {
    const row: OptionRow = OPTIONS[key];
    const message = this.#say(row.question?.prompt ?? row.help);
    const allowed = choices ?? (row.type.kind === "choice" ? choicesOf(row.type) : undefined);
    const suggested = suggestion === undefined ? undefined : writeValue(key, suggestion).join(",");
    const text =
      allowed === undefined
        ? await (await this.#prompter()).input({
            message,
            ...(suggested === undefined ? {} : { default: visible(suggested) }),
            validate: (typed: string) => this.#judge(key, typed),
          })
        : await (await this.#prompter()).select({
            message,
            choices: allowed.map((value, at) => {
              const choice = this.#choice(row.type, value);
              return { ...choice, name: visible(labels[at] ?? choice.name) };
            }),
            ...(suggested === undefined ? {} : { default: suggested }),
          });
    // What was suggested was only shown that way.
    const meant =
      allowed === undefined && suggested !== undefined && text === visible(suggested) ? suggested : text;
    return meant.trim() === "" ? undefined : readValue(key, [meant], row.flag);
  }

  async password(user: string): Promise<Secret> {
    const message = this.#say(WORDS.password).replace("USER", () => visible(user));
    // Never shown, also not by the key that would toggle it.
    const options = { message, mask: "*", toggleMask: false } as const;
    return new Secret(
      await (await this.#prompter()).password({ ...options, validate: (text: string) => text !== "" || "…" }),
    );
  }

  async chooseImpalads(impalads: readonly DiscoveredImpalad[]): Promise<readonly Endpoint[]> {
    const choices = impalads.map(({ host, port, eligible, reasonText, noteText }) => {
      const value = formatEndpoint({ host, port });
      const name = visible(value);
      if (!eligible) {
        const why = reasonText === null ? "" : this.#say(reasonText);
        return { name, value, disabled: visible(`(${why})`) };
      }
      return {
        name: noteText === undefined ? name : `${name}  (${visible(this.#say(noteText))})`,
        value,
      };
    });
    if (!impalads.some(({ eligible }) => eligible)) {
      throw settingsFailure("no-eligible-impalad", {
        impalads: impalads.map(({ host, reasonText }) => ({ host, reason: reasonText ?? sameText("") })),
      });
    }
    const chosen = await (await this.#prompter()).checkbox({
      message: this.#say(OPTIONS.impalads.question.prompt),
      choices,
      default: impalads.filter(({ eligible }) => eligible).map(formatEndpoint),
      pageSize: 15,
      validate: (items: readonly unknown[]) => items.length > 0 || this.#say(WORDS.choose),
    });
    return chosen.map((text) => parseEndpoint(text));
  }

  problem(failure: Failure): void {
    this.#options.quiet();
    this.#options.output.write(this.#options.describe(failure));
  }

  /**
   * Shows the plan and asks once.
   * @param shown the plan for people, diff included
   * @throws Failure `interrupted` if the person says no
   */
  async confirm(shown: string | Uint8Array): Promise<void> {
    this.#options.quiet();
    this.#options.output.write(`\n${this.#say(WORDS.plan)}\n\n`);
    this.#options.output.write(shown);
    this.#options.output.write("\n");
    const yes = await (await this.#prompter()).confirm({ message: this.#say(WORDS.apply), default: false });
    if (!yes) throw commandFailure("declined");
  }

  #choice(type: OptionType, value: string): { name: string; value: string } {
    const words = type.kind === "choice" ? type.choices[value] : undefined;
    return { name: words === undefined ? visible(value) : this.#say(words), value };
  }

  /** True, or why the text is no value of the option. Empty is right where nothing has to be said. */
  #judge(key: OptionKey, text: string): true | string {
    if (text.trim() === "" && questionOf(key)?.optional === true) return true;
    try {
      readValue(key, [text], OPTIONS[key].flag);
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const message = this.#say(error.text);
      return visible(error.hintText === undefined ? message : `${message}; ${this.#say(error.hintText)}`);
    }
  }

  #prompter(): Promise<Prompter> {
    const { quiet, input, output, language } = this.#options;
    quiet();
    this.#asking ??= prompter(input, output, language);
    return this.#asking;
  }

  #say(text: Text): string {
    return text[this.#options.language];
  }
}
