import { retold } from "../../domain/catalogue.ts";
import type { Failure } from "../../domain/failure.ts";
import type { Warning } from "../../domain/warning.ts";
import { UNUSABLE } from "../../messages/failures/cloudera/answers.ts";
import { clouderaConnectFailure } from "../../messages/failures/cloudera/connect.ts";
import { NONE_REACHED } from "../../messages/failures/cloudera/network.ts";
import { clouderaWarning } from "../../messages/warnings/cloudera.ts";
import type { Exchange } from "../http/exchange.ts";
import {
  type CmFailure,
  networkFailure,
  neverConnected,
  speaksNoTls,
  unexpectedReply,
} from "../http/failures.ts";
import { NetworkFault, type Reply } from "../http/transport.ts";
import { isLoopback, redirectTarget } from "./address.ts";

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
      const call = { method: "GET", url: `${candidate}/api/version`, user: exchange.user };
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
  let reply = await exchange.first(`${url}/api/version`, { password: !exposed, impatient: several });
  if (reply.status >= 300 && reply.status < 400) {
    url = redirectTarget(candidate, reply.headers["location"]);
    warnings.push(clouderaWarning("cm-redirected", { from: candidate, to: url }));
    reply = await exchange.first(`${url}/api/version`, { password: true, impatient: false });
  } else if (exposed) {
    warnings.push(clouderaWarning("cm-plain-http", { url: candidate }));
    if (reply.status === 401) {
      reply = await exchange.first(`${url}/api/version`, { password: true, impatient: false });
    }
  }
  return { url, serverVersion: versionOf(reply, url, exchange) };
}

/** `GET /api/version` answers bare text (`v19`, at times quoted); very first servers answer 404. */
function versionOf(reply: Reply, url: string, exchange: Exchange): number {
  const request = { method: "GET" as const, url: `${url}/api/version` };
  if (reply.status === 404) {
    if (!/<html/i.test(reply.body.toString("latin1"))) throw tooOld(url, "v1");
    throw unexpectedReply({ ...request, user: exchange.user }, UNUSABLE.page);
  }
  exchange.good(reply, request);
  const text = reply.body.subarray(0, 200).toString("utf8").trim();
  const version = /^"?v(\d{1,4})"?$/.exec(text)?.[1];
  if (version === undefined) {
    const call = { ...request, user: exchange.user };
    throw unexpectedReply(call, UNUSABLE.noVersion(exchange.said(text, 40)));
  }
  if (Number(version) < OLDEST_API) throw tooOld(url, `v${version}`);
  return Number(version);
}

function tooOld(url: string, version: string): Failure {
  return clouderaConnectFailure("cm-too-old", { url, version, oldest: OLDEST_API });
}
