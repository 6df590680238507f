import { errnoOf, messageOf } from "../../domain/failure.ts";
import { sameText, type Text } from "../../domain/text.ts";
import { systemText } from "../../messages/errno.ts";
import { SPOKEN, TLS_WORDS, UNBELIEVED } from "../../messages/tls.ts";

/** Why TLS with a peer failed, in words that make sense after "TLS: ". */
export function tlsReason(error: unknown): Text {
  const code = errnoOf(error) ?? "";
  const unbelieved = UNBELIEVED[code];
  if (unbelieved !== undefined) return unbelieved;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return TLS_WORDS.otherNames(otherNames(error));
  if (!isTlsError(error)) return systemText(error);
  const spoken = SPOKEN.find(([pattern]) => pattern.test(code) || pattern.test(reasonCode(error)));
  return spoken?.[1] ?? sameText(opensslReason(error));
}

/** OpenSSL's reason alone: its messages begin with a thread and end with a line of its sources. */
export function opensslReason(error: unknown): string {
  if (typeof error === "object" && error !== null && "reason" in error && typeof error.reason === "string") {
    return error.reason;
  }
  return /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(messageOf(error))?.[1] ?? messageOf(error);
}

/** True for an error of TLS, as opposed to one of the connection under it. */
export function isTlsError(error: unknown): boolean {
  const code = errnoOf(error) ?? "";
  return code in UNBELIEVED || /^ERR_(SSL|TLS|OSSL)_/.test(code) || code === "EPROTO";
}

/** The reason in the form of a code. */
function reasonCode(error: unknown): string {
  return opensslReason(error)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, "_");
}

/** Node's sentence ends with the names. */
function otherNames(error: unknown): string {
  if (typeof error === "object" && error !== null && "reason" in error) {
    return String(error.reason).replace(/^Host: (\S+?)\. is not /, "$1 is not ");
  }
  return messageOf(error);
}
