import type { BalancerSpec } from "../../balancer/spec/spec.ts";
import { discover } from "../../cloudera/discovery/discovery.ts";
import { parseEndpoint } from "../../domain/endpoint.ts";
import { type Answers, answerOf, withAnswer } from "../answers/answers.ts";
import { settingOf } from "../answers/defaults.ts";
import { ownBalancer } from "../settle/decide.ts";
import { withDefaults } from "../settle/defaults.ts";
import { choiceOf, loggedIn, requireEligible } from "../survey/cluster.ts";
import { distinctImpalads } from "../survey/distinct.ts";
import { surveyHost } from "../survey/survey-host.ts";
import type { World } from "../world/world.ts";
import { desiredSpec } from "./balancer.ts";

/**
 * The specification for HAProxy's configuration without a set-up: named Impalads, a specification file, or Cloudera
 * Manager's.
 */
export async function adHocSpec(given: Answers, world: World): Promise<BalancerSpec> {
  let survey = await surveyHost(given, world);
  let answers = withAnswer(given, "balancer", "haproxy", { kind: "flag", detail: "the command" });
  if (answerOf(answers, "impalads") === undefined && answerOf(answers, "cmUrl") !== undefined) {
    const client = await loggedIn(answers, world);
    try {
      const discovery = await discover(client, choiceOf(answers), { hue: false });
      requireEligible(discovery);
      survey = { ...survey, discovery };
    } finally {
      client.close();
    }
  }
  const members = survey.spec?.listeners[0]?.backends;
  if (
    answerOf(answers, "impalads") === undefined &&
    survey.discovery === undefined &&
    members !== undefined
  ) {
    const value = members.map(({ address }) => parseEndpoint(address));
    answers = withAnswer(answers, "impalads", value, { kind: "discovered", detail: "specification" });
  }
  const complete = await distinctImpalads(withDefaults(answers, survey), world);
  return desiredSpec({
    kind: "haproxy",
    ...ownBalancer(complete, survey),
    configPath: settingOf(complete, "haproxyConfig"),
  });
}
