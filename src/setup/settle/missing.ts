import { type Answers, answerOf } from "../answers/answers.ts";
import { type Missing, missingForLogin } from "../answers/missing.ts";
import type { OptionKey } from "../answers/options.ts";
import type { Survey } from "../survey/survey.ts";

/** What must be known before Cloudera Manager can be asked or a plan be made. Pure; expects defaults to be filled in. */
export function missingSettings(answers: Answers, survey: Survey, hasPassword: boolean): Missing[] {
  const missing: Missing[] = [];
  const need = (key: OptionKey, why: string) => {
    if (answerOf(answers, key) === undefined) missing.push({ key, why });
  };
  const target = answerOf(answers, "target");
  if (target === "hue-ini") need("hueIni", whyNoHueIni(survey));
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

function whyNoHueIni(survey: Survey): string {
  if (survey.hueInis.differ) {
    const [read] = survey.hueInis.paths;
    return `${survey.hueInis.paths.join(" and ")} both exist and differ; Hue's packages read ${read}`;
  }
  return "no hue.ini was found in /etc/hue or /etc/hue/conf";
}
