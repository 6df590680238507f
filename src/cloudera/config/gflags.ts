import { type Properties, propertiesOf } from "./properties.ts";

/** The properties that hold flags as text: of the service for all its roles, of the Impalads' groups and roles. */
const SERVICE_FLAGS = "impala_cmd_args_safety_valve";
const IMPALAD_FLAGS = "impalad_cmd_args_safety_valve";

/** Flags of an Impala daemon by name, with the value that it takes: a boolean one `true` or `false`. */
export type Flags = ReadonlyMap<string, string>;

/** The boolean ones among those that are read here: `--x` sets one, `--nox` takes it back, no word after it counts. */
const BOOLEAN = new Set(["is_coordinator", "is_executor", "enable_ldap_auth", "enable_webserver"]);

/** What gflags reads as true and false (`FlagValue::ParseFrom`), whatever the case. */
const TRUE = /^(1|t|true|y|yes)$/i;
const FALSE = /^(0|f|false|n|no)$/i;

/** A word as a shell or a flag file delimits it; quotes hold blanks together. A quote without an end is a character. */
const WORD = /(?:[^\s"']+|"[^"]*"|'[^']*'|["'])+/g;

/**
 * Reads flags as gflags does: `-x=y`, `--x=y`, `--x y`, `--b`, `--nob`; `-` and `_` in a name are the same, the last of
 * two wins, a lone `--` ends them. Lines, quotes, `\` at the end of a line and comment lines as in CM's text fields.
 */
export function readFlags(text: string): Flags {
  const flags = new Map<string, string>();
  const words = wordsOf(text);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") break;
    const [, spelled, value] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(word) ?? [];
    if (spelled === undefined) continue;
    const name = spelled.replaceAll("-", "_");
    const negated = /^no(.+)$/.exec(name)?.[1];
    if (value !== undefined) put(flags, name, value);
    else if (BOOLEAN.has(name)) flags.set(name, "true");
    else if (negated !== undefined && BOOLEAN.has(negated)) flags.set(negated, "false");
    else {
      const next = words[at + 1];
      if (next === undefined || next.startsWith("-")) continue;
      flags.set(name, next);
      at++;
    }
  }
  return flags;
}

/** A boolean flag with a value that is none stays as it was: Impala would not start with it. */
function put(flags: Map<string, string>, name: string, value: string): void {
  if (!BOOLEAN.has(name)) flags.set(name, value);
  else if (TRUE.test(value)) flags.set(name, "true");
  else if (FALSE.test(value)) flags.set(name, "false");
}

function wordsOf(text: string): string[] {
  const joined = text.replace(/\\\r?\n/g, " ");
  const lines = joined.split(/\r\n|\r|\n/).filter((line) => !/^\s*#/.test(line));
  const words = lines.join("\n").match(WORD) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}

/**
 * The flags that an Impalad gets as text: the service's, then its group's or, where the role has some of its own, those
 * instead. Later ones win over earlier ones, and all of them over the fields.
 */
export function flagsOf(service: Properties, group: Properties, role: Properties): Flags {
  const everywhere = service.get(SERVICE_FLAGS)?.value ?? "";
  const own = role.get(IMPALAD_FLAGS)?.value ?? group.get(IMPALAD_FLAGS)?.value ?? "";
  return readFlags(`${everywhere}\n${own}`);
}

/** Flags by the names of the fields that they win over, as further overrides of a role. */
export function withFlags(role: Properties, flags: Flags): Properties {
  const renamed = [
    ["hs2_port", "hs2_port"],
    ["webserver_port", "impalad_webserver_port"],
    ["enable_webserver", "impalad_enable_webserver"],
  ] as const;
  const items = renamed.flatMap<{ name: string; value: string }>(([flag, name]) => {
    const value = flags.get(flag);
    return value === undefined ? [] : [{ name, value }];
  });
  const specialization = specializationOf(flags);
  if (specialization !== undefined) items.push({ name: "impalad_specialization", value: specialization });
  return items.length === 0 ? role : new Map([...role, ...propertiesOf(items)]);
}

/** Before Cloudera Manager 6 there is no field for it: dedicated executors exist by flags only. */
function specializationOf(flags: Flags): string | undefined {
  if (flags.get("is_coordinator") === "false") return "EXECUTOR_ONLY";
  if (flags.get("is_executor") === "false") return "COORDINATOR_ONLY";
  return flags.get("is_coordinator") === "true" ? "NO_SPECIALIZATION" : undefined;
}
