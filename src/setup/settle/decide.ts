import { resolve } from "node:path";
import type { Failure } from "../../domain/failure.ts";
import { SETTING_NAMES, type WantedSettings } from "../../hue/settings.ts";
import { balancerKerberosFailure } from "../../messages/failures/balancer/kerberos.ts";
import { MISSING, settingsFailure } from "../../messages/failures/setup/settings.ts";
import { settleFailure } from "../../messages/failures/setup/settle.ts";
import { type Answers, answerOf, isGiven, isSet, type OptionValue } from "../answers/answers.ts";
import { settingOf } from "../answers/defaults.ts";
import { OPTIONS, type OptionKey } from "../answers/options.ts";
import { securityFacts } from "../survey/security-facts.ts";
import type { Survey } from "../survey/survey.ts";
import type { Login } from "../world/login.ts";
import { opens } from "./security/keytab-names.ts";
import type { Balancer, Embedded, LoadBalancerField, OwnBalancer, Settled, Target } from "./settled.ts";

/** The last place where an answer may be missing: what is made from here on has all that it needs. */
function known<K extends OptionKey>(answers: Answers, key: K): OptionValue<K> {
  const value = answerOf(answers, key);
  if (value === undefined) throw missing(key);
  return value;
}

function missing(key: OptionKey): Failure {
  return settingsFailure("missing-settings", { what: MISSING.flag(OPTIONS[key].flag) });
}

/**
 * Turns complete answers into decisions. Pure.
 * @param login to Cloudera Manager, if the answers name one
 * @throws Failure `settings` for answers that contradict each other or the cluster
 */
export function decide(answers: Answers, survey: Survey, login: Login | undefined): Settled {
  const { discovery } = survey;
  const loadBalancer = loadBalancerField(answers, login);
  return {
    target: targetOf(answers, login),
    balancer: balancerOf(answers, survey),
    settings: settingsOf(answers),
    byDefault: SETTING_NAMES.filter((name) => answers[name]?.origin.kind === "default"),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
    ...(discovery === undefined ? {} : { discovery }),
    security: securityFacts(discovery?.facts, survey.hue),
    ...(survey.fullName === undefined ? {} : { fullName: survey.fullName }),
    answers,
  };
}

/** What nobody has given or concluded stays as it is in Hue. */
function settingsOf(answers: Answers): WantedSettings {
  const given = SETTING_NAMES.map((name) => [name, answerOf(answers, name)] as const);
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    serverHost: known(answers, "serverHost"),
    serverPort: known(answers, "serverPort"),
  };
}

function targetOf(answers: Answers, login: Login | undefined): Target {
  const restart = isSet(answers, "restartHue");
  if (answerOf(answers, "target") === "hue-ini") {
    return {
      kind: "hue-ini",
      path: known(answers, "hueIni"),
      force: isSet(answers, "force"),
      allowInvalidUtf8: isSet(answers, "allowInvalidUtf8"),
      ...(restart ? { restartUnit: settingOf(answers, "hueUnit") } : {}),
    };
  }
  if (login === undefined) throw missing("cmUrl");
  const cluster = known(answers, "cluster");
  const service = answerOf(answers, "hueService");
  if (service === undefined) {
    throw settleFailure("no-hue-service", { cluster });
  }
  return { kind: "cloudera-manager", login, cluster, service, restart };
}

function balancerOf(answers: Answers, survey: Survey): Balancer {
  switch (known(answers, "balancer")) {
    case "external":
      return { kind: "external" };
    case "haproxy":
      return {
        kind: "haproxy",
        ...ownBalancer(answers, survey),
        configPath: known(answers, "haproxyConfig"),
        ...(survey.haproxyVersion === undefined ? {} : { version: survey.haproxyVersion }),
      };
    case "embedded":
      return {
        kind: "embedded",
        ...ownBalancer(answers, survey),
        command: survey.command,
        ...kerberosOf(answers, survey),
      };
  }
}

/**
 * What the answers decide about a balancer of ours. Pure.
 * @throws Failure `settings`, code `no-impalad`
 */
export function ownBalancer(answers: Answers, survey: Survey): OwnBalancer {
  const backends = answerOf(answers, "impalads") ?? [];
  if (backends.length === 0) {
    throw settleFailure("no-impalad");
  }
  const admin = answerOf(answers, "adminListen");
  return {
    backends,
    listen: known(answers, "listen"),
    balance: known(answers, "balance"),
    allow: answerOf(answers, "allow") ?? [],
    ...(admin === undefined ? {} : { admin }),
    specPath: known(answers, "spec"),
    ...(survey.spec === undefined ? {} : { existing: survey.spec }),
    ...(survey.healthzPort === undefined ? {} : { healthzPort: survey.healthzPort }),
    unitDir: settingOf(answers, "unitDir"),
  };
}

/** @throws Failure `settings`, `usage`: a keytab that cannot serve */
function kerberosOf(answers: Answers, survey: Survey): Pick<Embedded, "kerberos"> {
  const keytab = answerOf(answers, "kerberosKeytab");
  const principal = answerOf(answers, "kerberosPrincipal");
  const given = isGiven(answers, "kerberosKeytab") || isGiven(answers, "kerberosPrincipal");
  if (keytab === undefined || principal === undefined) {
    if (given) throw balancerKerberosFailure("keytab-and-principal");
    return {};
  }
  const names = survey.keytab?.path === keytab ? survey.keytab.names : undefined;
  const host = known(answers, "serverHost");
  const asked = answerOf(answers, "impalaPrincipal")?.split("/")[0] ?? survey.hue?.service ?? "impala";
  if (names !== undefined && opens(names, asked, host) === undefined) {
    throw settleFailure("keytab-not-for-host", { keytab, asked: `${asked}/${host}`, names });
  }
  return {
    kerberos: { keytab: resolve(keytab), principal, clients: answerOf(answers, "kerberosClients") ?? [] },
  };
}

function loadBalancerField(answers: Answers, login: Login | undefined): LoadBalancerField | undefined {
  if (!isSet(answers, "setImpalaLoadBalancer")) return undefined;
  const cluster = answerOf(answers, "cluster");
  const service = answerOf(answers, "impalaService");
  if (cluster === undefined || service === undefined || login === undefined) {
    throw settleFailure("needs-cloudera");
  }
  return { login, cluster, service };
}
