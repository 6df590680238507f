import { formatEndpoint, isWildcard, parseEndpoint } from "../../domain/endpoint.ts";
import type { Text } from "../../domain/text.ts";
import { LISTEN_PORT } from "../../domain/well-known.ts";
import { type Answer, type Answers, answerOf, isGiven, type OptionValue } from "../answers/answers.ts";
import { defaultOf } from "../answers/defaults.ts";
import type { OptionKey } from "../answers/options.ts";
import { isSecured, securityFacts } from "../survey/security-facts.ts";
import type { Survey } from "../survey/survey.ts";
import { askedName, huesPrincipal } from "./security/keytab-names.ts";

/** What a conclusion depends on: another option, what Cloudera Manager tells, or what was found about security. */
export type Source = OptionKey | "discovery" | "security";

interface Conclusion<K extends OptionKey> {
  /** Concluded anew when one of these changes; options stand above those that depend on them. */
  readonly from: readonly Source[];
  /** Undefined: nothing can be concluded, or the option does not matter. */
  readonly conclude: (answers: Answers, survey: Survey) => Answer<K> | undefined;
}

const CLOUDERA = "Cloudera Manager";
const HERE: Text = { en: "exists on this host", ja: "このホストに存在" };

/** What can be known without asking, by option, in the order in which it is concluded. */
export const CONCLUSIONS: { readonly [K in OptionKey]?: Conclusion<K> } = {
  target: {
    // Asked for before all others: only what a script has said can decide it.
    from: [],
    conclude: (answers) =>
      byDefault(isGiven(answers, "cmUrl") && !isGiven(answers, "hueIni") ? "cloudera-manager" : "hue-ini"),
  },
  hueIni: {
    from: ["target"],
    conclude: (answers, { hueInis: { paths, differ } }) =>
      answerOf(answers, "target") === "hue-ini" && !differ ? discovered(paths[0], HERE) : undefined,
  },
  cmUrl: {
    from: ["target"],
    conclude: (answers, { agent }) =>
      answerOf(answers, "target") === "cloudera-manager" && agent !== undefined
        ? discovered(agent.server, agent.file)
        : undefined,
  },
  cluster: {
    from: ["discovery"],
    conclude: (_, { discovery }) => discovered(discovery?.cluster, CLOUDERA),
  },
  impalaService: {
    from: ["discovery"],
    conclude: (_, { discovery }) => discovered(discovery?.impalaService, CLOUDERA),
  },
  hueService: {
    from: ["discovery"],
    conclude: (_, { discovery }) => discovered(discovery?.hueService, CLOUDERA),
  },
  impalads: {
    from: ["discovery"],
    conclude: (_, { discovery }) => {
      const eligible = discovery?.impalads.filter((impalad) => impalad.eligible) ?? [];
      const backends = eligible.map(({ host, port }) => ({ host, port }));
      return backends.length === 0 ? undefined : discovered(backends, CLOUDERA);
    },
  },
  balancer: { from: [], conclude: () => byDefault(defaultOf("balancer")) },
  serverConnTimeout: { from: [], conclude: () => byDefault(defaultOf("serverConnTimeout")) },
  spec: { from: ["balancer"], conclude: ifOurs(() => byDefault(defaultOf("spec"))) },
  haproxyConfig: {
    from: ["balancer"],
    conclude: ifOurs(() => byDefault(defaultOf("haproxyConfig"))),
  },
  // What an earlier run (or a person) wrote into the specification stays, unless something else is asked for.
  listen: {
    from: ["balancer", "spec", "target", "discovery", "security"],
    conclude: ifOurs(
      (answers, survey) =>
        written(answers, endpointOf(survey.spec?.listeners[0]?.bind)) ??
        byDefault({ host: listenHost(answers, survey), port: LISTEN_PORT }),
    ),
  },
  balance: {
    from: ["balancer", "spec"],
    conclude: ifOurs((answers, { spec }) => {
      const haproxy = answerOf(answers, "balancer") === "haproxy";
      const before = spec?.listeners[0]?.balance;
      // HAProxy cannot balance by session, whatever the specification says.
      const kept = haproxy && before === "session" ? undefined : before;
      return written(answers, kept) ?? byDefault(haproxy ? "source" : "session");
    }),
  },
  allow: {
    from: ["balancer", "spec"],
    conclude: ifOurs((answers, { spec }) => {
      const allow = spec?.listeners[0]?.allow ?? [];
      return allow.length === 0 ? undefined : written(answers, allow);
    }),
  },
  adminListen: {
    from: ["balancer", "spec"],
    conclude: ifOurs(
      (answers, { spec }) =>
        written(answers, endpointOf(spec?.admin?.http)) ?? byDefault(defaultOf("adminListen")),
    ),
  },
  serverHost: {
    from: ["listen", "security"],
    conclude: (answers, survey) => {
      const { hostName, fullName } = survey;
      const listen = answerOf(answers, "listen");
      if (listen === undefined) return undefined;
      if (needsName(survey)) return byDefault(fullName?.name ?? hostName, FULL_NAME);
      return byDefault(isWildcard(listen.host) ? hostName : listen.host, fromListen(answers));
    },
  },
  kerberosKeytab: {
    from: ["balancer", "security"],
    conclude: (answers, { keytab }) =>
      answerOf(answers, "balancer") === "embedded" ? discovered(keytab?.path, HERE) : undefined,
  },
  kerberosPrincipal: {
    from: ["kerberosKeytab", "security"],
    conclude: (answers, survey) => {
      const path = answerOf(answers, "kerberosKeytab");
      return path === undefined || path !== survey.keytab?.path
        ? undefined
        : discovered(huesPrincipal(survey.keytab.names, survey), path);
    },
  },
  impalaPrincipal: {
    from: ["kerberosKeytab", "serverHost", "security"],
    conclude: (answers, survey) => {
      const path = answerOf(answers, "kerberosKeytab");
      const host = answerOf(answers, "serverHost");
      if (path === undefined || host === undefined || path !== survey.keytab?.path) return undefined;
      return discovered(askedName(survey.keytab.names, survey.hue?.service ?? "impala", host), path);
    },
  },
  serverPort: {
    from: ["listen"],
    conclude: (answers) => {
      const port = answerOf(answers, "listen")?.port ?? 0;
      return port > 0 ? byDefault(port, fromListen(answers)) : undefined;
    },
  },
};

