import { isIP, isIPv6 } from "node:net";
import { isLoopback as isLoopbackHost } from "../../domain/endpoint.ts";
import { clouderaAnswerFailure, REDIRECTED } from "../../messages/failures/cloudera/answers.ts";
import { clouderaConnectFailure, GIVE_CM_URL } from "../../messages/failures/cloudera/connect.ts";

/** The ports of Cloudera Manager's web server, the same for the UI and the API. */
export interface CmPorts {
  readonly https: number;
  readonly http: number;
}

export const CM_PORTS: CmPorts = { https: 7183, http: 7180 };

/** The agent heartbeat port, which people take from `config.ini` by mistake: it speaks no HTTP API. */
const AGENT_PORT = 7182;

/**
 * The base URLs to try, in order, for what a person wrote: a URL as it is (UI paths such as `/cmf/home` cut off), a
 * bare host as https on 7183 and then http on 7180, `host:port` as the protocol of a well-known port or https and then
 * http.
 * @throws Failure `settings`: `bad-cm-url`, `cm-url-has-credentials`, `cm-agent-port`
 */
export function candidateUrls(text: string, ports: CmPorts = CM_PORTS): string[] {
  const given = text.trim();
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) return [baseOf(parse(given))];
  const host = isIPv6(given) ? `[${given}]` : given;
  const url = parse(`https://${host}`);
  // `https://host` swallows an explicit :443, so the port is taken from the text.
  const port = /:(\d+)(?:\/|$)/.exec(host.replace(/^\[[^\]]*\]/, ""))?.[1];
  const name = url.hostname;
  if (port === undefined) return [`https://${name}:${ports.https}`, `http://${name}:${ports.http}`];
  if (Number(port) === ports.https) return [`https://${name}:${port}`];
  if (Number(port) === ports.http) return [`http://${name}:${port}`];
  return [`https://${name}:${port}`, `http://${name}:${port}`];
}

/**
 * The base URL that a redirect of the unauthenticated first GET leads to (CM with TLS on redirects 7180 to 7183).
 * Only to https, and only to the same machine by name: the host as typed, or the full name of a short one.
 * @throws Failure `settings`, code `cm-redirected`, naming the URL to give instead
 */
export function redirectTarget(from: string, location: string | undefined): string {
  const source = new URL(from);
  const target = location === undefined ? undefined : tryParse(location, source);
  if (target === undefined) {
    throw clouderaAnswerFailure("cm-redirected", { reason: REDIRECTED.nowhere(from), hint: GIVE_CM_URL });
  }
  if (isLogin(target, source)) {
    throw clouderaAnswerFailure("cm-redirected", {
      reason: REDIRECTED.login(from, `${target.origin}${target.pathname}`),
      hint: REDIRECTED.loginHint,
    });
  }
  const same =
    target.hostname === source.hostname ||
    (isIP(source.hostname) === 0 && target.hostname.startsWith(`${source.hostname}.`));
  if (target.protocol !== "https:" || !same) {
    const to = baseOf(target);
    throw clouderaAnswerFailure("cm-redirected", {
      reason: REDIRECTED.foreign(from, to),
      hint: REDIRECTED.giveIt(to),
    });
  }
  if (target.origin === source.origin) {
    const reason = REDIRECTED.itself(from, target.pathname);
    throw clouderaAnswerFailure("cm-redirected", { reason, hint: GIVE_CM_URL });
  }
  // A prefix (a proxy's path) stays when the target has it too: then only the protocol or the port changed.
  const prefix = source.pathname.replace(/\/+$/, "");
  return target.pathname.startsWith(`${prefix}/`) ? `${target.origin}${prefix}` : target.origin;
}

/** Whether a redirect leads to a page where a person logs in: Knox's single sign-on, or a form on the same server. */
function isLogin(target: URL, source: URL): boolean {
  if (/\/(knoxsso|knoxauth|websso)\b/i.test(target.pathname)) return true;
  if (/(^|[?&])originalurl=/i.test(target.search)) return true;
  return target.origin === source.origin && /login|signin|saml/i.test(target.pathname);
}

/**
 * Where the API begins. Apache Knox maps `<topology>/cm-api/X` to Cloudera Manager's `/api/X` (its service definition
 * cm-api, as every CDP Data Hub has it), so no `/api` follows there.
 */
export function apiOf(base: string): string {
  return isKnoxBase(base) ? base : `${base}/api`;
}

/** Whether the base URL is one of Knox's for the API of Cloudera Manager. */
export function isKnoxBase(base: string): boolean {
  return /\/cm-api$/.test(base);
}

/** True for the addresses of this very machine, where a password in clear text crosses no network. */
export function isLoopback(base: string): boolean {
  return isLoopbackHost(new URL(base).hostname.replace(/^\[(.*)\]$/, "$1"));
}

function parse(text: string): URL {
  const url = tryParse(text);
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:") || url.hostname === "") {
    throw clouderaConnectFailure("bad-cm-url");
  }
  if (url.username !== "" || url.password !== "") {
    throw clouderaConnectFailure("cm-url-has-credentials");
  }
  if (Number(url.port) === AGENT_PORT) {
    throw clouderaConnectFailure("cm-agent-port", {
      port: AGENT_PORT,
      https: `https://${url.hostname}:${CM_PORTS.https}`,
      http: `http://${url.hostname}:${CM_PORTS.http}`,
    });
  }
  return url;
}

function tryParse(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Origin and path prefix without the pages of the UI and the API, which people copy from the browser. */
function baseOf(url: URL): string {
  const knox = /^(.*\/cm-api)(\/.*)?$/.exec(url.pathname)?.[1];
  const prefix = knox ?? url.pathname.replace(/\/(cmf|api)(\/.*)?$/, "").replace(/\/+$/, "");
  return `${url.origin}${prefix}`;
}
