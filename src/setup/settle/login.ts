import type { Discovery } from "../../cloudera/discovery/discovery.ts";
import { Failure } from "../../domain/failure.ts";
import { WHY } from "../../messages/failures/setup/settle.ts";
import { type Answers, answerOf, withAnswer } from "../answers/answers.ts";
import { missingFailure } from "../answers/missing.ts";
import type { Password } from "../answers/password.ts";
import { discoverCluster } from "../survey/cluster.ts";
import type { Interviewer } from "../survey/interviewer.ts";
import type { Login } from "../world/login.ts";
import type { World } from "../world/world.ts";

interface Means {
  readonly password: Password | undefined;
  readonly world: World;
  readonly interviewer: Interviewer | undefined;
}

/** Logs in and discovers. With a person at the terminal a wrong address or password is asked for again. */
export async function clusterOf(
  given: Answers,
  { password, world, interviewer }: Means,
): Promise<{ answers: Answers; discovery: Discovery; login: Login }> {
  let answers = given;
  for (;;) {
    const secret = password?.secret ?? (await interviewer?.password(answerOf(answers, "cmUser") ?? ""));
    if (secret === undefined) {
      throw missingFailure([{ key: "cmPassword", why: WHY.login }]);
    }
    try {
      return await discoverCluster(answers, secret, world, interviewer);
    } catch (error) {
      if (interviewer === undefined || !(error instanceof Failure) || !canAskAgain(error, answers, password))
        throw error;
      interviewer.problem(error);
      answers = await askAgain(error.kind === "auth" ? "cmUser" : "cmUrl", answers, interviewer);
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
