import { parseCidr } from "../../domain/cidr.ts";
import { formatEndpoint, isHost, parseEndpoint } from "../../domain/endpoint.ts";
import { Failure } from "../../domain/failure.ts";
import { nearest } from "../../domain/nearest.ts";
import type { OptionValue } from "./answers.ts";
import type { OptionRow } from "./option.ts";
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
export function writeValue<K extends OptionKey>(key: K, value: OptionValue<K>): string[] {
  const type = OPTIONS[key].type;
  if (type.kind === "endpoints") return (value as OptionValue<"impalads">).map(formatEndpoint);
  if (type.kind === "endpoint") return [formatEndpoint(value as OptionValue<"listen">)];
  if (type.kind === "networks") return [...(value as OptionValue<"allow">)];
  return [String(value)];
}

function read(row: OptionRow, texts: readonly string[], name: string): unknown {
  const { type } = row;
  const last = texts.at(-1)?.trim() ?? "";
  switch (type.kind) {
    case "flag":
      if (TRUE.has(last.toLowerCase())) return true;
      if (FALSE.has(last.toLowerCase())) return false;
      throw bad(name, last, "is neither yes nor no", "write true or false");
    case "text":
    case "path":
      if (last === "") throw bad(name, last, "is empty");
      return last;
    case "host":
      if (!isHost(last))
        throw bad(name, last, "is not a host name or address", "a single host name, without port");
      return last;
    case "port":
      return wholeNumber(name, last, 1, 65535, "a port");
    case "seconds":
      return wholeNumber(name, last, 1, 2_147_483, "a number of seconds");
    case "choice":
      return oneOf(name, last, type.choices);
    case "endpoint":
      return named(name, () => parseEndpoint(last));
    case "endpoints":
      return list(name, texts).map((item) => named(name, () => parseEndpoint(item, type.defaultPort)));
    case "networks":
      for (const item of list(name, texts)) named(name, () => parseCidr(item));
      return list(name, texts);
  }
}

function list(name: string, texts: readonly string[]): string[] {
  const items = texts
    .flatMap((text) => text.split(","))
    .map((item) => item.trim())
    .filter((item) => item !== "");
  if (items.length === 0) throw bad(name, texts.join(","), "is empty");
  return items;
}

function wholeNumber(name: string, text: string, least: number, most: number, what: string): number {
  const value = /^[0-9]{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw bad(name, text, `is not ${what} (${least} to ${most})`);
  return value;
}

function oneOf(name: string, text: string, choices: readonly string[]): string {
  if (choices.includes(text)) return text;
  const meant = nearest(text, choices);
  throw bad(name, text, `is none of ${choices.join(", ")}`, meant && `did you mean ${meant}?`);
}

function named<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure("settings", "bad-value", `${name}: ${error.message}`, error.hint);
  }
}

function bad(name: string, text: string, why: string, hint?: string): Failure {
  return new Failure("settings", "bad-value", `${name}: "${text}" ${why}`, hint);
}
