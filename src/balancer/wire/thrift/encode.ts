import { CALL, REPLY, STOP, STRUCT, VERSION_1 } from "./types.ts";

/**
 * A call whose arguments are one struct.
 * @param field the argument's field
 * @param request the fields of the struct
 */
export function encodeCall(
  name: string,
  sequence: number,
  field: number,
  request: readonly Buffer[],
): Buffer {
  const header = [messageStart(CALL, name), encodeInt32(sequence)];
  return Buffer.concat([...header, ...encodeStruct(field, request), Buffer.from([STOP])]);
}

/** How every reply to a call begins. */
export function replyStart(name: string): Buffer {
  return messageStart(REPLY, name);
}

function messageStart(type: number, name: string): Buffer {
  return Buffer.concat([encodeInt32((VERSION_1 << 16) | type), encodeBinary(Buffer.from(name))]);
}

/** A field that is a struct of these fields. */
export function encodeStruct(field: number, fields: readonly Buffer[]): Buffer[] {
  return [encodeField(STRUCT, field), ...fields, Buffer.from([STOP])];
}

/** The header of a field; its value follows. */
export function encodeField(type: number, id: number): Buffer {
  return Buffer.from([type, id >> 8, id & 0xff]);
}

export function encodeInt32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** A string or binary value. */
export function encodeBinary(value: Buffer): Buffer {
  return Buffer.concat([encodeInt32(value.length), value]);
}
