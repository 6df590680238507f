import { principalText } from "./principal.ts";

/** The file begins with this: version 5.2, everything big-endian (MIT's keytab file format). */
const VERSION = 0x0502;

/** One key of a keytab, without the key. */
export interface KeytabEntry {
  /** Its principal with the realm, as Kerberos prints it. */
  readonly name: string;
  readonly keyVersion: number;
}

export type KeytabFault = "notKeytab" | "truncated" | "malformed" | "empty";

/** Whose keys a keytab has, or why it is none. Keys are skipped, never copied. */
export function readKeytab(bytes: Buffer): readonly KeytabEntry[] | KeytabFault {
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== VERSION) return "notKeytab";
  const entries: KeytabEntry[] = [];
  for (let at = 2; at < bytes.length; ) {
    if (at + 4 > bytes.length) return "truncated";
    const size = bytes.readInt32BE(at);
    at += 4;
    // A hole that a deleted entry has left; the file may end with one of no size.
    if (size <= 0) {
      if (size === 0) break;
      at -= size;
      continue;
    }
    if (at + size > bytes.length) return "truncated";
    const entry = readEntry(bytes.subarray(at, at + size));
    if (entry === undefined) return "malformed";
    entries.push(entry);
    at += size;
  }
  return entries.length === 0 ? "empty" : entries;
}

function readEntry(bytes: Buffer): KeytabEntry | undefined {
  let at = 0;
  let whole = true;
  const number = (size: number): number => {
    const value = at + size <= bytes.length ? bytes.readUIntBE(at, size) : 0;
    whole &&= at + size <= bytes.length;
    at += size;
    return value;
  };
  const counted = (): Buffer => {
    const length = number(2);
    whole &&= at + length <= bytes.length;
    at += length;
    return bytes.subarray(at - length, at);
  };
  const count = number(2);
  const realm = counted().toString("utf8");
  const parts: string[] = [];
  for (let each = 0; each < count && whole; each++) parts.push(counted().toString("utf8"));
  // Type of the name, time.
  at += 8;
  const short = number(1);
  // Type of the key, and the key.
  at += 2;
  counted();
  if (!whole || parts.length === 0) return undefined;
  const long = at + 4 <= bytes.length ? number(4) : 0;
  return { name: principalText({ parts, realm }), keyVersion: long === 0 ? short : long };
}
