import type { Transport } from "./contract.ts";

const HTTP_METHODS = ["POST ", "GET ", "PUT ", "HEAD ", "OPTIONS ", "DELETE ", "PRI "];
/** RFC 4422: SASL mechanism names have at most 20 characters. */
const MECHANISM_BYTES = 20;
const SASL_START = 1;

/**
 * What a client speaks, by its first bytes: strict Thrift begins with its version and message type, Thrift's SASL with START and the name of
 * the mechanism, TLS with a handshake record, HTTP with a method.
 * @returns undefined while more bytes are needed; at most 25 are
 */
export function detect(head: Uint8Array): Transport | undefined {
  switch (head[0]) {
    case undefined:
      return undefined;
    case 0x80:
      return detectThrift(head);
    case 0x16:
      return head.length < 2 ? undefined : head[1] === 3 ? "tls" : "unknown";
    case SASL_START:
      return detectSasl(head);
    default:
      return detectHttp(head);
  }
}

function detectThrift(head: Uint8Array): Transport | undefined {
  if (head.length > 1 && head[1] !== 1) return "unknown";
  if (head.length < 4) return undefined;
  const type = head[3];
  return type === 1 || type === 4 ? "thrift" : "unknown";
}

function detectSasl(head: Uint8Array): Transport | undefined {
  if (head.length < 5) return undefined;
  const length = Buffer.from(head.buffer, head.byteOffset, head.length).readUInt32BE(1);
  if (length === 0 || length > MECHANISM_BYTES) return "unknown";
  if (head.length < 5 + length) return undefined;
  const mechanism = Buffer.from(head.subarray(5, 5 + length)).toString("latin1");
  if (mechanism === "PLAIN") return "sasl-plain";
  return mechanism === "GSSAPI" ? "sasl-gssapi" : "unknown";
}

function detectHttp(head: Uint8Array): Transport | undefined {
  const text = Buffer.from(head.subarray(0, 8)).toString("latin1");
  if (HTTP_METHODS.some((method) => text.startsWith(method))) return "http";
  return HTTP_METHODS.some((method) => method.startsWith(text)) ? undefined : "unknown";
}
