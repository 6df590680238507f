/** Constants of Thrift's binary protocol and of HiveServer2 (thrift/doc/specs/thrift-binary-protocol.md, TCLIService.thrift). */

/** Message types; 3 is an exception. */
export const CALL = 1;
export const REPLY = 2;
export const ONEWAY = 4;

/** TStatusCode of HiveServer2. */
export const ERROR_STATUS = 3;
export const INVALID_HANDLE_STATUS = 4;

export const T_STRING = 11;
export const T_STRUCT = 12;
export const T_MAP = 13;
export const T_SET = 14;
export const T_LIST = 15;
export const T_I32 = 8;
/** Bytes of each fixed-size type: bool, byte, double, i16, i32, i64, uuid; 0: not of fixed size, or no type at all. */
export const FIXED = Uint8Array.from([0, 0, 1, 1, 8, 0, 2, 0, 4, 0, 8, 0, 0, 0, 0, 0, 16]);

/** A big-endian 32-bit integer. */
export function int32(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}
