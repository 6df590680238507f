import fc from "fast-check";
import thrift, { type TProtocol } from "thrift";

const { Thrift } = thrift;
const T = Thrift.Type;

/** A Thrift value of any type, as a tree. */
export type Value =
  | { t: "bool" | "byte" | "i16" | "i32" | "i64" | "double"; v: number }
  | { t: "string"; v: Buffer }
  | { t: "struct"; v: { id: number; value: Value }[] }
  | { t: "list" | "set"; v: Value[]; of: Value }
  | { t: "map"; v: [Value, Value][]; of: [Value, Value] };

export interface Message {
  readonly method: string;
  readonly type: number;
  readonly seqid: number;
  readonly body: Value & { t: "struct" };
}

const TYPE = {
  bool: T.BOOL,
  byte: T.BYTE,
  i16: T.I16,
  i32: T.I32,
  i64: T.I64,
  double: T.DOUBLE,
  string: T.STRING,
  struct: T.STRUCT,
  list: T.LIST,
  set: T.SET,
  map: T.MAP,
} as const;

/** Strings are often 16 bytes long and field numbers small, so that handle identifiers, and almost-handles, come up. */
const string = fc
  .oneof(fc.constant(16), fc.integer({ min: 0, max: 40 }))
  .chain((length) => fc.nat(255).map((fill): Value => ({ t: "string", v: Buffer.alloc(length, fill || 1) })));
const number = fc
  .tuple(fc.constantFrom("bool", "byte", "i16", "i32", "i64", "double"), fc.integer({ min: 0, max: 100 }))
  .map(([t, v]): Value => ({ t, v: t === "bool" ? v % 2 : v }) as Value);

/** A handle identifier, or what looks like one but for a length or a field number. */
const handle = fc.tuple(fc.constantFrom(16, 16, 16, 15, 17), fc.constantFrom(2, 2, 2, 3), fc.nat(255)).map(
  ([length, id, fill]): Value => ({
    t: "struct",
    v: [
      { id: 1, value: { t: "string", v: Buffer.alloc(length, fill || 1) } },
      { id, value: { t: "string", v: Buffer.alloc(16, 2) } },
    ],
  }),
);

const { value } = fc.letrec<{ value: Value; struct: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "xsmall", withCrossShrink: true },
    number,
    string,
    handle,
    tie("struct"),
    // Elements repeat one value: all of one type, as Thrift wants it, and the parser does not care which.
    fc
      .tuple(fc.constantFrom("list" as const, "set" as const), tie("value"), fc.integer({ min: 0, max: 3 }))
      .map(([t, of, count]): Value => ({ t, of, v: Array.from({ length: count }, () => of) })),
    fc.tuple(tie("value"), tie("value"), fc.integer({ min: 0, max: 3 })).map(
      ([key, of, count]): Value => ({
        t: "map",
        of: [key, of],
        v: Array.from({ length: count }, () => [key, of]),
      }),
    ),
  ),
  struct: fc
    .array(fc.tuple(fc.integer({ min: 0, max: 6 }), tie("value")), { maxLength: 4 })
    .map((fields): Value => ({ t: "struct", v: fields.map(([id, field]) => ({ id, value: field })) })),
}));

/** {0: {1: {1: status code, …}, …}}: a response, or what looks like one. */
const response = fc
  .tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 2 }), fc.nat(4), value)
  .map(([result, status, code, rest]) => [
    {
      id: result,
      value: {
        t: "struct" as const,
        v: [
          {
            id: status,
            value: { t: "struct" as const, v: [{ id: 1, value: { t: "i32" as const, v: code } }] },
          },
          { id: 2, value: rest },
        ],
      },
    },
  ]);

const fields = fc
  .array(fc.tuple(fc.integer({ min: -1, max: 6 }), value), { maxLength: 3 })
  .map((pairs) => pairs.map(([id, field]) => ({ id, value: field })));

export const message: fc.Arbitrary<Message> = fc
  .tuple(
    fc.constantFrom("OpenSession", "FetchResults", "X", "Ü".repeat(60)),
    fc.integer({ min: 1, max: 4 }),
    fc.integer(),
    fc.oneof(fields, response),
  )
  .map(([method, type, seqid, v]) => ({ method, type, seqid, body: { t: "struct", v } }));

