import type { ListenerSpec } from "../../balancer/spec/spec.ts";
import type { Finding, FindingStatus } from "../../domain/finding.ts";
import { CONTROL_SOCKET } from "../../domain/well-known.ts";
import { visibleLines } from "../../domain/words/visible.ts";
import { MISSING, settingsFailure } from "../../messages/failures/setup/settings.ts";
import { PROGRESS } from "../../messages/progress.ts";
import { type Answers, answerOf } from "../../setup/answers/answers.ts";
import { examineBalancer } from "../../setup/doctor/balancer.ts";
import { examineCluster } from "../../setup/doctor/cluster.ts";
import { type Diagnosis, examineHueIni } from "../../setup/doctor/hue-ini.ts";
import { hueEndpoint } from "../../setup/doctor/settings.ts";
import { withDefaults } from "../../setup/settle/defaults.ts";
import { loggedIn } from "../../setup/survey/cluster.ts";
import { surveyHost } from "../../setup/survey/survey-host.ts";
import type { Context } from "../context.ts";
import type { CommandModule } from "../result.ts";

/** `doctor`: the whole way from what Hue reads to an answer of an Impalad, read-only; exit 1 if there is a problem. */
export const doctor: CommandModule = {
  empty: () => ({ findings: [] }),
  async run(context) {
    const survey = await surveyHost(context.given, context.world);
    const answers = withDefaults(context.given, survey);
    const diagnosis = await examineHue(context, answers, survey.spec?.listeners[0]);
    const endpoint = diagnosis.effect && hueEndpoint(diagnosis.effect);
    context.world.progress(PROGRESS.calling);
    const socket = survey.spec?.admin?.socket ?? CONTROL_SOCKET;
    const findings = [
      ...diagnosis.findings,
      ...(endpoint === undefined ? [] : await examineBalancer(endpoint, socket, context.world)),
    ];
    const problems = findings.filter(({ status }) => status === "problem").length;
    return {
      document: { findings: findings.map(inJson) },
      text: findings.map((finding) => line(finding, context)).join(""),
      exitCode: problems > 0 ? 1 : 0,
    };
  },
};

async function examineHue(
  context: Context,
  answers: Answers,
  listener: ListenerSpec | undefined,
): Promise<Diagnosis> {
  const hueIni = answerOf(answers, "hueIni");
  if (answerOf(answers, "target") !== "cloudera-manager") {
    if (hueIni === undefined) {
      throw settingsFailure("missing-settings", { what: MISSING.hueIni, hint: MISSING.hueIniHint });
    }
    return examineHueIni(hueIni, context.world, listener);
  }
  const client = await loggedIn(context.given, context.world);
  try {
    context.world.progress(PROGRESS.cluster);
    return await examineCluster(client, context.given, listener);
  } finally {
    client.close();
  }
}

/** Columns of the marks and the gap behind them. */
const MARGIN = 9;

/** JSON documents are English. */
function inJson({ check, status, message, remedy }: Finding): unknown {
  return { check, status, message, ...(remedy === undefined ? {} : { remedy }) };
}

const MARKS = {
  ok: { en: "ok     ", ja: "正常  " },
  warning: { en: "warning", ja: "警告  " },
  problem: { en: "problem", ja: "問題  " },
  skipped: { en: "skipped", ja: "未検査" },
} as const satisfies Record<FindingStatus, unknown>;

function line(finding: Finding, { outColours: colours, language }: Context): string {
  const paint = { ok: colours.green, warning: colours.yellow, problem: colours.red, skipped: colours.dim };
  const mark = paint[finding.status](MARKS[finding.status][language]);
  const { text, remedyText } = finding;
  const remedy =
    remedyText === undefined ? "" : `         -> ${visibleLines(remedyText[language], MARGIN)}\n`;
  return `${mark}  ${visibleLines(text[language], MARGIN)}\n${remedy}`;
}