function byDefault<V>(value: V, detail: string | Text = "") {
  return { value, origin: { kind: "default", ...told(detail) } as const };
}

function discovered<V>(value: V | undefined, detail: string | Text) {
  return value === undefined
    ? undefined
    : { value, origin: { kind: "discovered", ...told(detail) } as const };
}

function told(detail: string | Text): { detail: string; text?: Text } {
  return typeof detail === "string" ? { detail } : { detail: detail.en, text: detail };
}

/** As the specification has it. */
function written<V>(answers: Answers, value: V | undefined) {
  return discovered(value, answerOf(answers, "spec") ?? "");
}

/** Only where the balancer is one of ours. */
function ifOurs<K extends OptionKey>(conclude: Conclusion<K>["conclude"]): Conclusion<K>["conclude"] {
  return (answers, survey) =>
    answerOf(answers, "balancer") === "external" ? undefined : conclude(answers, survey);
}

function endpointOf(text: string | undefined): OptionValue<"listen"> | undefined {
  return text === undefined ? undefined : parseEndpoint(text);
}

function fromListen(answers: Answers): Text | undefined {
  const listen = answerOf(answers, "listen");
  if (listen === undefined) return undefined;
  const written = `--listen ${formatEndpoint(listen)}`;
  return { en: `from ${written}`, ja: `${written} から` };
}

const FULL_NAME: Text = {
  en: "full name of this host: tickets and certificates are made for names",
  ja: "このホストの完全な名前 (チケットと証明書は名前に対して発行される)",
};

function needsName({ discovery, hue }: Survey): boolean {
  return isSecured(securityFacts(discovery?.facts, hue));
}

/** Loopback where only Hue on this host connects; where it does so by name, the address that the name leads to. */
function listenHost(answers: Answers, survey: Survey): string {
  if (!hueIsHere(answers, survey)) return "0.0.0.0";
  if (!needsName(survey)) return "127.0.0.1";
  return survey.fullName?.address ?? "0.0.0.0";
}

/** hue.ini is edited where Hue runs; Cloudera Manager says on which hosts its Hue servers are. */
function hueIsHere(answers: Answers, { discovery, hostName }: Survey): boolean {
  if (answerOf(answers, "target") === "hue-ini") return true;
  const hosts = discovery?.hueHosts ?? [];
  return hosts.length > 0 && hosts.every((host) => host === hostName);
}
