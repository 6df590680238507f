import {
  BOOL,
  BYTE,
  DOUBLE,
  FIXED,
  I16,
  I32,
  I64,
  int32,
  LIST,
  MAP,
  MAX_DEPTH,
  SET,
  STOP,
  STRING,
  STRUCT,
  VERSION_1,
} from "./types.ts";

/** A value as far as checks need it: the elements of containers and doubles are passed over. */
export type Value = number | bigint | Buffer | Struct | undefined;
/** Values by the number of their field. */
export type Struct = Map<number, Value>;

/** Of a string; more belongs to no answer that is read as a whole. */
const LONGEST_STRING = 1024 * 1024;

class Incomplete extends Error {}
class Foreign extends Error {}

/**
 * Reads one whole message of Thrift's strict binary protocol, for small answers.
 * @returns undefined while bytes are missing, "foreign" for what is no such message
 */
export function readMessage(bytes: Buffer): { type: number; body: Struct } | "foreign" | undefined {
  try {
    const reader = new Reader(bytes);
    const version = reader.int32() >>> 0;
    if (version >>> 16 !== VERSION_1) return "foreign";
    reader.binary();
    reader.int32();
    return { type: version & 0xff, body: reader.struct(0) };
  } catch (error) {
    if (error instanceof Incomplete) return undefined;
    if (error instanceof Foreign) return "foreign";
    throw error;
  }
}

/** Reads values out of untrusted bytes: every length is checked against what is there, nesting is bounded. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int32(): number {
    return int32(this.#bytes, this.#step(4));
  }

  binary(): Buffer {
    const length = this.int32();
    if (length < 0 || length > LONGEST_STRING) throw new Foreign();
    const at = this.#step(length);
    return this.#bytes.subarray(at, at + length);
  }

  struct(depth: number): Struct {
    if (depth > MAX_DEPTH) throw new Foreign();
    const fields: Struct = new Map();
    for (;;) {
      const type = this.#bytes.readUInt8(this.#step(1));
      if (type === STOP) return fields;
      const id = this.#bytes.readInt16BE(this.#step(2));
      fields.set(id, this.#value(type, depth + 1));
    }
  }

  #value(type: number, depth: number): Value {
    switch (type) {
      case BOOL:
      case BYTE:
        return this.#bytes.readInt8(this.#step(1));
      case I16:
        return this.#bytes.readInt16BE(this.#step(2));
      case I32:
        return this.int32();
      case I64:
        return this.#bytes.readBigInt64BE(this.#step(8));
      case STRING:
        return this.binary();
      case STRUCT:
        return this.struct(depth);
      case MAP:
      case SET:
      case LIST:
        return this.#collection(type, depth);
      case DOUBLE:
        return void this.#step(FIXED[DOUBLE] ?? 0);
    }
    throw new Foreign();
  }

  #collection(type: number, depth: number): undefined {
    if (depth > MAX_DEPTH) throw new Foreign();
    const kinds = [this.#bytes.readUInt8(this.#step(1))];
    if (type === MAP) kinds.push(this.#bytes.readUInt8(this.#step(1)));
    const size = this.int32();
    if (size < 0) throw new Foreign();
    // Each element has a byte at least: what cannot be there yet is not looked for.
    if (size > this.#bytes.length - this.#at) throw new Incomplete();
    for (let index = 0; index < size; index++) for (const kind of kinds) this.#value(kind, depth + 1);
    return undefined;
  }

  #step(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw new Incomplete();
    this.#at += length;
    return at;
  }
}
