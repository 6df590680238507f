import type { Answers, Origin } from "../../setup/answers/answers.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "../../setup/answers/options.ts";
import { writeValue } from "../../setup/answers/read-value.ts";
import { withDefaults } from "../../setup/settle/defaults.ts";
import { surveyHost } from "../../setup/survey/survey-host.ts";
import { table } from "../render/table.ts";
import type { CommandModule } from "../result.ts";

const ORIGINS = {
  prompt: "answered",
  flag: "flag",
  environment: "environment",
  "answers-file": "answers file",
  discovered: "discovered",
  default: "default",
} as const;

/** `config show`: every setting that has a value, and where it came from. Asks neither people nor Cloudera Manager. */
export const configShow: CommandModule = {
  async run(context) {
    const answers = withDefaults(context.given, await surveyHost(context.given, context.world));
    const settings = OPTION_KEYS.flatMap((key) => shown(key, answers));
    return {
      document: { settings },
      text: table(
        ["SETTING", "VALUE", "ORIGIN"],
        settings.map(({ flag, value, origin }) => [flag, value, describeOrigin(origin)]),
      ),
    };
  },
};

function shown<K extends OptionKey>(
  key: K,
  answers: Answers,
): { flag: string; value: string; origin: Origin }[] {
  const answer = answers[key];
  if (answer === undefined) return [];
  const value = writeValue(key, answer.value as Parameters<typeof writeValue<K>>[1]).join(",");
  return [{ flag: OPTIONS[key].flag, value, origin: answer.origin }];
}

function describeOrigin({ kind, detail }: Origin): string {
  return detail === "" ? ORIGINS[kind] : `${ORIGINS[kind]} (${detail})`;
}
