import { Failure } from "../../domain/failure.ts";
import { type Answers, answerOf, isGiven, withAnswer } from "../answers/answers.ts";
import type { OptionKey } from "../answers/options.ts";
import { type Password, readPassword } from "../answers/password.ts";
import { matters, questionsAt } from "../answers/questions.ts";
import { earlierBalancer, listenObstacle } from "../current/listening.ts";
import { discoverCluster, type Login, requireEligible } from "../survey/cluster.ts";
import { commonHealthzPort } from "../survey/healthz.ts";
import { lookAround } from "../survey/look-around.ts";
import type { Surroundings } from "../survey/surroundings.ts";
import type { Outside } from "../world/outside.ts";
import { withDefaults } from "./defaults.ts";
import type { Interviewer } from "./interviewer.ts";
import { missingFailure, missingSettings } from "./missing.ts";

/** Everything that the desired state is made from. Close `client` when done. */
export interface Settled {
  readonly answers: Answers;
  readonly around: Surroundings;
  readonly client?: Login;
}

/**
 * Completes the answers: what can be found out is, what has a default gets it, the rest is asked for. Without an
 * interviewer every missing setting is listed at once. Reads only.
 * @throws Failure `settings`, code `missing-settings`; whatever reading Cloudera Manager may end with
 */
export async function settle(given: Answers, outside: Outside, interviewer?: Interviewer): Promise<Settled> {
  let around = await lookAround(given, outside);
  let answers = withDefaults(given, around);
  let password = await readPassword(answers, outside.environment, () => outside.standardInput());
  for (const warning of password?.warnings ?? []) outside.warn(warning);

  if (interviewer === undefined) {
    const missing = missingSettings(answers, around, password !== undefined);
    if (missing.length > 0) throw missingFailure(missing);
  } else {
    for (const key of questionsAt("login")) answers = await question(key, answers, around, interviewer);
  }

  let client: Login | undefined;
  if (answerOf(answers, "cmUrl") !== undefined) {
    ({ answers, around, client, password } = await askCloudera(
      answers,
      around,
      password,
      outside,
      interviewer,
    ));
  }
  try {
    answers = withDefaults(answers, around);
    const { discovery } = around;
    if (
      discovery !== undefined &&
      answers.impalads === undefined &&
      answerOf(answers, "balancer") !== "external"
    ) {
      requireEligible(discovery);
    }
    if (interviewer !== undefined) {
      for (const key of questionsAt("wishes")) answers = await question(key, answers, around, interviewer);
    }
    around = { ...around, ...(await commonHealthzPort(answers, around)) };
    return { answers, around, ...(client === undefined ? {} : { client }) };
  } catch (error) {
    client?.close();
    throw error;
  }
}

/** Asks for one setting unless somebody gave it or it does not matter; the defaults that follow from it are added. */
async function question(
  key: OptionKey,
  answers: Answers,
  around: Surroundings,
  interviewer: Interviewer,
): Promise<Answers> {
  if (isGiven(answers, key) || !matters(key, answers)) return answers;
  const origin = { kind: "prompt", detail: "" } as const;
  const { [key]: _suggested, ...others } = answers;
  const suggestion = answerOf(withDefaults(others, around), key);
  if (key === "impalads" && around.discovery !== undefined) {
    const chosen = await interviewer.chooseImpalads(around.discovery.impalads);
    return withDefaults(withAnswer(answers, "impalads", chosen, origin), around);
  }
  const choices = key === "hueIni" && around.hueInis.differ ? around.hueInis.paths : undefined;
  const value = await interviewer.ask(key, suggestion, choices);
  if (value === undefined) return answers;
  const known = withAnswer(others, key, value, origin);
  const obstacle = key === "listen" ? await unusableListen(known, around) : undefined;
  if (obstacle === undefined) return withDefaults(known, around);
  interviewer.problem(obstacle);
  return question(key, answers, around, interviewer);
}

/** Said at once, not after all the other questions. A unit that runs already is for the plan to look at. */
async function unusableListen(answers: Answers, around: Surroundings): Promise<Failure | undefined> {
  const endpoint = answerOf(answers, "listen");
  const earlier = earlierBalancer(around.spec);
  if (endpoint === undefined || earlier?.ports.includes(endpoint.port) === true) return undefined;
  return listenObstacle([{ flag: "--listen", endpoint }], undefined, false);
}

interface Asked {
  readonly answers: Answers;
  readonly around: Surroundings;
  readonly client: Login;
  readonly password: Password | undefined;
}

/** Logs in and discovers. With a person at the terminal a wrong address or password is asked for again. */
async function askCloudera(
  given: Answers,
  around: Surroundings,
  known: Password | undefined,
  outside: Outside,
  interviewer: Interviewer | undefined,
): Promise<Asked> {
  let answers = given;
  let password = known;
  for (;;) {
    if (password === undefined) {
      if (interviewer === undefined)
        throw missingFailure([{ key: "cmPassword", why: "to log in to Cloudera Manager" }]);
      password = { secret: await interviewer.password(answerOf(answers, "cmUser") ?? ""), warnings: [] };
    }
    try {
      const found = await discoverCluster(answers, password.secret, outside, interviewer);
      return { ...found, around: { ...around, discovery: found.discovery }, password };
    } catch (error) {
      if (interviewer === undefined || !(error instanceof Failure) || !canAskAgain(error, answers, known))
        throw error;
      interviewer.problem(error);
      password = known;
      if (error.kind === "auth") answers = await askAgain("cmUser", answers, interviewer);
      else answers = await askAgain("cmUrl", answers, interviewer);
    }
  }
}

function canAskAgain(error: Failure, answers: Answers, password: Password | undefined): boolean {
  if (error.kind === "auth") return password === undefined;
  return error.kind === "unreachable" && answers.cmUrl?.origin.kind !== "flag";
}

async function askAgain(
  key: "cmUser" | "cmUrl",
  answers: Answers,
  interviewer: Interviewer,
): Promise<Answers> {
  const value = await interviewer.ask(key, answerOf(answers, key));
  return value === undefined ? answers : withAnswer(answers, key, value, { kind: "prompt", detail: "" });
}
