import { type ControlRequest, controlInWords, type Told } from "../../../balancer/admin/control/control.ts";
import { readSpecIfThere } from "../../../balancer/spec/read-spec.ts";
import type { BackendStats } from "../../../balancer/stats/stats.ts";
import type { Language, Text } from "../../../domain/text.ts";
import { CONTROL_SOCKET } from "../../../domain/well-known.ts";
import { visible } from "../../../domain/words/visible.ts";
import { stateText, verdictText } from "../../../messages/checks.ts";
import { answerOf, isSet } from "../../../setup/answers/answers.ts";
import { settingOf } from "../../../setup/answers/defaults.ts";
import type { Context } from "../../context.ts";
import { table } from "../../render/table.ts";
import type { CommandModule } from "../../result.ts";

/** `balancer status`: backends, connections and sessions. */
export const balancerStatus = controlCommand(() => ({ command: "status" }));

/** `balancer drain NAME [--wait]`. */
export const balancerDrain = controlCommand(({ invocation, given }) => ({
  command: "drain",
  backend: invocation.argument ?? "",
  wait: isSet(given, "wait"),
}));

/** `balancer ready NAME`. */
export const balancerReady = controlCommand(({ invocation }) => ({
  command: "ready",
  backend: invocation.argument ?? "",
}));

/** `balancer reload`. */
export const balancerReload = controlCommand(() => ({ command: "reload" }));

function controlCommand(request: (context: Context) => ControlRequest): CommandModule {
  return {
    async run(context) {
      const asked = request(context);
      const waits = asked.command === "drain" && asked.wait === true;
      if (waits) context.world.progress(WORDS.waiting);
      const { signal } = context.world;
      const told = await controlInWords(await socketOf(context), asked, {
        signal,
        ...(waits ? { timeout: 0 } : {}),
      });
      return { document: { status: told.status }, text: statusTable(told, context.language) };
    },
  };
}

/** `--socket`, else the specification's, else the place that the set-up uses. */
async function socketOf({ given }: Context): Promise<string> {
  const socket = answerOf(given, "socket");
  if (socket !== undefined) return socket;
  const spec = await readSpecIfThere(settingOf(given, "spec"));
  return spec?.admin?.socket ?? CONTROL_SOCKET;
}

const WORDS = {
  waiting: { en: "waiting until drain is complete", ja: "ドレインの完了を待っています" },
  connections: (count: number): Text => ({ en: `${count} connections`, ja: `接続 ${count}` }),
} as const;

function statusTable({ status, inWords }: Told, language: Language): string {
  return status.listeners
    .map((listener) => {
      const head = `${visible(`${listener.name}  ${listener.address}  ${listener.balance}`)}  ${WORDS.connections(listener.connections)[language]}\n`;
      const notes = listener.notes.map((note) => `  ${visible(inWords(note)[language])}\n`).join("");
      const rows = listener.backends.map((backend) =>
        row(backend, (sentence) => inWords(sentence)[language], language),
      );
      return `${head}${notes}${table(HEAD[language], rows)}`;
    })
    .join("\n");
}

const HEAD = {
  en: ["BACKEND", "ADDRESS", "STATE", "SINCE", "CONN", "QUEUE", "SESSIONS", "OPERATIONS", "LAST CHECK"],
  ja: ["バックエンド", "アドレス", "状態", "変化", "接続", "待ち", "セッション", "操作", "最後のチェック"],
} as const;

function row(backend: BackendStats, inWords: (sentence: string) => string, language: Language): string[] {
  const check = backend.lastCheck;
  return [
    backend.name,
    backend.address,
    stateText(backend.state)[language],
    backend.since,
    String(backend.connections),
    String(backend.queued),
    backend.sessions === undefined ? "-" : String(backend.sessions),
    backend.operations === undefined ? "-" : String(backend.operations),
    check === null ? "-" : `${verdictText(check.verdict)[language]}: ${inWords(check.message)}`,
  ];
}
