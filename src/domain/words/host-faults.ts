import { isIPv4, isIPv6 } from "node:net";
import { isHost } from "../endpoint.ts";
import type { Text } from "../text.ts";

/** Why a text is no host that a client can connect to, and what to write instead. */
export interface HostFault {
  readonly why: Text;
  readonly remedy: Text;
}

const ONE_HOST: Text = {
  en: "give one host name or address, for example lb.example.com",
  ja: "ホスト名かアドレスを 1 つ指定してください (例: lb.example.com)",
};

/**
 * What people write in place of a host name, looked at in this order: a URL, a trailing dot, blanks, an address in
 * brackets, a port. Undefined: it is one host name or address.
 */
export function hostFault(text: string): HostFault | undefined {
  if (text === "") return { why: { en: "is empty", ja: "は空です" }, remedy: ONE_HOST };
  if (/[\p{C}\p{Z}]/u.test(text)) {
    const alone = text.trim();
    return {
      why: { en: "holds a blank or a control character", ja: "は空白か制御文字を含みます" },
      remedy: isHost(alone) ? leave(alone, BLANKS) : ONE_HOST,
    };
  }
  const url = /^[A-Za-z][A-Za-z0-9+.:-]*:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)(?::(\d+))?/.exec(text);
  if (url !== null) {
    const why = { en: "is a URL, not a host", ja: "はホストではなく URL です" };
    return { why, remedy: alone(url[1] ?? "", url[2]) };
  }
  const undotted = text.replace(/\.+$/, "");
  if (undotted !== text && isHost(undotted)) {
    return {
      why: {
        en: "ends in a dot: certificates and Kerberos principals hold the name without it",
        ja: "はドットで終わっています。証明書と Kerberos プリンシパルの名前にはドットが付きません",
      },
      remedy: leave(undotted, DOT),
    };
  }
  const [, bracketed, port] = /^\[([^\]]*)\](?::(\d+))?$/.exec(text) ?? [];
  if (bracketed !== undefined && isIPv6(bracketed)) {
    return {
      why: {
        en: "has brackets, which Hue hands to the socket as they are: leave them out",
        ja: "は角括弧付きです。Hue がそのままソケットに渡すため、角括弧を外してください",
      },
      remedy: alone(bracketed, port),
    };
  }
  const withPort = /^([^:]+):(\d{1,5})$/.exec(text);
  if (withPort !== null && isHost(withPort[1] ?? "")) {
    const why = {
      en: "is not a host name or address: it holds a port",
      ja: "はポートを含みます。ホスト名でもアドレスでもありません",
    };
    return { why, remedy: alone(withPort[1] ?? "", withPort[2]) };
  }
  // What looks like an IPv4 address is read as one, and this is none.
  if (isHost(text) && !(/^\d+(\.\d+){3}$/.test(text) && !isIPv4(text))) return undefined;
  return {
    why: { en: "is not a host name or address", ja: "はホスト名でもアドレスでもありません" },
    remedy: ONE_HOST,
  };
}

const BLANKS: Text = { en: "without the blanks", ja: "空白を除いて" };
const DOT: Text = { en: "without the dot", ja: "末尾のドットを除いて" };

function leave(host: string, how: Text): Text {
  return { en: `write ${host}, ${how.en}`, ja: `${how.ja} ${host} と書いてください` };
}

/** The host alone; its port belongs elsewhere. */
function alone(given: string, port: string | undefined): Text {
  const host = given.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  if (!isHost(host)) return ONE_HOST;
  return port === undefined
    ? { en: `write ${host} alone`, ja: `${host} とだけ書いてください` }
    : {
        en: `write ${host} alone; the port belongs in server_port (--server-port ${port})`,
        ja: `${host} とだけ書き、ポートは server_port に指定してください (--server-port ${port})`,
      };
}
