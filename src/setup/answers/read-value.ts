import { parseCidr } from "../../domain/cidr.ts";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../domain/endpoint.ts";
import { Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { hostFault } from "../../domain/words/host-faults.ts";
import { nearest } from "../../domain/words/nearest.ts";
import { answersFailure, BAD_VALUE, VALUE_HINT } from "../../messages/failures/setup/answers.ts";
import type { OptionValue } from "./answers.ts";
import { choicesOf, type OptionRow, type OptionType } from "./option.ts";
import { OPTIONS, type OptionKey } from "./options.ts";

const TRUE = new Set(["1", "true", "yes", "on"]);
const FALSE = new Set(["0", "false", "no", "off", ""]);

/**
 * Reads the text of an option, whatever its source. Repeatable options take several texts, each may hold several values
 * separated by commas.
 * @param name how the source calls the option (flag, variable or answers path), for the message
 * @throws Failure `settings`, code `bad-value`
 */
export function readValue<K extends OptionKey>(
  key: K,
  texts: readonly string[],
  name: string,
): OptionValue<K> {
  return read(OPTIONS[key], texts, name) as OptionValue<K>;
}

/** The inverse of {@link readValue}: the texts that give the value back, one per flag occurrence. */
export function writeValue<K extends OptionKey>(_key: K, value: OptionValue<K>): string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => (isEndpoint(item) ? formatEndpoint(item) : String(item)));
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === "object" && value !== null && "host" in value && "port" in value;
}

function read(row: OptionRow, texts: readonly string[], name: string): unknown {
  if (row.repeatable === true) return list(name, texts).map((item) => readOne(row.type, item, name));
  return readOne(row.type, texts.at(-1)?.trim() ?? "", name);
}

function readOne(type: OptionType, text: string, name: string): unknown {
  switch (type.kind) {
    case "flag":
      if (TRUE.has(text.toLowerCase())) return true;
      if (FALSE.has(text.toLowerCase())) return false;
      throw bad(name, text, BAD_VALUE.neitherYesNorNo, VALUE_HINT.yesOrNo);
    case "text":
    case "path":
      if (text === "") throw bad(name, text, BAD_VALUE.empty);
      return text;
    case "host":
      return host(name, text);
    case "port":
      return wholeNumber(name, text, 1, 65535, BAD_VALUE.noPort);
    case "seconds":
      return wholeNumber(name, text, 1, 2_147_483, BAD_VALUE.noSeconds);
    case "choice":
      return oneOf(name, text, choicesOf(type));
    case "endpoint":
      return named(name, () => parseEndpoint(text, type.defaultPort));
    case "network":
      named(name, () => parseCidr(text));
      return text;
  }
}

/** @throws Failure with what to write instead */
function host(name: string, text: string): string {
  const fault = hostFault(text);
  if (fault !== undefined) throw bad(name, text, BAD_VALUE.noHost(fault.why), fault.remedy);
  return text;
}

function list(name: string, texts: readonly string[]): string[] {
  const items = texts
    .flatMap((text) => text.split(","))
    .map((item) => item.trim())
    .filter((item) => item !== "");
  if (items.length === 0) throw bad(name, texts.join(","), BAD_VALUE.empty);
  return items;
}

function wholeNumber(
  name: string,
  text: string,
  least: number,
  most: number,
  what: (least: number, most: number) => Text,
): number {
  const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw bad(name, text, what(least, most));
  return value;
}

function oneOf(name: string, text: string, choices: readonly string[]): string {
  if (choices.includes(text)) return text;
  const meant = nearest(text, choices);
  throw bad(name, text, BAD_VALUE.noneOf(choices), meant === undefined ? undefined : VALUE_HINT.meant(meant));
}

function named<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw answersFailure("bad-value", { reason: BAD_VALUE.of(name, error.text), hint: error.hintText });
  }
}

function bad(name: string, text: string, why: Text, hint?: Text): Failure {
  return answersFailure("bad-value", { reason: BAD_VALUE.of(name, BAD_VALUE.quoted(text, why)), hint });
}
