import {
  APPLICATION,
  CONTEXT,
  DerError,
  DerReader,
  GENERAL_STRING,
  INTEGER,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  SEQUENCE,
  smallInteger,
} from "./der.ts";
import { principalText } from "./principal.ts";

/** Kerberos 5 (RFC 4121, 1). */
const KRB5 = Buffer.from("2a864886f712010202", "hex");
/** Before the request in its token (RFC 4121, 4.1). */
const TOKEN_ID = 0x0100;
const AP_REQ = 14;
const TICKET = 1;
const VERSION = 5;
/** A name of a service has two parts, or three. */
const MOST_PARTS = 8;

/** What a login says in the clear: for whom its ticket is, and with which of that one's keys it was made. */
export interface Addressee {
  /** With the realm, as Kerberos prints it. */
  readonly name: string;
  /** Without it. */
  readonly service: string;
  /** Version of the key; undefined: the ticket does not say. */
  readonly keyVersion: number | undefined;
}

/**
 * For whom the first token of a GSSAPI login is: the server's name in the ticket of its AP-REQ (RFC 4121, 4.1; RFC
 * 4120, 5.3 and 5.5.1). Nothing of it is proved until the library has accepted it.
 * @throws DerError: no such token
 */
export function addresseeOf(token: Buffer): Addressee {
  const whole = new DerReader(token);
  const framed = whole.enter(APPLICATION);
  if (!whole.done) throw new DerError("bytes after the token");
  if (!framed.take(OBJECT_IDENTIFIER).equals(KRB5)) throw new DerError("another mechanism than Kerberos 5");
  const { rest } = framed;
  if (rest.length < 2 || rest.readUInt16BE(0) !== TOKEN_ID) throw new DerError("not a first token");
  const outer = new DerReader(rest.subarray(2));
  const request = outer.enter(APPLICATION + AP_REQ).enter(SEQUENCE);
  if (!outer.done) throw new DerError("bytes after the request");
  expectNumber(request, 0, VERSION);
  expectNumber(request, 1, AP_REQ);
  request.take(CONTEXT + 2);
  return ticketOf(
    request
      .enter(CONTEXT + 3)
      .enter(APPLICATION + TICKET)
      .enter(SEQUENCE),
  );
}

function ticketOf(ticket: DerReader): Addressee {
  expectNumber(ticket, 0, VERSION);
  const realm = text(ticket.only(CONTEXT + 1, GENERAL_STRING));
  const sname = ticket.enter(CONTEXT + 2).enter(SEQUENCE);
  smallInteger(sname.only(CONTEXT, INTEGER));
  const strings = sname.enter(CONTEXT + 1).enter(SEQUENCE);
  const parts: string[] = [];
  while (!strings.done) {
    parts.push(text(strings.take(GENERAL_STRING)));
    if (parts.length > MOST_PARTS) throw new DerError("a name of too many parts");
  }
  if (parts.length === 0 || realm === "") throw new DerError("no name");
  const sealed = ticket.enter(CONTEXT + 3).enter(SEQUENCE);
  smallInteger(sealed.only(CONTEXT, INTEGER));
  const keyVersion = sealed.has(CONTEXT + 1) ? smallInteger(sealed.only(CONTEXT + 1, INTEGER)) : undefined;
  sealed.only(CONTEXT + 2, OCTET_STRING);
  const name = principalText({ parts, realm });
  return { name, service: name.slice(0, -realm.length - 1), keyVersion };
}

function expectNumber(reader: DerReader, place: number, expected: number): void {
  if (smallInteger(reader.only(CONTEXT + place, INTEGER)) !== expected) throw new DerError("another version");
}

function text(content: Buffer): string {
  return content.toString("utf8");
}
