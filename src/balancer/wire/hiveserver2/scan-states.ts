import { HANDLE_BYTES, KEEPS_SESSIONS } from "./tcli-service.ts";

/** What the next bytes are. */
export const VERSION = 0;
export const NAME_LENGTH = 1;
export const NAME = 2;
export const SEQUENCE = 3;
export const FIELD_TYPE = 4;
export const FIELD_ID = 5;
export const STRING_LENGTH = 6;
export const MAP_HEADER = 7;
export const LIST_HEADER = 8;
export const GUID = 9;
export const STATUS = 10;
export const MESSAGE = 11;
export const END = 12;
export const SKIP = 13;
export const OPTION = 14;
/** Bytes that each of them needs at once; 0: consumed piece by piece. */
export const NEEDS = Uint8Array.from([
  4,
  4,
  0,
  4,
  1,
  2,
  4,
  6,
  5,
  HANDLE_BYTES,
  4,
  0,
  0,
  0,
  KEEPS_SESSIONS.length,
]);
