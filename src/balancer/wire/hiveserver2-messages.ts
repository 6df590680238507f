/** TBinaryProtocol (strict) for the two calls of the health check: `OpenSession` and `CloseSession` of TCLIService. */

const VERSION_CALL = 0x80010001;
const STOP = 0;
const I32 = 8;
const STRING = 11;
const STRUCT = 12;
/** HIVE_CLI_SERVICE_PROTOCOL_V6, the one that Impala speaks. */
const PROTOCOL_V6 = 5;
/** TStatusCode: SUCCESS and SUCCESS_WITH_INFO are good. */
const LAST_GOOD_STATUS = 1;
const DEEPEST = 16;

export type OpenSessionReply =
  | { readonly kind: "opened"; readonly guid: Buffer; readonly secret: Buffer }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "foreign" };

export function encodeOpenSession(user: string): Buffer {
  const request = [field(I32, 1), int32(PROTOCOL_V6), field(STRING, 2), binary(Buffer.from(user)), stop()];
  return call("OpenSession", 1, request);
}

export function encodeCloseSession(guid: Buffer, secret: Buffer): Buffer {
  const identifier = [field(STRING, 1), binary(guid), field(STRING, 2), binary(secret), stop()];
  return call("CloseSession", 2, [field(STRUCT, 1), field(STRUCT, 1), ...identifier, stop(), stop()]);
}

/** The reply once it has come completely; undefined: more bytes are needed. */
export function readOpenSessionReply(answer: Buffer): OpenSessionReply | undefined {
  const parsed = readMessage(answer);
  if (parsed === undefined || parsed === "foreign") return parsed && { kind: "foreign" };
  if (parsed.type !== 2) return { kind: "refused", message: text(parsed.body.get(1)) || "Thrift exception" };
  const response = asStruct(parsed.body.get(0));
  const status = asStruct(response?.get(1));
  const code = status?.get(1);
  if (typeof code !== "number" || code > LAST_GOOD_STATUS) {
    return { kind: "refused", message: text(status?.get(5)) || `status ${String(code)}` };
  }
  const identifier = asStruct(asStruct(response?.get(3))?.get(1));
  const guid = identifier?.get(1);
  const secret = identifier?.get(2);
  if (!Buffer.isBuffer(guid) || !Buffer.isBuffer(secret))
    return { kind: "refused", message: "no session handle" };
  return { kind: "opened", guid, secret };
}

/** True once any Thrift message, or something else, has come completely. */
export function readReplyEnd(answer: Buffer): true | undefined {
  return readMessage(answer) === undefined ? undefined : true;
}

type Value = number | bigint | Buffer | Struct | undefined;
type Struct = Map<number, Value>;

class Incomplete extends Error {}
class Foreign extends Error {}

function readMessage(answer: Buffer): { type: number; body: Struct } | "foreign" | undefined {
  try {
    const reader = new Reader(answer);
    const version = reader.int32() >>> 0;
    if (version >>> 16 !== 0x8001) return "foreign";
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
    return this.#bytes.readInt32BE(this.#step(4));
  }

  binary(): Buffer {
    const length = this.int32();
    if (length < 0 || length > 1 << 20) throw new Foreign();
    const at = this.#step(length);
    return this.#bytes.subarray(at, at + length);
  }

  struct(depth: number): Struct {
    if (depth > DEEPEST) throw new Foreign();
    const fields: Struct = new Map();
    for (;;) {
      const type = this.#bytes.readUInt8(this.#step(1));
      if (type === STOP) return fields;
      const id = this.#bytes.readInt16BE(this.#step(2));
      fields.set(id, this.#value(type, depth + 1));
    }
  }

  #value(type: number, depth: number): Value {
    if (type === 2 || type === 3) return this.#bytes.readInt8(this.#step(1));
    if (type === 4) return void this.#step(8);
    if (type === 6) return this.#bytes.readInt16BE(this.#step(2));
    if (type === I32) return this.int32();
    if (type === 10) return this.#bytes.readBigInt64BE(this.#step(8));
    if (type === STRING) return this.binary();
    if (type === STRUCT) return this.struct(depth);
    if (type === 13 || type === 14 || type === 15) return this.#collection(type, depth);
    throw new Foreign();
  }

  #collection(type: number, depth: number): undefined {
    if (depth > DEEPEST) throw new Foreign();
    const kinds = [this.#bytes.readUInt8(this.#step(1))];
    if (type === 13) kinds.push(this.#bytes.readUInt8(this.#step(1)));
    const size = this.int32();
    if (size < 0 || size > this.#bytes.length) throw new Foreign();
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

function asStruct(value: Value): Struct | undefined {
  return value instanceof Map ? value : undefined;
}

function text(value: Value): string {
  return Buffer.isBuffer(value) ? value.toString("utf8", 0, 200) : "";
}

function call(name: string, sequence: number, request: readonly Buffer[]): Buffer {
  const header = [int32(VERSION_CALL | 0), binary(Buffer.from(name)), int32(sequence)];
  return Buffer.concat([...header, field(STRUCT, 1), ...request, stop()]);
}

function field(type: number, id: number): Buffer {
  return Buffer.from([type, id >> 8, id & 0xff]);
}

function stop(): Buffer {
  return Buffer.from([STOP]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function binary(value: Buffer): Buffer {
  return Buffer.concat([int32(value.length), value]);
}
