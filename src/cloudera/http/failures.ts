import { retold } from "../../domain/catalogue.ts";
import { Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { clouderaAnswerFailure, REDIRECTED, UNUSABLE } from "../../messages/failures/cloudera/answers.ts";
import { clouderaNetworkFailure, RUN_AGAIN } from "../../messages/failures/cloudera/network.ts";
import { runFailure } from "../../messages/failures/run.ts";
import { brief } from "./text.ts";
import type { NetworkFault, Reply } from "./transport.ts";

/** What was asked for, as messages name it: `GET https://cm.example.com:7183/api/v19/clusters`. */
export interface Call {
  readonly method: string;
  readonly url: string;
  /** The account, for the messages of 401 and 403. */
  readonly user: string;
}

/** A failed call to Cloudera Manager. `status` is undefined when no answer came. */
export class CmFailure extends Failure {
  readonly status: number | undefined;
  /**
   * Whether the request may have taken effect although it failed: true unless it never left this machine
   * or the server refused it (4xx).
   */
  readonly mayHaveHappened: boolean;

  constructor(failure: Failure, about: { status?: number | undefined; mayHaveHappened: boolean }) {
    super(failure.kind, failure.code, failure.text, failure.hintText);
    this.status = about.status;
    this.mayHaveHappened = about.mayHaveHappened;
  }
}

/** The server's certificate is not trusted: no retry, no fall-back to http. */
export function isCertificateFault(fault: NetworkFault): boolean {
  return /CERT|SIGNATURE|ISSUER|CRL|HOSTNAME_MISMATCH/.test(fault.code) && !fault.code.startsWith("ERR_SSL");
}

/** Nothing listens there, or nothing can be reached: the request was never sent. */
export function neverConnected(fault: NetworkFault): boolean {
  return ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "TIMEOUT"].includes(fault.code);
}

/** The port answers, but in clear text: what Node reports when the first bytes are not TLS. */
export function speaksNoTls(fault: NetworkFault): boolean {
  const signs = /wrong.version.number|packet.length.too.long|http.request/i;
  return signs.test(fault.code) || (fault.code === "EPROTO" && signs.test(fault.message));
}

/** No answer: name resolution, connection, TLS, time-out, a broken answer. */
export function networkFailure(fault: NetworkFault, call: Call): CmFailure {
  const sent = !neverConnected(fault) && !isCertificateFault(fault) && !fault.code.startsWith("EAI");
  const mayHaveHappened = fault.code === "TIMEOUT" || (sent && fault.code !== "ENOTFOUND");
  return new CmFailure(failureOf(fault, call), { mayHaveHappened });
}

function failureOf(fault: NetworkFault, { method, url }: Call): Failure {
  const { host, hostname, protocol } = new URL(url);
  const call = `${method} ${url}`;
  if (fault.code === "ABORTED") {
    const interrupted = runFailure("interrupted");
    return retold(interrupted, interrupted.text, RUN_AGAIN);
  }
  if (isCertificateFault(fault)) return certificateFailure(fault, new URL(url));
  switch (fault.code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return clouderaNetworkFailure("cm-host-unknown", { host: hostname });
    case "TIMEOUT":
    case "ETIMEDOUT":
      return clouderaNetworkFailure("cm-timeout", { call, reason: brief(fault.message) });
    case "ECONNREFUSED":
      return clouderaNetworkFailure("cm-refused", { host });
    case "TOO_LARGE":
      return clouderaAnswerFailure("cm-unexpected-reply", { call, reason: UNUSABLE.tooLarge(fault.message) });
    default:
      break;
  }
  const reason = brief(fault.message, 120);
  if (speaksNoTls(fault)) return clouderaNetworkFailure("cm-no-tls", { host, reason });
  if (/EPROTO|^ERR_SSL/.test(fault.code)) return clouderaNetworkFailure("cm-tls-failed", { host, reason });
  return clouderaNetworkFailure("cm-unreachable", { call, reason, encrypted: protocol !== "http:" });
}

function certificateFailure(fault: NetworkFault, { origin, hostname }: URL): Failure {
  if (fault.code === "CERT_HAS_EXPIRED" || fault.code === "CERT_NOT_YET_VALID") {
    const expired = fault.code === "CERT_HAS_EXPIRED";
    return clouderaNetworkFailure("cm-certificate-expired", { origin, expired });
  }
  if (fault.code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const reason = brief(fault.message, 160);
    return clouderaNetworkFailure("cm-certificate-name", { origin, host: hostname, reason });
  }
  return clouderaNetworkFailure("cm-certificate-untrusted", { origin, code: fault.code });
}

