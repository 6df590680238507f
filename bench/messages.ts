/**
 * HiveServer2 calls and replies in Thrift's strict binary protocol, built once, so that the load costs little and the
 * session relay can read it. Every call is exactly {@link CALL_BYTES} long: the server needs no parser to find its end.
 */
export const CALL_BYTES = 200;

const i16 = (n: number) => Buffer.from([(n >> 8) & 255, n & 255]);
const i32 = (n: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(n);
  return bytes;
};
const i64 = (n: number) => Buffer.concat([i32(Math.floor(n / 2 ** 32)), i32((n % 2 ** 32) | 0)]);
const binary = (bytes: Buffer) => Buffer.concat([i32(bytes.length), bytes]);
const field = (type: number, id: number, value: Buffer) =>
  Buffer.concat([Buffer.from([type]), i16(id), value]);
const struct = (...fields: Buffer[]) => Buffer.concat([...fields, Buffer.from([0])]);
const BOOL = 2;
const I32 = 8;
const I64 = 10;
const STRING = 11;
const STRUCT = 12;
const LIST = 15;

/** Bytes of a guid and a secret. */
export const HANDLE_BYTES = 32;

function identifier(handle: Buffer): Buffer {
  return struct(
    field(STRING, 1, binary(handle.subarray(0, 16))),
    field(STRING, 2, binary(handle.subarray(16, 32))),
  );
}

function call(method: string, request: (padding: Buffer) => Buffer): Buffer {
  const build = (pad: number) =>
    Buffer.concat([
      Buffer.from([0x80, 1, 0, 1]),
      binary(Buffer.from(method)),
      i32(0),
      struct(field(STRUCT, 1, request(field(STRING, 100, binary(Buffer.alloc(pad, 32)))))),
    ]);
  return build(CALL_BYTES - build(0).length);
}

export const openSessionCall = call("OpenSession", (padding) =>
  struct(field(I32, 1, i32(5)), field(STRING, 2, binary(Buffer.from("hue"))), padding),
);

export function executeCall(session: Buffer): Buffer {
  return call("ExecuteStatement", (padding) =>
    struct(
      field(STRUCT, 1, struct(field(STRUCT, 1, identifier(session)))),
      field(STRING, 2, binary(Buffer.from("q"))),
      padding,
    ),
  );
}

/** @param rows - stands for the bytes of the answer that are wanted */
export function fetchCall(operation: Buffer, rows: number): Buffer {
  const handle = struct(
    field(STRUCT, 1, identifier(operation)),
    field(I32, 2, i32(0)),
    field(BOOL, 3, Buffer.from([1])),
  );
  return call("FetchResults", (padding) =>
    struct(field(I64, 3, i64(rows)), field(STRUCT, 1, handle), field(I32, 2, i32(0)), padding),
  );
}

/** First letters of the method, enough to tell the three apart: `O`, `E` or `F`. */
export function methodOf(message: Buffer): string {
  return String.fromCharCode(message[8] ?? 0);
}

/** What {@link fetchCall} asked for: its maxRows are the first field of its request. */
export function rowsOf(message: Buffer): number {
  const start = 8 + "FetchResults".length + 4 + 3 + 3;
  return message.readInt32BE(start) * 2 ** 32 + message.readUInt32BE(start + 4);
}

function reply(method: string, response: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([0x80, 1, 0, 2]),
    binary(Buffer.from(method)),
    i32(0),
    struct(field(STRUCT, 0, response)),
  ]);
}

const success = field(STRUCT, 1, struct(field(I32, 1, i32(0))));

export function openSessionReply(session: Buffer): Buffer {
  return reply(
    "OpenSession",
    struct(success, field(I32, 2, i32(5)), field(STRUCT, 3, struct(field(STRUCT, 1, identifier(session))))),
  );
}

export function executeReply(operation: Buffer): Buffer {
  const handle = struct(
    field(STRUCT, 1, identifier(operation)),
    field(I32, 2, i32(0)),
    field(BOOL, 3, Buffer.from([1])),
  );
  return reply("ExecuteStatement", struct(success, field(STRUCT, 2, handle)));
}

/** The handle in one of the two replies above: the two 16-byte strings behind their lengths. */
export function handleIn(message: Buffer): Buffer {
  const guid = message.indexOf(Buffer.from([STRING, 0, 1, 0, 0, 0, 16])) + 7;
  return Buffer.concat([message.subarray(guid, guid + 16), message.subarray(guid + 23, guid + 39)]);
}

/** A page of results whose message is exactly `bytes` long: one string column with one value. */
export function fetchReply(bytes: number): Buffer {
  const build = (size: number) => {
    const values = Buffer.concat([Buffer.from([STRING]), i32(1), binary(Buffer.alloc(size, 97))]);
    const column = struct(
      field(STRUCT, 8, struct(field(LIST, 1, values), field(STRING, 2, binary(Buffer.from([0]))))),
    );
    const columns = Buffer.concat([Buffer.from([STRUCT]), i32(1), column]);
    const none = Buffer.concat([Buffer.from([STRUCT]), i32(0)]);
    const rows = struct(field(I64, 1, i64(0)), field(LIST, 2, none), field(LIST, 3, columns));
    return reply("FetchResults", struct(success, field(BOOL, 2, Buffer.from([1])), field(STRUCT, 3, rows)));
  };
  return build(bytes - build(0).length);
}
