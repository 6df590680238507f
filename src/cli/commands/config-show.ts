import type { Language, Text } from "../../domain/text.ts";
import type { Answers, Origin, OriginKind } from "../../setup/answers/answers.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "../../setup/answers/options.ts";
import { writeValue } from "../../setup/answers/read-value.ts";
import { withDefaults } from "../../setup/settle/defaults.ts";
import { surveyHost } from "../../setup/survey/survey-host.ts";
import { table } from "../render/table.ts";
import type { CommandModule } from "../result.ts";

const ORIGINS = {
  prompt: { en: "answered", ja: "回答" },
  flag: { en: "flag", ja: "オプション" },
  environment: { en: "environment", ja: "環境変数" },
  "answers-file": { en: "answers file", ja: "回答ファイル" },
  discovered: { en: "discovered", ja: "検出" },
  default: { en: "default", ja: "既定値" },
} as const satisfies Record<OriginKind, Text>;

const HEAD = {
  en: ["SETTING", "VALUE", "ORIGIN"],
  ja: ["設定", "値", "出所"],
} as const;

/** `config show`: every setting that has a value, and where it came from. Asks neither people nor Cloudera Manager. */
export const configShow: CommandModule = {
  async run(context) {
    const answers = withDefaults(context.given, await surveyHost(context.given, context.world));
    const settings = OPTION_KEYS.flatMap((key) => shown(key, answers));
    return {
      document: { settings: settings.map(inJson) },
      text: table(
        HEAD[context.language],
        settings.map(({ flag, value, origin }) => [flag, value, describeOrigin(origin, context.language)]),
      ),
    };
  },
};

interface Shown {
  readonly flag: string;
  readonly value: string;
  readonly origin: Origin;
}

function inJson({ flag, value, origin: { kind, detail } }: Shown): Shown {
  return { flag, value, origin: { kind, detail } };
}

function shown<K extends OptionKey>(key: K, answers: Answers): Shown[] {
  const answer = answers[key];
  if (answer === undefined) return [];
  const value = writeValue(key, answer.value as Parameters<typeof writeValue<K>>[1]).join(",");
  return [{ flag: OPTIONS[key].flag, value, origin: answer.origin }];
}

function describeOrigin({ kind, detail, text }: Origin, language: Language): string {
  const said = ORIGINS[kind][language];
  return detail === "" ? said : `${said} (${text?.[language] ?? detail})`;
}