/** What the server said, as one short line and without secrets. */
export type Said = (text: string, length?: number) => string;

/** An answer that is not 2xx. */
export function statusFailure(reply: Reply, call: Call, said: Said): CmFailure {
  const { status } = reply;
  return new CmFailure(answerFailure(reply, call, serverMessage(reply, said), said), {
    status,
    mayHaveHappened: status >= 500,
  });
}

function answerFailure(reply: Reply, { method, url, user }: Call, said: string, short: Said): Failure {
  const { status } = reply;
  const call = `${method} ${url}`;
  const header = reply.headers["retry-after"];
  const after = header === undefined ? undefined : short(header, 40);
  switch (status) {
    case 400:
      return clouderaAnswerFailure(
        /unknown configuration attribute/i.test(said) ? "cm-unknown-property" : "cm-bad-request",
        { call, said },
      );
    case 401:
      return refusedLogin(reply, url, user);
    case 403:
      return clouderaAnswerFailure("cm-forbidden", { call, said, user, reading: method === "GET" });
    case 404:
      return clouderaAnswerFailure("cm-not-found", { call, said });
    case 429:
      return clouderaAnswerFailure("cm-busy", { call, after });
    case 502:
    case 503:
    case 504:
      return clouderaAnswerFailure("cm-unavailable", { call, said, status, after });
    default:
      break;
  }
  if (status >= 300 && status < 400) {
    const to = short(reply.headers["location"] ?? "", 120);
    return clouderaAnswerFailure("cm-redirected", {
      reason: REDIRECTED.call(call, to),
      hint: REDIRECTED.giveTarget,
    });
  }
  const code = status >= 500 ? "cm-internal-error" : "cm-unexpected-status";
  return clouderaAnswerFailure(code, { call, said, status });
}

/**
 * Whose 401 it is: a proxy's that takes no passwords at all, Knox's (its Shiro realm is `application`; with another, it
 * stands before every `…/cm-api` and the page is not Cloudera Manager's), or Cloudera Manager's.
 */
function refusedLogin(reply: Reply, url: string, user: string): Failure {
  const { origin, pathname } = new URL(url);
  const challenge = reply.headers["www-authenticate"] ?? "";
  const schemes = [...challenge.matchAll(/(?:^|,\s*)([A-Za-z][A-Za-z0-9-]*)(?=\s*(?:,|$)|\s+\S)/g)].map(
    ([, scheme = ""]) => scheme,
  );
  if (schemes.length > 0 && !schemes.some((scheme) => /^basic$/i.test(scheme))) {
    return clouderaAnswerFailure("cm-other-authentication", { origin, schemes: [...new Set(schemes)] });
  }
  const own = /realm="?Cloudera/i.test(challenge) || /Bad credentials/i.test(reply.body.toString("latin1"));
  const knox = /realm="?application"?/i.test(challenge) || (/\/cm-api\//.test(pathname) && !own);
  return clouderaAnswerFailure(knox ? "knox-bad-credentials" : "cm-bad-credentials", { origin, user });
}

/** A 2xx answer whose body is not what the API promises. */
export function unexpectedReply({ method, url }: Call, reason: Text): CmFailure {
  return new CmFailure(clouderaAnswerFailure("cm-unexpected-reply", { call: `${method} ${url}`, reason }), {
    status: 200,
    mayHaveHappened: method !== "GET",
  });
}

/**
 * What the server says about an error: `{message, causes}` in JSON, or the heading of Jetty's HTML page.
 * One line, control characters and secrets removed.
 */
export function serverMessage(reply: Reply, said: Said = brief): string {
  const text = reply.body.subarray(0, 64 * 1024).toString("utf8");
  if (/^\s*[{[]/.test(text)) {
    try {
      const body: unknown = JSON.parse(text);
      if (
        typeof body === "object" &&
        body !== null &&
        "message" in body &&
        typeof body.message === "string"
      ) {
        const causes = "causes" in body && Array.isArray(body.causes) ? body.causes : [];
        const cause = causes.find((item): item is string => typeof item === "string");
        return said(cause === undefined ? body.message : `${body.message} (${cause})`);
      }
    } catch {
      return "";
    }
    return "";
  }
  const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1];
  return title === undefined ? "" : said(title, 120);
}

/** Whether another attempt at the same idempotent call makes sense: the server was away or broke off. */
export function isTransient(thrown: unknown): boolean {
  return (
    thrown instanceof CmFailure &&
    (thrown.kind === "unreachable" || (thrown.status !== undefined && thrown.status >= 500)) &&
    !thrown.code.startsWith("cm-certificate")
  );
}
