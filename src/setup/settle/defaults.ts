import { formatEndpoint, isWildcard, parseEndpoint } from "../../domain/endpoint.ts";
import { LISTEN_PORT } from "../../domain/well-known.ts";
import {
  type Answers,
  answerOf,
  isGiven,
  type OptionValue,
  type OriginKind,
  withAnswer,
} from "../answers/answers.ts";
import { defaultOf } from "../answers/defaults.ts";
import type { OptionKey } from "../answers/options.ts";
import type { Surroundings } from "../survey/surroundings.ts";

/**
 * Adds what can be concluded without asking: what was discovered, and the defaults of the option table. Call it again
 * after each answer: defaults are concluded anew, since they may depend on it; everything else that is known is kept.
 */
export function withDefaults(known: Answers, around: Surroundings): Answers {
  let answers = withoutDefaults(known);
  const put = <K extends OptionKey>(
    key: K,
    value: OptionValue<K> | undefined,
    kind: OriginKind,
    detail: string,
  ) => {
    if (answers[key] === undefined && value !== undefined)
      answers = withAnswer(answers, key, value, { kind, detail });
  };

  put(
    "target",
    isGiven(answers, "cmUrl") && !isGiven(answers, "hueIni") ? "cloudera-manager" : "hue-ini",
    "default",
    "",
  );
  if (answerOf(answers, "target") === "hue-ini" && !around.hueInis.differ) {
    put("hueIni", around.hueInis.paths[0], "discovered", "exists on this host");
  }
  if (answerOf(answers, "target") === "cloudera-manager" && around.agent !== undefined) {
    put("cmUrl", around.agent.server, "discovered", around.agent.file);
  }
  const { discovery } = around;
  if (discovery !== undefined) {
    put("cluster", discovery.cluster, "discovered", "Cloudera Manager");
    put("impalaService", discovery.impalaService, "discovered", "Cloudera Manager");
    put("hueService", discovery.hueService, "discovered", "Cloudera Manager");
    const eligible = discovery.impalads.filter((impalad) => impalad.eligible);
    if (eligible.length > 0) {
      put(
        "impalads",
        eligible.map(({ host, port }) => ({ host, port })),
        "discovered",
        "Cloudera Manager",
      );
    }
  }
  put("balancer", defaultOf("balancer"), "default", "");
  put("serverConnTimeout", defaultOf("serverConnTimeout"), "default", "");
  if (answerOf(answers, "balancer") !== "external") answers = withBalancerDefaults(answers, around);
  return answers;
}

function withoutDefaults(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([, { origin }]) => origin.kind !== "default"));
}

function withBalancerDefaults(given: Answers, around: Surroundings): Answers {
  let answers = given;
  const put = <K extends OptionKey>(
    key: K,
    value: OptionValue<K> | undefined,
    kind: OriginKind,
    detail: string,
  ) => {
    if (answers[key] === undefined && value !== undefined)
      answers = withAnswer(answers, key, value, { kind, detail });
  };
  put("spec", defaultOf("spec"), "default", "");
  put("haproxyConfig", defaultOf("haproxyConfig"), "default", "");

  // What an earlier run (or a person) wrote into the specification stays, unless something else is asked for.
  const haproxy = answerOf(answers, "balancer") === "haproxy";
  const listener = around.spec?.listeners[0];
  const from = answerOf(answers, "spec") ?? "";
  if (listener !== undefined) {
    put("listen", parseEndpoint(listener.bind), "discovered", from);
    // HAProxy cannot balance by session, whatever the specification says.
    if (!(haproxy && listener.balance === "session")) put("balance", listener.balance, "discovered", from);
    if (listener.allow.length > 0) put("allow", listener.allow, "discovered", from);
    const http = around.spec?.admin?.http;
    if (http !== undefined) put("adminListen", parseEndpoint(http), "discovered", from);
  }
  put(
    "listen",
    { host: hueIsHere(answers, around) ? "127.0.0.1" : "0.0.0.0", port: LISTEN_PORT },
    "default",
    "",
  );
  put("balance", haproxy ? "source" : "session", "default", "");
  put("adminListen", defaultOf("adminListen"), "default", "");

  const listen = answerOf(answers, "listen");
  if (listen !== undefined) {
    const detail = `from --listen ${formatEndpoint(listen)}`;
    put("serverHost", isWildcard(listen.host) ? around.hostName : listen.host, "default", detail);
    if (listen.port > 0) put("serverPort", listen.port, "default", detail);
  }
  return answers;
}

/** hue.ini is edited where Hue runs; Cloudera Manager says on which hosts its Hue servers are. */
function hueIsHere(answers: Answers, around: Surroundings): boolean {
  if (answerOf(answers, "target") === "hue-ini") return true;
  const hosts = around.discovery?.hueHosts ?? [];
  return hosts.length > 0 && hosts.every((host) => host === around.hostName);
}
