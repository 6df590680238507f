import { retold } from "../../domain/catalogue.ts";
import type { Failure } from "../../domain/failure.ts";
import type { Warning } from "../../domain/warning.ts";
import { UNUSABLE } from "../../messages/failures/cloudera/answers.ts";
import { clouderaConnectFailure, NOT_CLOUDERA } from "../../messages/failures/cloudera/connect.ts";
import { NONE_REACHED } from "../../messages/failures/cloudera/network.ts";
import { clouderaWarning } from "../../messages/warnings/cloudera.ts";
import type { Exchange } from "../http/exchange.ts";
import {
  type CmFailure,
  networkFailure,
  neverConnected,
  serverMessage,
  speaksNoTls,
  unexpectedReply,
} from "../http/failures.ts";
import { NetworkFault, type Reply } from "../http/transport.ts";
import { apiOf, isLoopback, redirectTarget } from "./address.ts";
import { ClusterList, shaped } from "./shapes.ts";

/** The oldest API that is enough: staleness and role filters came with v6 (CM 5.0). */
export const OLDEST_API = 6;

export interface Reached {
  /** Base URL, redirects resolved. */
  readonly url: string;
  /** Highest API version that the server speaks. */
  readonly serverVersion: number;
}

/**
 * The first candidate that answers, and its API version. Only when nothing listens (or no TLS is spoken) at one, the
 * next is tried: a certificate that is not trusted never leads to the plain port.
 * @throws Failure `unreachable`, `auth`, `settings`
 */
export async function reach(
  candidates: readonly string[],
  exchange: Exchange,
  warnings: Warning[],
): Promise<Reached> {
  const several = candidates.length > 1;
  const refused: CmFailure[] = [];
  for (const candidate of candidates) {
    try {
      return await reachOne(candidate, exchange, warnings, several);
    } catch (thrown) {
      if (!(thrown instanceof NetworkFault)) throw thrown;
      const call = { method: "GET", url: `${apiOf(candidate)}/version`, user: exchange.user };
      const failure = networkFailure(thrown, call);
      if (!several || !(neverConnected(thrown) || speaksNoTls(thrown))) throw failure;
      refused.push(failure);
    }
  }
  const last = refused.at(-1);
  if (last === undefined) throw new TypeError("there is no address to try");
  throw retold(last, NONE_REACHED.message(refused.map(({ text }) => text)), NONE_REACHED.hint);
}

/**
 * Asks for the version. Over plain http the first question goes without the password: where TLS is on, it is answered
 * by the redirect to https, and the password has not crossed the network in clear.
 * @throws NetworkFault when no answer comes
 */
async function reachOne(
  candidate: string,
  exchange: Exchange,
  warnings: Warning[],
  several: boolean,
): Promise<Reached> {
  const exposed = candidate.startsWith("http:") && !isLoopback(candidate);
  let url = candidate;
  let reply = await exchange.first(`${apiOf(url)}/version`, { password: !exposed, impatient: several });
  if (reply.status >= 300 && reply.status < 400) {
    url = redirectTarget(candidate, reply.headers["location"]);
    warnings.push(clouderaWarning("cm-redirected", { from: candidate, to: url }));
    reply = await exchange.first(`${apiOf(url)}/version`, { password: true, impatient: false });
  } else if (exposed) {
    warnings.push(clouderaWarning("cm-plain-http", { url: candidate }));
    if (reply.status === 401) {
      reply = await exchange.first(`${apiOf(url)}/version`, { password: true, impatient: false });
    }
  }
  return { url, serverVersion: await versionOf(reply, url, exchange) };
}

/**
 * `GET /api/version` answers bare text (`v19`, at times quoted); very first servers answer 404, as does every other
 * server: only what answers as Cloudera Manager does is judged as one.
 */
async function versionOf(reply: Reply, url: string, exchange: Exchange): Promise<number> {
  const request = { method: "GET" as const, url: `${apiOf(url)}/version` };
  const call = { ...request, user: exchange.user };
  const text = reply.body
    .subarray(0, 64 * 1024)
    .toString("utf8")
    .trim();
  if (reply.status === 404) {
    const page = /<html/i.test(text);
    if (!page && (await isFirstServer(url, exchange))) throw tooOld(url, "v1");
    const said = serverMessage(reply, (words, length) => exchange.said(words, length));
    const came = page ? NOT_CLOUDERA.page(404, said) : NOT_CLOUDERA.status(404, said);
    const failure = clouderaConnectFailure("no-cloudera-manager", { call: callName(call), came, url });
    throw page ? retold(unexpectedReply(call, UNUSABLE.page), failure.text, failure.hintText) : failure;
  }
  exchange.good(reply, request);
  const version = /^"?v(\d{1,4})"?$/.exec(text)?.[1];
  if (version === undefined) {
    const came = LOGIN_FORM.test(text)
      ? NOT_CLOUDERA.loginForm
      : NOT_CLOUDERA.noVersion(exchange.said(text, 40));
    const { text: words, hintText } = clouderaConnectFailure("no-cloudera-manager", {
      call: callName(call),
      came,
      url,
    });
    throw retold(unexpectedReply(call, came), words, hintText);
  }
  if (Number(version) < OLDEST_API) throw tooOld(url, `v${version}`);
  return Number(version);
}

/** A page with a form to log in at: Cloudera Manager's own, Knox's, or another one. */
const LOGIN_FORM = /<form\b|type=["']?password|loginForm|j_security_check/i;

/**
 * Whether a Cloudera Manager of the very first API answers there, which has no `/api/version`: its list of clusters, or
 * its own refusal of a login. Where the password has not been sent yet, it is not sent for this either.
 */
async function isFirstServer(url: string, exchange: Exchange): Promise<boolean> {
  const exposed = url.startsWith("http:") && !isLoopback(url);
  const reply = await exchange.first(`${apiOf(url)}/v1/clusters`, { password: !exposed, impatient: true });
  const text = reply.body.subarray(0, 64 * 1024).toString("utf8");
  if (reply.status === 401) return /Bad credentials|realm="?Cloudera/i.test(refusalOf(reply, text));
  if (reply.status !== 200) return false;
  try {
    const listed: unknown = JSON.parse(text);
    // Ambari's list of the same path has items too, and a `href` beside them.
    return shaped(ClusterList, listed).ok && !/^\s*\{\s*"href"/.test(text);
  } catch {
    return false;
  }
}

function refusalOf(reply: Reply, text: string): string {
  return `${reply.headers["www-authenticate"] ?? ""} ${text}`;
}

function callName({ method, url }: { readonly method: string; readonly url: string }): string {
  return `${method} ${url}`;
}

function tooOld(url: string, version: string): Failure {
  return clouderaConnectFailure("cm-too-old", { url, version, oldest: OLDEST_API });
}
