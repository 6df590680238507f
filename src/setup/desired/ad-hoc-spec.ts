import type { BalancerSpec } from "../../balancer/spec/spec.ts";
import { discover } from "../../cloudera/discovery/discovery.ts";
import { parseEndpoint } from "../../domain/endpoint.ts";
import { type Answers, answerOf, withAnswer } from "../answers/answers.ts";
import { withDefaults } from "../settle/defaults.ts";
import { choiceOf, loggedIn, requireEligible } from "../survey/cluster.ts";
import { lookAround } from "../survey/look-around.ts";
import type { Outside } from "../world/outside.ts";
import { desiredSpec } from "./balancer.ts";

/** The specification for HAProxy's configuration without a set-up: named Impalads, a specification file, or Cloudera Manager's. */
export async function adHocSpec(given: Answers, outside: Outside): Promise<BalancerSpec> {
  let around = await lookAround(given, outside);
  let answers = withAnswer(given, "balancer", "haproxy", { kind: "flag", detail: "the command" });
  if (answerOf(answers, "impalads") === undefined && answerOf(answers, "cmUrl") !== undefined) {
    const client = await loggedIn(answers, outside);
    try {
      const discovery = await discover(client, choiceOf(answers), { hue: false });
      requireEligible(discovery);
      around = { ...around, discovery };
    } finally {
      client.close();
    }
  }
  const members = around.spec?.listeners[0]?.backends;
  if (
    answerOf(answers, "impalads") === undefined &&
    around.discovery === undefined &&
    members !== undefined
  ) {
    const value = members.map(({ address }) => parseEndpoint(address));
    answers = withAnswer(answers, "impalads", value, { kind: "discovered", detail: "specification" });
  }
  return desiredSpec(withDefaults(answers, around), around);
}
