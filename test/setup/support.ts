import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import type { BalancerSpec } from "../../src/balancer/spec/spec.ts";
import type { Discovery } from "../../src/cloudera/discovery/discovery.ts";
import { NOT_ELIGIBLE } from "../../src/messages/cloudera.ts";
import type { Answers, OptionValue } from "../../src/setup/answers/answers.ts";
import type { OptionKey } from "../../src/setup/answers/options.ts";
import { decide } from "../../src/setup/settle/decide.ts";
import { withDefaults } from "../../src/setup/settle/defaults.ts";
import type { Settled } from "../../src/setup/settle/settled.ts";
import type { Survey } from "../../src/setup/survey/survey.ts";
import type { Login } from "../../src/setup/world/login.ts";

/** A host without anything on it. */
export const BARE: Survey = {
  hostName: "gateway1.example.com",
  hueInis: { paths: [], differ: false },
  command: ["/usr/bin/node", "/opt/hue-impala-setup/bin/hue-impala-setup.js"],
};

/** Answers as a person would have typed them. */
export function typed(values: { readonly [K in OptionKey]?: OptionValue<K> }): Answers {
  const entries = Object.entries(values).map(([key, value]) => [
    key,
    { value, origin: { kind: "flag", detail: "" } },
  ]);
  return Object.fromEntries(entries) as Answers;
}

/** Typed answers with everything that follows from them. */
export function settled(values: Parameters<typeof typed>[0], survey: Survey = BARE): Answers {
  return withDefaults(typed(values), survey);
}

export function spec(listener: Readonly<Record<string, unknown>>): BalancerSpec {
  const backends = [{ name: "a", address: "a.example.com:21050" }];
  return parseSpec({
    version: 1,
    listeners: [{ name: "impala", bind: "127.0.0.1:10001", balance: "session", backends, ...listener }],
  });
}

/** A cluster with one eligible and one ineligible Impalad. */
export function discovery(facts: Partial<Discovery["facts"]> = {}): Discovery {
  const impalad = {
    cluster: "C",
    service: "impala",
    role: "r",
    roleConfigGroup: "g",
    health: "GOOD",
    port: 21050,
  };
  return {
    cluster: "C",
    impalaService: "impala",
    hueService: "hue",
    impalads: [
      { ...impalad, host: "i1.example.com", eligible: true, reason: null, reasonText: null },
      {
        ...impalad,
        host: "i2.example.com",
        eligible: false,
        reason: "in maintenance mode",
        reasonText: NOT_ELIGIBLE.maintenance,
      },
    ],
    hueHosts: ["hue1.example.com"],
    facts: { kerberos: false, impalaTls: false, ldap: false, loadBalancers: [], ...facts },
    warnings: [],
  };
}

/** A login that no test of pure parts uses. */
export const LOGIN = {
  url: "https://cm.example.com:7183",
  user: "admin",
  reconnect: () => Promise.reject(new Error("there is no Cloudera Manager")),
} as Partial<Login> as Login;

/** The decisions that typed answers lead to; logged in where they name a Cloudera Manager. */
export function decided(values: Parameters<typeof typed>[0], survey: Survey = BARE): Settled {
  const answers = settled(values, survey);
  return decide(answers, survey, answers.cmUrl === undefined ? undefined : LOGIN);
}