/** The bytes that npm `thrift` writes. */
export function encode({ method, type, seqid, body }: Message): Buffer {
  let bytes: Buffer = Buffer.alloc(0);
  const transport = new thrift.TBufferedTransport(undefined, (written) => {
    bytes = written ?? bytes;
  });
  const protocol = new thrift.TBinaryProtocol(transport);
  protocol.writeMessageBegin(method, type, seqid);
  write(protocol, body);
  protocol.writeMessageEnd();
  protocol.flush();
  return bytes;
}

function write(protocol: TProtocol, value: Value): void {
  switch (value.t) {
    case "bool":
      protocol.writeBool(value.v === 1);
      return;
    case "byte":
      protocol.writeByte(value.v);
      return;
    case "i16":
      protocol.writeI16(value.v);
      return;
    case "i32":
      protocol.writeI32(value.v);
      return;
    case "i64":
      protocol.writeI64(value.v);
      return;
    case "double":
      protocol.writeDouble(value.v);
      return;
    case "string":
      protocol.writeBinary(value.v);
      return;
    case "struct":
      for (const field of value.v) {
        protocol.writeFieldBegin("", TYPE[field.value.t], field.id);
        write(protocol, field.value);
        protocol.writeFieldEnd();
      }
      protocol.writeFieldStop();
      return;
    case "list":
    case "set":
      protocol.writeListBegin(TYPE[value.of.t], value.v.length);
      for (const each of value.v) write(protocol, each);
      return;
    case "map":
      protocol.writeMapBegin(TYPE[value.of[0].t], TYPE[value.of[1].t], value.v.length);
      for (const [key, each] of value.v) {
        write(protocol, key);
        write(protocol, each);
      }
      return;
  }
}

export interface Read {
  method: string;
  type: number;
  /** Guids of structs, outside containers, whose fields 1 and 2 are 16-byte strings. */
  handles: string[];
  statusCode: number | undefined;
}

/** Reads a message with npm `thrift`'s TBinaryProtocol and finds in it what a router looks for, the slow way. */
export function readWithThrift(bytes: Buffer): Read {
  const protocol = new thrift.TBinaryProtocol(new thrift.TFramedTransport(bytes));
  const { fname, mtype } = protocol.readMessageBegin();
  const found: Read = { method: fname, type: mtype, handles: [], statusCode: undefined };
  readStruct(protocol, found, [], false);
  return found;
}

function readStruct(protocol: TProtocol, found: Read, path: number[], inContainer: boolean): void {
  let guid = "";
  let secret = false;
  for (;;) {
    const { ftype, fid } = protocol.readFieldBegin();
    if (ftype === T.STOP) break;
    const here = [...path, fid];
    if (ftype === T.STRING) {
      const text = protocol.readBinary().toString("latin1");
      if (text.length === 16 && fid === 1) guid = text;
      if (text.length === 16 && fid === 2) secret = true;
    } else if (ftype === T.STRUCT) readStruct(protocol, found, here, inContainer);
    else if (ftype === T.I32) {
      const value = protocol.readI32();
      if (found.type === 2 && !inContainer && here.join() === "0,1,1") found.statusCode = value;
    } else readOther(protocol, ftype, found, here);
  }
  if (guid !== "" && secret && !inContainer && found.handles.length < 4) found.handles.push(guid);
}

function readOther(protocol: TProtocol, type: number, found: Read, path: number[]): void {
  if (type === T.LIST || type === T.SET) {
    const { etype, size } = protocol.readListBegin();
    for (let i = 0; i < size; i++) readElement(protocol, etype, found, path);
  } else if (type === T.MAP) {
    const { ktype, vtype, size } = protocol.readMapBegin();
    for (let i = 0; i < size; i++) {
      readElement(protocol, ktype, found, path);
      readElement(protocol, vtype, found, path);
    }
  } else protocol.skip(type);
}

function readElement(protocol: TProtocol, type: number, found: Read, path: number[]): void {
  if (type === T.STRUCT) readStruct(protocol, found, path, true);
  else if (type === T.LIST || type === T.SET || type === T.MAP) readOther(protocol, type, found, path);
  else protocol.skip(type);
}
