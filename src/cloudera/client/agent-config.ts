import { errnoOf } from "../../domain/failure.ts";
import { AGENT_CONFIG } from "../../domain/well-known.ts";
import { systemText } from "../../messages/errno.ts";
import { clouderaConnectFailure } from "../../messages/failures/cloudera/connect.ts";
import { readInputText } from "../../system/files/read-input.ts";

/** What the Cloudera Manager agent of this host knows about its server. */
export interface AgentConfig {
  /** The server's host name or address; the agent's default is localhost. */
  readonly serverHost: string;
  /** TLS on the agent's own channel (port 7182): only a hint that the API uses it too. */
  readonly useTls: boolean;
  /** PEM file with the authority that signed the server's certificate. */
  readonly verifyCertFile?: string;
}

/**
 * Reads the agent's `config.ini`; undefined when there is none (not a cluster host).
 * Its presence means that Cloudera Manager generates Hue's configuration and `/etc/hue/hue.ini` is not read.
 * @throws Failure `settings`, code `agent-config-unreadable`
 */
export async function readAgentConfig(path: string = AGENT_CONFIG): Promise<AgentConfig | undefined> {
  let text: string;
  try {
    text = await readInputText(path, { what: { en: "the agent's configuration", ja: "エージェントの設定" } });
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || errnoOf(thrown) === "ENOTDIR") return undefined;
    throw clouderaConnectFailure("agent-config-unreadable", { path, reason: systemText(thrown) });
  }
  return parseAgentConfig(text);
}

/** The agent's settings from the text of its `config.ini`. */
export async function parseAgentConfig(text: string): Promise<AgentConfig> {
  const { parse } = await import("ini");
  const document: unknown = parse(asIni(text));
  const setting = (section: string, key: string): string => {
    const values = property(document, section);
    const value = property(values, key);
    return typeof value === "string" ? value.trim() : typeof value === "boolean" ? String(value) : "";
  };
  const verifyCertFile = setting("Security", "verify_cert_file");
  return {
    serverHost: setting("General", "server_host") || "localhost",
    useTls: /^(1|true|yes|on)$/i.test(setting("Security", "use_tls")),
    ...(verifyCertFile === "" ? {} : { verifyCertFile }),
  };
}

/**
 * Python's ConfigParser, which the agent reads with, differs from npm's `ini`: a line with leading blanks continues the
 * value before it, `:` separates like `=`, keys are case-insensitive, `#` inside a value is part of it and ` ;` starts
 * a comment.
 */
function asIni(text: string): string {
  const lines: string[] = [];
  for (const line of text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/)) {
    if (/^\s*([#;]|$)/.test(line) || /^rem(\s|$)/i.test(line)) continue;
    if (/^\s/.test(line) && lines.length > 0) {
      lines.push(`${lines.pop()} ${escapeValue(line.trim())}`);
      continue;
    }
    const pair = /^([^=:[]+?)\s*[=:]\s*(.*)$/.exec(line);
    if (pair === null) lines.push(line);
    else lines.push(`${pair[1]?.toLowerCase()}=${escapeValue((pair[2] ?? "").replace(/\s;.*$/, ""))}`);
  }
  return lines.join("\n");
}

function escapeValue(value: string): string {
  return value.replace(/([#;])/g, "\\$1");
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
