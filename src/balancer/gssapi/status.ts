import { KERBEROS_FAULTS, type KerberosFault, type KerberosFaultName } from "../../messages/kerberos.ts";
import { type Native, type NativeBuffer, nativeGssapi, type Out } from "./native.ts";
import { KRB5_OID } from "./oids.ts";

/** A status with any of these bits is an error; the others only tell more (RFC 2744, 3.9.1). */
const ERRORS = 0xffff0000;
/** Supplementary bits of a status. */
export const CONTINUE_NEEDED = 1;
/** Duplicate, old, out of order, gap. */
export const ORDER_FAULTS = 2 | 4 | 8 | 16;
const GSS_CODE = 1;
const MECH_CODE = 2;
/** A status is told in this many sentences at most. */
const MOST_SENTENCES = 8;

const CREDENTIALS_EXPIRED = 11 << 16;
const CONTEXT_EXPIRED = 12 << 16;
/** First code of MIT's table krb5_err as an unsigned number (ERROR_TABLE_BASE_krb5). */
const KRB5_BASE = 2_529_638_912;

/** By the code's place in krb5_err: 0 to 127 are those of RFC 4120, 7.5.9. */
const FAULTS: readonly (readonly [number, KerberosFaultName])[] = [
  [1, "account-expired"],
  [2, "account-expired"],
  [6, "unknown-client"],
  [7, "unknown-service"],
  [14, "encryption"],
  [18, "account-expired"],
  [23, "account-expired"],
  [24, "wrong-key"],
  [31, "other-principal"],
  [32, "ticket-expired"],
  [34, "replay"],
  [35, "other-principal"],
  [36, "other-principal"],
  [37, "skew"],
  [41, "other-principal"],
  [44, "key-version"],
  [45, "other-principal"],
  [68, "wrong-realm"],
  [154, "no-kdc"],
  [156, "no-kdc"],
  [181, "other-principal"],
  [230, "key-version"],
];

/** Why a call of the library failed, with what to do about it. */
export class GssError extends Error {
  readonly fault: KerberosFaultName;
  /** The library's status codes. */
  readonly major: number;
  readonly minor: number;

  constructor(message: string, fault: KerberosFaultName, major = 0, minor = 0) {
    super(message);
    this.fault = fault;
    this.major = major;
    this.minor = minor;
  }

  get told(): KerberosFault {
    return KERBEROS_FAULTS[this.fault];
  }

  /** One line for the log: what is wrong, in whose words, and what to do. */
  get line(): string {
    const { reason, remedy } = this.told;
    const said = this.message === reason.en ? "" : ` (${this.message})`;
    return `${reason.en}${said}; ${remedy.en}`;
  }
}

export function isError(major: number): boolean {
  return (major & ERRORS) !== 0;
}

/** @throws GssError if the status is one of an error */
export function check(major: number, [minor]: Out<number>): void {
  if (isError(major)) throw errorOf(major, minor);
}

/** The error of a status, in the library's words. */
export function errorOf(major: number, minor: number): GssError {
  const native = nativeGssapi();
  const general = sentences(native, major, GSS_CODE);
  const special = minor === 0 ? "" : sentences(native, minor, MECH_CODE);
  // The general part says "Unspecified GSS failure. Minor code may provide more information".
  const message = special === "" || /^(No error|Success|Unknown error)/i.test(special) ? general : special;
  return new GssError(message, faultOf(major, minor), major, minor);
}

function faultOf(major: number, minor: number): KerberosFaultName {
  const place = minor - KRB5_BASE;
  const known = FAULTS.find(([code]) => code === place);
  if (known !== undefined) return known[1];
  const general = (major & 0x00ff0000) >>> 0;
  if (general === CREDENTIALS_EXPIRED || general === CONTEXT_EXPIRED) return "ticket-expired";
  return "other";
}

function sentences(native: Native, code: number, type: number): string {
  const told: string[] = [];
  const context: Out<number> = [0];
  const mechanism = type === MECH_CODE ? KRB5_OID : null;
  for (let count = 0; count < MOST_SENTENCES; count++) {
    const out: Out<NativeBuffer | null> = [null];
    if (isError(native.displayStatus([0], code, type, mechanism, context, out))) break;
    told.push(takeBytes(native, out).toString("utf8"));
    if (context[0] === 0) break;
  }
  return told.join("; ");
}

/** The bytes of a buffer that the library has filled, which is released. */
export function takeBytes(native: Native, out: Out<NativeBuffer | null>): Buffer {
  const [filled] = out;
  if (filled === null || filled.value === null || Buffer.isBuffer(filled.value)) return Buffer.alloc(0);
  const bytes = native.copy(filled.value, Number(filled.length));
  native.releaseBuffer([0], out);
  return bytes;
}
