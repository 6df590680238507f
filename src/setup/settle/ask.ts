import type { Failure } from "../../domain/failure.ts";
import { type AnySetting, HUE_SETTINGS } from "../../hue/settings.ts";
import { type Answers, answerOf, isGiven, withAnswer } from "../answers/answers.ts";
import type { Stage } from "../answers/options/question.ts";
import type { OptionKey } from "../answers/options.ts";
import { matters, questionsAt } from "../answers/questions.ts";
import type { Interviewer } from "../survey/interviewer.ts";
import { earlierBalancer, listenObstacle } from "../survey/listening.ts";
import type { Survey } from "../survey/survey.ts";
import type { World } from "../world/world.ts";
import { concludedAnew } from "./defaults.ts";

const ASKED = { kind: "prompt", detail: "" } as const;
const BY_DEFAULT = { kind: "default", detail: "" } as const;

/** Who is asked, and where what they say can be tried. */
interface Means {
  readonly interviewer: Interviewer;
  readonly world: Pick<World, "network">;
}

/** Asks the questions of a stage, in the option table's order: for what nobody gave and what matters. */
export async function askAll(stage: Stage, given: Answers, survey: Survey, means: Means): Promise<Answers> {
  let answers = given;
  for (const key of questionsAt(stage)) {
    if (!isGiven(answers, key) && matters(key, answers)) {
      answers = await ask(key, answers, survey, means);
    }
  }
  return answers;
}

/** Asks for one setting; what was concluded before is suggested, and what depends on the answer is concluded anew. */
async function ask(key: OptionKey, answers: Answers, survey: Survey, means: Means): Promise<Answers> {
  const { interviewer, world } = means;
  if (key === "impalads" && survey.discovery !== undefined) {
    const chosen = await interviewer.chooseImpalads(survey.discovery.impalads);
    return concludedAnew(withAnswer(answers, key, chosen, ASKED), key, survey);
  }
  const choices = key === "hueIni" && survey.hueInis.differ ? survey.hueInis.paths : undefined;
  const value = await interviewer.ask(key, answerOf(answers, key), choices);
  if (value === undefined) return answers;
  const known = withAnswer(answers, key, value, isAccepted(key, value, answers) ? BY_DEFAULT : ASKED);
  const obstacle = key === "listen" ? await unusableListen(known, survey, world.network) : undefined;
  if (obstacle === undefined) return concludedAnew(known, key, survey);
  interviewer.problem(obstacle);
  return ask(key, answers, survey, means);
}

/** A default that a person has only confirmed: what stands in Hue and is as good stays all the same. */
function isAccepted(key: OptionKey, value: unknown, answers: Answers): boolean {
  const row: AnySetting | undefined = (HUE_SETTINGS as Readonly<Record<string, AnySetting>>)[key];
  return (
    row?.atLeast !== undefined && answers[key]?.origin.kind === "default" && answerOf(answers, key) === value
  );
}

/** Said at once, not after all the other questions. A unit that runs already is for the plan to look at. */
async function unusableListen(
  answers: Answers,
  survey: Survey,
  network: World["network"],
): Promise<Failure | undefined> {
  const endpoint = answerOf(answers, "listen");
  const earlier = earlierBalancer(survey.spec);
  if (endpoint === undefined || earlier?.ports.includes(endpoint.port) === true) return undefined;
  return listenObstacle([{ flag: "--listen", endpoint }], undefined, false, network);
}
