import { Failure, type FailureKind } from "../../domain/failure.ts";
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

  constructor(
    kind: FailureKind,
    code: string,
    message: string,
    hint: string,
    about: { status?: number; mayHaveHappened: boolean },
  ) {
    super(kind, code, message, hint);
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
  const { origin, host, hostname, protocol } = new URL(call.url);
  const sent = !neverConnected(fault) && !isCertificateFault(fault) && !fault.code.startsWith("EAI");
  const about = { mayHaveHappened: fault.code === "TIMEOUT" || (sent && fault.code !== "ENOTFOUND") };
  const fail = (kind: FailureKind, code: string, message: string, hint: string) =>
    new CmFailure(kind, code, message, hint, about);

  if (fault.code === "ABORTED") {
    return fail("interrupted", "interrupted", "interrupted", "run the same command again");
  }
  if (isCertificateFault(fault)) return certificateFailure(fault, origin, hostname);
  switch (fault.code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return fail(
        "unreachable",
        "cm-host-unknown",
        `the host name ${hostname} of Cloudera Manager cannot be resolved`,
        `check the name: getent hosts ${hostname}`,
      );
    case "TIMEOUT":
    case "ETIMEDOUT":
      return fail(
        "unreachable",
        "cm-timeout",
        `Cloudera Manager did not answer ${call.method} ${call.url} in time (${brief(fault.message)})`,
        "check that it is not overloaded and that no firewall drops the connection, then run the command again",
      );
    case "ECONNREFUSED":
      return fail(
        "unreachable",
        "cm-refused",
        `nothing accepts connections at ${host}`,
        "check that cloudera-scm-server runs there and that the port is right (7183 with TLS, 7180 without)",
      );
    case "TOO_LARGE":
      return fail("failed", "cm-unexpected-reply", `${call.method} ${call.url}: ${fault.message}`, NOT_CM);
    default:
      break;
  }
  if (speaksNoTls(fault)) {
    return fail(
      "unreachable",
      "cm-no-tls",
      `${host} does not speak TLS (${brief(fault.message, 120)})`,
      "if Cloudera Manager runs without TLS, give its URL with http:// (port 7180)",
    );
  }
  if (/EPROTO|^ERR_SSL/.test(fault.code)) {
    return fail(
      "unreachable",
      "cm-tls-failed",
      `${host} and this program cannot agree on TLS (${brief(fault.message, 120)})`,
      "old servers offer only TLS 1.0 or short keys: renew their TLS settings, or allow them for this run with NODE_OPTIONS='--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0'",
    );
  }
  const hint =
    protocol === "http:"
      ? "if TLS is on in Cloudera Manager, use https:// and port 7183; otherwise run the command again"
      : "run the command again; if it stays, look at the server's log (cloudera-scm-server.log)";
  return fail(
    "unreachable",
    "cm-unreachable",
    `the connection to Cloudera Manager broke during ${call.method} ${call.url} (${brief(fault.message, 120)})`,
    hint,
  );
}

function certificateFailure(fault: NetworkFault, origin: string, hostname: string): CmFailure {
  const about = { mayHaveHappened: false };
  if (fault.code === "CERT_HAS_EXPIRED" || fault.code === "CERT_NOT_YET_VALID") {
    return new CmFailure(
      "unreachable",
      "cm-certificate-expired",
      `the certificate of ${origin} is ${fault.code === "CERT_HAS_EXPIRED" ? "expired" : "not valid yet"}`,
      "renew the certificate of Cloudera Manager, and check this machine's clock",
      about,
    );
  }
  if (fault.code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return new CmFailure(
      "unreachable",
      "cm-certificate-name",
      `the certificate of ${origin} is not for ${hostname} (${brief(fault.message, 160)})`,
      "give the host name that the certificate is for in --cm-url",
      about,
    );
  }
  return new CmFailure(
    "unreachable",
    "cm-certificate-untrusted",
    `the certificate of ${origin} is not signed by a trusted authority (${fault.code})`,
    "give the authority's certificate (PEM) with --cm-ca-file",
    about,
  );
}

const NOT_CM = "check that the URL is that of Cloudera Manager and that no proxy answers in its place";

