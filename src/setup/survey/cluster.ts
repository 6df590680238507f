import type { CmConnection } from "../../cloudera/client/client.ts";
import { ChoiceNeeded } from "../../cloudera/discovery/choose.ts";
import { type Discovery, discover } from "../../cloudera/discovery/discovery.ts";
import type { Secret } from "../../domain/secret.ts";
import { sameText } from "../../domain/text.ts";
import { settingsFailure } from "../../messages/failures/setup/settings.ts";
import { PROGRESS } from "../../messages/progress.ts";
import { type Answers, answerOf, isSet, withAnswer } from "../answers/answers.ts";
import { settingOf } from "../answers/defaults.ts";
import { missingFailure, missingForLogin } from "../answers/missing.ts";
import { OPTIONS } from "../answers/options.ts";
import { readPassword } from "../answers/password.ts";
import { questionsAt } from "../answers/questions.ts";
import type { Login } from "../world/login.ts";
import type { World } from "../world/world.ts";
import type { Interviewer } from "./interviewer.ts";

/** The connection that the answers describe. */
export function connectionOf(answers: Answers, password: Secret): CmConnection {
  const caFile = answerOf(answers, "cmCaFile");
  return {
    url: answerOf(answers, "cmUrl") ?? "",
    user: answerOf(answers, "cmUser") ?? "",
    password,
    ...(caFile === undefined ? {} : { caFile }),
    ...(isSet(answers, "cmInsecure") ? { insecure: true } : {}),
  };
}

/** Logs in to Cloudera Manager. */
export async function connect(answers: Answers, password: Secret, world: World): Promise<Login> {
  world.progress(PROGRESS.login);
  const agentConfig = answerOf(answers, "agentConfig");
  const timeout = answerOf(answers, "cmTimeout");
  const connection = connectionOf(answers, password);
  const options = {
    ...(agentConfig === undefined ? {} : { agentConfig }),
    ...(timeout === undefined ? {} : { timeout }),
  };
  return world.login(connection, { ...options, signal: world.signal });
}

/**
 * For commands that ask nothing: logs in with what is given, or what the agent of this host knows.
 * @throws Failure `settings`, code `missing-settings`
 */
export async function loggedIn(given: Answers, world: World): Promise<Login> {
  const agentFile = settingOf(given, "agentConfig");
  const agent = answerOf(given, "cmUrl") === undefined ? await world.agentConfig(agentFile) : undefined;
  const answers =
    agent === undefined
      ? given
      : withAnswer(given, "cmUrl", agent.serverHost, { kind: "discovered", detail: agentFile });
  const password = await readPassword(answers, world);
  const missing = missingForLogin(answers, password !== undefined);
  if (missing.length > 0 || password === undefined) throw missingFailure(missing);
  for (const warning of password.warnings) world.warn(warning);
  return connect(answers, password.secret, world);
}

/**
 * Logs in and discovers the cluster. Where Cloudera Manager has several clusters or services, the interviewer is asked,
 * or the failure lists them.
 */
export async function discoverCluster(
  given: Answers,
  password: Secret,
  world: World,
  interviewer: Interviewer | undefined,
): Promise<{ answers: Answers; discovery: Discovery; login: Login }> {
  const login = await connect(given, password, world);
  let answers = given;
  try {
    for (;;) {
      try {
        world.progress(PROGRESS.cluster);
        // Which Hue service there is matters only where its safety valve is to be changed.
        const hue = answerOf(answers, "target") === "cloudera-manager";
        const discovery = await discover(login, choiceOf(answers), { hue });
        return { answers, discovery, login };
      } catch (error) {
        if (!(error instanceof ChoiceNeeded) || interviewer === undefined) throw error;
        const key =
          questionsAt("cluster").find((option) => OPTIONS[option].flag === error.option) ?? "cluster";
        const chosen = await interviewer.ask(key, undefined, error.choices, error.labels);
        if (chosen === undefined) throw error;
        answers = withAnswer(answers, key, chosen, { kind: "prompt", detail: "" });
      }
    }
  } catch (error) {
    login.close();
    throw error;
  }
}

/** @throws Failure `settings`: for commands that cannot go on without an eligible Impalad */
export function requireEligible(discovery: Discovery): void {
  if (discovery.impalads.some((impalad) => impalad.eligible)) return;
  const impalads = discovery.impalads.map(({ host, reasonText }) => ({
    host,
    reason: reasonText ?? sameText(""),
  }));
  const service = { name: discovery.impalaService, cluster: discovery.cluster };
  throw settingsFailure("no-eligible-impalad", { service, impalads });
}

/** What the answers say where Cloudera Manager has several. */
export function choiceOf(answers: Answers): {
  cluster?: string;
  hueService?: string;
  impalaService?: string;
} {
  const cluster = answerOf(answers, "cluster");
  const hueService = answerOf(answers, "hueService");
  const impalaService = answerOf(answers, "impalaService");
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...(hueService === undefined ? {} : { hueService }),
    ...(impalaService === undefined ? {} : { impalaService }),
  };
}
