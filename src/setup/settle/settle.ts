import { type Answers, answerOf } from "../answers/answers.ts";
import { missingFailure } from "../answers/missing.ts";
import { type Password, readPassword } from "../answers/password.ts";
import { requireEligible } from "../survey/cluster.ts";
import { distinctImpalads } from "../survey/distinct.ts";
import { haproxyVersionFor } from "../survey/haproxy.ts";
import { commonHealthzPort } from "../survey/healthz.ts";
import type { Interviewer } from "../survey/interviewer.ts";
import { surveySecurity } from "../survey/security.ts";
import type { Survey } from "../survey/survey.ts";
import { surveyHost } from "../survey/survey-host.ts";
import type { Login } from "../world/login.ts";
import type { World } from "../world/world.ts";
import { askAll } from "./ask.ts";
import { decide } from "./decide.ts";
import { concludedAnew, withDefaults } from "./defaults.ts";
import { clusterOf } from "./login.ts";
import { missingSettings } from "./missing.ts";
import type { Settled } from "./settled.ts";

/** The decisions of a run. Close it when done: it may hold a login. */
export type OpenSettled = Settled & { close(): void };

/**
 * Decides everything: what can be found out is, what has a default gets it, the rest is asked for. Without an
 * interviewer every missing setting is listed at once. Reads only.
 * @throws Failure `settings`, code `missing-settings`; whatever reading Cloudera Manager may end with
 */
export async function settle(given: Answers, world: World, interviewer?: Interviewer): Promise<OpenSettled> {
  const survey = await surveyHost(given, world);
  let answers = withDefaults(given, survey);
  const password = await readPassword(answers, world);
  for (const warning of password?.warnings ?? []) world.warn(warning);

  if (interviewer === undefined) {
    const missing = missingSettings(answers, survey, password !== undefined);
    if (missing.length > 0) throw missingFailure(missing);
  } else {
    answers = await askAll("login", answers, survey, { interviewer, world });
  }
  if (answerOf(answers, "cmUrl") === undefined) {
    return { ...(await wishes(answers, survey, undefined, { world, interviewer })), close: () => undefined };
  }
  return withCluster(answers, survey, { password, world, interviewer });
}

interface Means {
  readonly password: Password | undefined;
  readonly world: World;
  readonly interviewer: Interviewer | undefined;
}

async function withCluster(known: Answers, host: Survey, means: Means): Promise<OpenSettled> {
  const { login, discovery, answers } = await clusterOf(known, means);
  const close = (): void => login.close();
  try {
    const survey = { ...host, discovery };
    const concluded = concludedAnew(answers, "discovery", survey);
    if (concluded.impalads === undefined && answerOf(concluded, "balancer") !== "external") {
      requireEligible(discovery);
    }
    return { ...(await wishes(concluded, survey, login, means)), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Asks for what is wished of Hue and the balancer, once all that can be found out has been. */
async function wishes(
  known: Answers,
  survey: Survey,
  login: Login | undefined,
  { world, interviewer }: Pick<Means, "world" | "interviewer">,
): Promise<Settled> {
  const secured = { ...survey, ...(await surveySecurity(known, survey, login, world)) };
  const concluded = concludedAnew(known, "security", secured);
  const asked =
    interviewer === undefined
      ? concluded
      : await askAll("wishes", concluded, secured, { interviewer, world });
  const answers = await distinctImpalads(asked, world);
  const found = {
    ...(await commonHealthzPort(answers, secured, world.network)),
    ...(await haproxyVersionFor(answers, world)),
  };
  return decide(answers, { ...secured, ...found }, login);
}
