import { type Answers, answerOf } from "../answers/answers.ts";
import type { World } from "../world/world.ts";

/**
 * The HAProxy that will read the configuration: the one that the person names, else the installed one. Neither: the
 * configuration is made of what every supported version reads.
 */
export async function haproxyVersionFor(
  answers: Answers,
  world: Pick<World, "haproxyVersion">,
): Promise<{ haproxyVersion?: string }> {
  if (answerOf(answers, "balancer") !== "haproxy") return {};
  const version = answerOf(answers, "haproxyVersion") ?? (await world.haproxyVersion());
  return version === undefined ? {} : { haproxyVersion: version };
}
