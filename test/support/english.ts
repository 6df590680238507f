import { COMMANDS } from "../../src/cli/parse/command-table.ts";

const COMMAND_WORDS = COMMANDS.filter(({ words }) => words.length > 1).map(({ words }) => words.join(" "));

/** What stays English in Japanese text, and why. */
const NAMED: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/\bhue-impala-setup( [a-z]+)+\b/g, "a command"],
  [new RegExp(`\\b(${COMMAND_WORDS.join("|")})\\b`, "g"), "a command"],
  [/\b(systemctl|ss|chmod|setfacl|journalctl) [^;、。()]*/g, "a command"],
  [/--[a-z-]+( [a-z]+)?\b/g, "an option with its value"],
  [/\bbalance (session|source)\b/g, "a setting with its value"],
  [/\bAccess is denied\b/g, "what Cloudera Manager says"],
  [
    /\b(Invalid line \(.*?\) \(matched as neither section nor keyword\)|Duplicate section name) at line \d+/g,
    "ConfigObj",
  ],
  [/\bFlow sequence in block collection .*/g, "what the YAML parser says"],
];

/**
 * Phrases of two or more English words in a text that should be Japanese: lower-case words side by side, so that names
 * (`Cloudera Manager`) do not count. Commands and other programs' words, which stay as they are, are left out.
 */
export function englishIn(text: string): string[] {
  let rest = text;
  for (const [pattern] of NAMED) rest = rest.replaceAll(pattern, "");
  return rest.match(/[A-Za-z]?[a-z]+ [a-z]{2,}( [a-z]{2,})*/g) ?? [];
}
