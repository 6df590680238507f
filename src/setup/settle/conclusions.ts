import { formatEndpoint, isWildcard, parseEndpoint } from "../../domain/endpoint.ts";
import type { Text } from "../../domain/text.ts";
import { LISTEN_PORT } from "../../domain/well-known.ts";
import { type Answer, type Answers, answerOf, isGiven, type OptionValue } from "../answers/answers.ts";
import { defaultOf } from "../answers/defaults.ts";
import type { OptionKey } from "../answers/options.ts";
import type { Survey } from "../survey/survey.ts";

/** What a conclusion depends on: another option, or what Cloudera Manager tells. */
export type Source = OptionKey | "discovery";

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
    from: ["balancer", "spec", "target", "discovery"],
    conclude: ifOurs(
      (answers, survey) =>
        written(answers, endpointOf(survey.spec?.listeners[0]?.bind)) ??
        byDefault({ host: hueIsHere(answers, survey) ? "127.0.0.1" : "0.0.0.0", port: LISTEN_PORT }),
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
    from: ["listen"],
    conclude: (answers, { hostName }) => {
      const listen = answerOf(answers, "listen");
      if (listen === undefined) return undefined;
      return byDefault(isWildcard(listen.host) ? hostName : listen.host, fromListen(answers));
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

/** hue.ini is edited where Hue runs; Cloudera Manager says on which hosts its Hue servers are. */
function hueIsHere(answers: Answers, { discovery, hostName }: Survey): boolean {
  if (answerOf(answers, "target") === "hue-ini") return true;
  const hosts = discovery?.hueHosts ?? [];
  return hosts.length > 0 && hosts.every((host) => host === hostName);
}
