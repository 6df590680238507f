import { Failure } from "../../domain/failure.ts";
import { type Answers, answerOf } from "../answers/answers.ts";
import { environmentName, type OptionRow } from "../answers/option.ts";
import { OPTIONS, type OptionKey } from "../answers/options.ts";
import type { Surroundings } from "../survey/surroundings.ts";

/** A setting that nothing has answered yet, and why it is needed. */
export interface Missing {
  readonly key: OptionKey | "cmPassword";
  readonly why: string;
}

/** What must be known before Cloudera Manager can be asked or a plan be made. Pure; expects defaults to be filled in. */
export function missingSettings(answers: Answers, around: Surroundings, hasPassword: boolean): Missing[] {
  const missing: Missing[] = [];
  const need = (key: OptionKey, why: string) => {
    if (answerOf(answers, key) === undefined) missing.push({ key, why });
  };
  const target = answerOf(answers, "target");
  if (target === "hue-ini") need("hueIni", whyNoHueIni(around));
  const external = answerOf(answers, "balancer") === "external";
  const cluster = target === "cloudera-manager" || answerOf(answers, "cmUrl") !== undefined;
  if (cluster) {
    missing.push(...missingForLogin(answers, hasPassword));
  } else if (!external) {
    need("impalads", "to know what to balance (or --cm-url, to discover them)");
  }
  if (external) {
    need("serverHost", "the balancer's host (--balancer external)");
    need("serverPort", "the balancer's port (--balancer external)");
  }
  return missing;
}

/** What a login to Cloudera Manager lacks. */
export function missingForLogin(answers: Answers, hasPassword: boolean): Missing[] {
  const why = "to log in to Cloudera Manager";
  return [
    ...(answerOf(answers, "cmUrl") === undefined
      ? [{ key: "cmUrl", why: "to reach Cloudera Manager" } as const]
      : []),
    ...(answerOf(answers, "cmUser") === undefined ? [{ key: "cmUser", why } as const] : []),
    ...(hasPassword ? [] : [{ key: "cmPassword", why } as const]),
  ];
}

function whyNoHueIni(around: Surroundings): string {
  if (around.hueInis.differ) {
    const [read] = around.hueInis.paths;
    return `${around.hueInis.paths.join(" and ")} both exist and differ; Hue's packages read ${read}`;
  }
  return "no hue.ini was found in /etc/hue or /etc/hue/conf";
}

/** All missing settings in one error, each with its flag, variable and answers path (exit 78). */
export function missingFailure(missing: readonly Missing[]): Failure {
  const lines = missing.map(({ key, why }) => `  ${waysToSay(key)}\n      ${why}`);
  return new Failure(
    "settings",
    "missing-settings",
    `${missing.length === 1 ? "a setting is" : `${missing.length} settings are`} missing:\n${lines.join("\n")}`,
    "give them as flags, variables or in an answers file; without --non-interactive, a terminal asks for them",
  );
}

function waysToSay(key: OptionKey | "cmPassword"): string {
  if (key === "cmPassword") {
    return "--cm-password-file FILE | --cm-password-stdin | HUE_IMPALA_SETUP_CM_PASSWORD | cloudera.passwordFile";
  }
  const row: OptionRow = OPTIONS[key];
  const flag = row.placeholder === undefined ? row.flag : `${row.flag} ${row.placeholder}`;
  return [flag, environmentName(row), ...(row.path === undefined ? [] : [row.path])].join(" | ");
}

/** A value that settle() has made sure of. */
export function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Failure("settings", "missing-settings", `--${name} is missing`);
  return value;
}
