/** Thrift's strict binary protocol in numbers (thrift/doc/specs/thrift-binary-protocol.md). */

/** The first 16 bits of every message; the type of the message is its fourth byte. */
export const VERSION_1 = 0x8001;

/** Message types. */
export const CALL = 1;
export const REPLY = 2;
export const ONEWAY = 4;

/** Types of values; STOP ends a struct. */
export const STOP = 0;
export const BOOL = 2;
export const BYTE = 3;
export const DOUBLE = 4;
export const I16 = 6;
export const I32 = 8;
export const I64 = 10;
export const STRING = 11;
export const STRUCT = 12;
export const MAP = 13;
export const SET = 14;
export const LIST = 15;

/** Bytes of each fixed-size type, bool to uuid; 0: not of fixed size, or no type at all. */
export const FIXED = Uint8Array.from([0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 0, 0, 0, 0, 0, 16]);

/** How deeply values may be nested: HiveServer2's own calls need 6. */
export const MAX_DEPTH = 64;
/** Most bytes of one message, and of one SASL frame; Thrift's own default is 16 MB (Java) to 100 MB. */
export const LONGEST_MESSAGE = 256 * 1024 * 1024;

/** A big-endian 32-bit integer. */
export function int32(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}
