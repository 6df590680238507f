import { encodeBinary, encodeCall, encodeField, encodeInt32, encodeStruct } from "../thrift/encode.ts";
import { readMessage, type Struct, type Value } from "../thrift/struct-reader.ts";
import { I32, REPLY, STRING } from "../thrift/types.ts";
import { encodeIdentifier } from "./handles.ts";
import * as tcli from "./tcli-service.ts";

/** Characters of a refusal that a check's message tells. */
const TOLD = 200;

export type OpenSessionReply =
  | { readonly kind: "opened"; readonly guid: Buffer; readonly secret: Buffer }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "foreign" };

export function encodeOpenSession(user: string): Buffer {
  const protocol = [encodeField(I32, tcli.CLIENT_PROTOCOL), encodeInt32(tcli.PROTOCOL_V6)];
  const name = [encodeField(STRING, tcli.USERNAME), encodeBinary(Buffer.from(user))];
  return encodeCall(tcli.OPEN_SESSION, 1, tcli.REQUEST, [...protocol, ...name]);
}

/** @param sequence of the message; its reply has the same */
export function encodeCloseSession(guid: Buffer, secret: Buffer, sequence = 2): Buffer {
  const identifier = encodeIdentifier(guid, secret);
  return encodeCall(
    tcli.CLOSE_SESSION,
    sequence,
    tcli.REQUEST,
    encodeStruct(tcli.SESSION_HANDLE, identifier),
  );
}

/** The reply once it has come completely; undefined: more bytes are needed. */
export function readOpenSessionReply(answer: Buffer): OpenSessionReply | undefined {
  const parsed = readMessage(answer);
  if (parsed === undefined || parsed === "foreign") return parsed && { kind: "foreign" };
  if (parsed.type !== REPLY)
    return { kind: "refused", message: text(parsed.body.get(1)) || "Thrift exception" };
  const response = asStruct(parsed.body.get(tcli.SUCCESS));
  const status = asStruct(response?.get(tcli.RESPONSE_STATUS));
  const code = status?.get(tcli.STATUS_CODE);
  if (typeof code !== "number" || code > tcli.LAST_GOOD_STATUS) {
    return { kind: "refused", message: text(status?.get(tcli.ERROR_MESSAGE)) || `status ${String(code)}` };
  }
  const identifier = asStruct(asStruct(response?.get(tcli.OPENED_SESSION))?.get(tcli.HANDLE_ID));
  const guid = identifier?.get(tcli.HANDLE_GUID);
  const secret = identifier?.get(tcli.HANDLE_SECRET);
  if (!Buffer.isBuffer(guid) || !Buffer.isBuffer(secret))
    return { kind: "refused", message: "no session handle" };
  return { kind: "opened", guid, secret };
}

/** True once any Thrift message, or something else, has come completely. */
export function readReplyEnd(answer: Buffer): true | undefined {
  return readMessage(answer) === undefined ? undefined : true;
}

function asStruct(value: Value): Struct | undefined {
  return value instanceof Map ? value : undefined;
}

function text(value: Value): string {
  return Buffer.isBuffer(value) ? value.toString("utf8", 0, TOLD) : "";
}
