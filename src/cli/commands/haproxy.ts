import type { Text } from "../../domain/text.ts";
import { visible } from "../../domain/words/visible.ts";
import { checkHaproxy } from "../../engines/haproxy/check.ts";
import { renderHaproxy } from "../../engines/haproxy/haproxy.ts";
import { commandFailure } from "../../messages/failures/cli/commands.ts";
import { settingsFailure } from "../../messages/failures/setup/settings.ts";
import { answerOf } from "../../setup/answers/answers.ts";
import { settingOf } from "../../setup/answers/defaults.ts";
import { adHocSpec } from "../../setup/desired/ad-hoc-spec.ts";
import { documentFor } from "../render/document.ts";
import type { CommandModule } from "../result.ts";

/** `haproxy print`: the configuration for a specification file, for named Impalads or for the discovered ones. */
export const haproxyPrint: CommandModule = {
  async run(context) {
    const spec = await adHocSpec(context.given, context.world);
    const version = answerOf(context.given, "haproxyVersion");
    const configuration = renderHaproxy(spec, version === undefined ? {} : { version });
    return { document: { configuration }, text: documentFor(context.streams.stdout, configuration) };
  },
};

/** `haproxy check`: the written configuration, judged by the installed HAProxy. */
export const haproxyCheck: CommandModule = {
  async run(context) {
    const path = settingOf(context.given, "haproxyConfig");
    if ((await context.world.readFile(path)) === null) {
      throw commandFailure("haproxy-config-missing", { path });
    }
    const { ok, output, version } = await checkHaproxy(path);
    const document = { file: path, ok, version: version ?? null, output };
    if (ok) return { document, text: valid(visible(path), version ?? "")[context.language] };
    return {
      document,
      text: "",
      failure: settingsFailure("haproxy-refuses", { path, output: output.trim() }),
    };
  },
};

function valid(path: string, version: string): Text {
  return {
    en: `${path}: valid for HAProxy ${version}\n`,
    ja: `${path}: 有効です (HAProxy ${version})\n`,
  };
}
