import {
  type DiscoveredImpalad,
  discover as discoverImpalas,
  inEnglish,
} from "../../cloudera/discovery/discovery.ts";
import { PROGRESS } from "../../messages/progress.ts";
import { choiceOf, loggedIn } from "../../setup/survey/cluster.ts";
import type { Context } from "../context.ts";
import { table } from "../render/table.ts";
import type { CommandModule } from "../result.ts";

const WORDS = {
  head: {
    en: ["IMPALAD", "PORT", "ELIGIBLE", "HEALTH", "GROUP", "WHY NOT"],
    ja: ["IMPALAD", "ポート", "使用可", "ヘルス", "グループ", "理由"],
  },
  yes: { en: "yes", ja: "はい" },
  no: { en: "no", ja: "いいえ" },
} as const;

/** `discover`: the Impalads with eligibility and reason. */
export const discover: CommandModule = {
  empty: () => ({ impalads: [] }),
  async run(context) {
    const client = await loggedIn(context.given, context.world);
    try {
      context.world.progress(PROGRESS.cluster);
      const { impalads, warnings } = await discoverImpalas(client, choiceOf(context.given), { hue: false });
      for (const warning of warnings) context.world.warn(warning);
      return { document: { impalads: impalads.map(inEnglish) }, text: impaladTable(impalads, context) };
    } finally {
      client.close();
    }
  },
};

function impaladTable(impalads: readonly DiscoveredImpalad[], { language }: Context): string {
  const rows = impalads.map((impalad) => [
    impalad.host,
    String(impalad.port),
    (impalad.eligible ? WORDS.yes : WORDS.no)[language],
    impalad.health,
    impalad.roleConfigGroup,
    impalad.reasonText?.[language] ?? "",
  ]);
  return table(WORDS.head[language], rows);
}
