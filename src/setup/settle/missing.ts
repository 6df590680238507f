import type { Text } from "../../domain/text.ts";
import { WHY } from "../../messages/failures/setup/settle.ts";
import { type Answers, answerOf } from "../answers/answers.ts";
import { type Missing, missingForLogin } from "../answers/missing.ts";
import type { OptionKey } from "../answers/options.ts";
import type { Survey } from "../survey/survey.ts";

/**
 * What must be known before Cloudera Manager can be asked or a plan be made. Pure; expects defaults to be filled in.
 */
export function missingSettings(answers: Answers, survey: Survey, hasPassword: boolean): Missing[] {
  const missing: Missing[] = [];
  const need = (key: OptionKey, why: Text) => {
    if (answerOf(answers, key) === undefined) missing.push({ key, why });
  };
  const target = answerOf(answers, "target");
  if (target === "hue-ini") need("hueIni", whyNoHueIni(survey));
  const external = answerOf(answers, "balancer") === "external";
  const cluster = target === "cloudera-manager" || answerOf(answers, "cmUrl") !== undefined;
  if (cluster) {
    missing.push(...missingForLogin(answers, hasPassword));
  } else if (!external) {
    need("impalads", WHY.members);
  }
  if (external) {
    need("serverHost", WHY.host);
    need("serverPort", WHY.port);
  }
  return missing;
}

function whyNoHueIni({ hueInis: { differ, paths, evidence } }: Survey): Text {
  return differ ? WHY.hueInisDiffer(paths, evidence) : WHY.noHueIni;
}
