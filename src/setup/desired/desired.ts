import { advise } from "../../cloudera/discovery/advice.ts";
import { Failure } from "../../domain/failure.ts";
import type { Warning } from "../../domain/warning.ts";
import { SETTING_NAMES, type WantedSettings } from "../../hue/settings.ts";
import { type Answers, answerOf, isSet } from "../answers/answers.ts";
import { settingOf } from "../answers/defaults.ts";
import { known } from "../settle/missing.ts";
import type { Surroundings } from "../survey/surroundings.ts";
import { type DesiredBalancer, desiredBalancer } from "./balancer.ts";

export type DesiredHue =
  | {
      readonly kind: "hue-ini";
      readonly path: string;
      readonly force: boolean;
      readonly allowInvalidUtf8: boolean;
    }
  | { readonly kind: "cloudera-manager"; readonly cluster: string; readonly service: string };

/** The state that a run brings about. Pure result of {@link desire}. */
export interface Desired extends DesiredBalancer {
  readonly hue: DesiredHue;
  readonly settings: WantedSettings;
  /** Impala's own load balancer field, `host:port`, if it is to be set. */
  readonly loadBalancer?: {
    readonly cluster: string;
    readonly service: string;
    readonly value: string;
  };
  readonly restart?:
    | { readonly kind: "cloudera-manager" }
    | { readonly kind: "systemd"; readonly unit: string };
}

/**
 * The desired state for complete answers. Pure.
 * @throws Failure `settings` for answers that contradict each other
 */
export function desire(answers: Answers, around: Surroundings): Desired {
  const hue = desiredHue(answers);
  const settings = desiredSettings(answers);
  const restart = desiredRestart(answers);
  const loadBalancer = desiredLoadBalancer(answers, settings);
  const balancer = desiredBalancer(answers, around);
  const advice = clusterAdvice(around, settings, loadBalancer !== undefined);
  return {
    ...balancer,
    warnings: [...advice, ...balancer.warnings],
    hue,
    settings,
    ...(restart === undefined ? {} : { restart }),
    ...(loadBalancer === undefined ? {} : { loadBalancer }),
  };
}

function desiredHue(answers: Answers): DesiredHue {
  if (answerOf(answers, "target") === "hue-ini") {
    return {
      kind: "hue-ini",
      path: known(answerOf(answers, "hueIni"), "hue-ini"),
      force: isSet(answers, "force"),
      allowInvalidUtf8: isSet(answers, "allowInvalidUtf8"),
    };
  }
  const service = answerOf(answers, "hueService");
  if (service === undefined) {
    throw new Failure(
      "settings",
      "no-hue-service",
      `cluster "${answerOf(answers, "cluster")}" has no Hue service`,
      "choose another cluster with --cluster, or edit a hue.ini with --target hue-ini",
    );
  }
  return { kind: "cloudera-manager", cluster: known(answerOf(answers, "cluster"), "cluster"), service };
}

/** What nobody has given or concluded stays as it is in Hue. */
function desiredSettings(answers: Answers): WantedSettings {
  const given = SETTING_NAMES.map((name) => [name, answerOf(answers, name)] as const);
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    serverHost: known(answerOf(answers, "serverHost"), "server-host"),
    serverPort: known(answerOf(answers, "serverPort"), "server-port"),
  };
}

function desiredRestart(answers: Answers): Desired["restart"] {
  if (!isSet(answers, "restartHue")) return undefined;
  if (answerOf(answers, "target") === "cloudera-manager") return { kind: "cloudera-manager" };
  return { kind: "systemd", unit: settingOf(answers, "hueUnit") };
}

function desiredLoadBalancer(answers: Answers, settings: WantedSettings): Desired["loadBalancer"] {
  if (!isSet(answers, "setImpalaLoadBalancer")) return undefined;
  const cluster = answerOf(answers, "cluster");
  const service = answerOf(answers, "impalaService");
  if (cluster === undefined || service === undefined) {
    throw new Failure(
      "settings",
      "needs-cloudera",
      "--set-impala-load-balancer needs Cloudera Manager",
      "give --cm-url",
    );
  }
  return { cluster, service, value: `${settings.serverHost}:${settings.serverPort}` };
}

/**
 * What the cluster's security and settings say about the endpoint that Hue is to use.
 * @throws Failure the first reason not to go on
 */
function clusterAdvice(around: Surroundings, settings: WantedSettings, setsLoadBalancer: boolean): Warning[] {
  const { discovery } = around;
  if (discovery === undefined) return [];
  const { serverHost, serverPort } = settings;
  const advice = advise(discovery.facts, discovery.impalaService, {
    serverHost,
    serverPort,
    setsLoadBalancer,
  });
  const [refusal] = advice.refusals;
  if (refusal !== undefined) throw refusal;
  const codes = new Set(advice.warnings.map(({ code }) => code));
  const notes = discovery.impalads.flatMap(({ host, note }) =>
    note ? [{ code: "impalad-note", message: `${host}: ${note}` }] : [],
  );
  // A load balancer that Cloudera Manager knows already is judged with the intention in mind, not in general.
  const general = discovery.warnings.filter(({ code }) => !codes.has(code) && code !== "load-balancer-set");
  return [...general, ...advice.warnings, ...notes];
}