/** An answer that is not 2xx. `scrub` takes secrets out of what the server says. */
export function statusFailure(reply: Reply, call: Call, scrub: (text: string) => string): CmFailure {
  const said = scrub(serverMessage(reply));
  const where = `${call.method} ${call.url}`;
  const tail = said === "" ? "" : `: ${said}`;
  const fail = (kind: FailureKind, code: string, message: string, hint: string) =>
    new CmFailure(kind, code, message, hint, {
      status: reply.status,
      mayHaveHappened: reply.status >= 500,
    });
  switch (reply.status) {
    case 401:
      return fail(
        "auth",
        "cm-bad-credentials",
        `Cloudera Manager at ${new URL(call.url).origin} refuses the user name or password of "${call.user}"`,
        "check --cm-user and the password; it is the same account as for the web UI",
      );
    case 403:
      return fail(
        "auth",
        "cm-forbidden",
        `the Cloudera Manager user "${call.user}" may not do this (${where})${tail}`,
        call.method === "GET"
          ? "use an account that may read this cluster's configuration"
          : "use an account with the role Configurator or higher for this cluster (Operator or higher to restart)",
      );
    case 404:
      return fail(
        "failed",
        "cm-not-found",
        `Cloudera Manager knows no such object (${where})${tail}`,
        "it may have been renamed or removed in the meantime: run the command again",
      );
    case 429:
      return fail(
        "unreachable",
        "cm-busy",
        `Cloudera Manager asks to slow down (429, ${where})`,
        waitHint(reply),
      );
    case 502:
    case 503:
    case 504:
      return fail(
        "unreachable",
        "cm-unavailable",
        `Cloudera Manager is not available (${reply.status}, ${where})${tail}`,
        waitHint(reply),
      );
    default:
      break;
  }
  if (reply.status >= 300 && reply.status < 400) {
    return fail(
      "settings",
      "cm-redirected",
      `Cloudera Manager redirects ${where}${locationOf(reply)}`,
      "give the URL that it redirects to, if it is Cloudera Manager's own",
    );
  }
  if (reply.status === 400) {
    const unknown = /unknown configuration attribute/i.test(said);
    return fail(
      "failed",
      unknown ? "cm-unknown-property" : "cm-bad-request",
      `Cloudera Manager rejects the request (${where})${tail}`,
      unknown
        ? "this version of Cloudera Manager has no such property; search for it in the service's Configuration page"
        : "see the server's message; an internal fault can show as 400 too, then running again may help",
    );
  }
  return fail(
    "failed",
    reply.status >= 500 ? "cm-internal-error" : "cm-unexpected-status",
    `Cloudera Manager answers ${reply.status} to ${where}${tail}`,
    reply.status >= 500
      ? "look at the server's log (cloudera-scm-server.log), then run the command again"
      : NOT_CM,
  );
}

/** A 2xx answer whose body is not what the API promises. */
export function unexpectedReply(call: Call, why: string): CmFailure {
  return new CmFailure(
    "failed",
    "cm-unexpected-reply",
    `Cloudera Manager's answer to ${call.method} ${call.url} cannot be used: ${why}`,
    "run the command again; if it stays, check that the URL is Cloudera Manager's own and no proxy answers in its place",
    { status: 200, mayHaveHappened: call.method !== "GET" },
  );
}

function waitHint(reply: Reply): string {
  const after = reply.headers["retry-after"];
  const base = "wait until cloudera-scm-server has started, then run the command again";
  return after === undefined ? base : `${base} (it asks to wait: ${brief(after, 40)})`;
}

function locationOf(reply: Reply): string {
  const location = reply.headers["location"];
  return location === undefined ? "" : ` to ${brief(location, 120)}`;
}

/**
 * What the server says about an error: `{message, causes}` in JSON, or the heading of Jetty's HTML page.
 * One line, control characters removed.
 */
export function serverMessage(reply: Reply): string {
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
        return brief(cause === undefined ? body.message : `${body.message} (${cause})`);
      }
    } catch {
      return "";
    }
    return "";
  }
  const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1];
  return title === undefined ? "" : brief(title, 120);
}

/** Whether another attempt at the same idempotent call makes sense: the server was away or broke off. */
export function isTransient(thrown: unknown): boolean {
  return (
    thrown instanceof CmFailure &&
    (thrown.kind === "unreachable" || (thrown.status !== undefined && thrown.status >= 500)) &&
    !thrown.code.startsWith("cm-certificate")
  );
}
