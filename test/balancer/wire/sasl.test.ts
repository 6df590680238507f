import { describe, expect, test } from "vitest";
import { FramedReader } from "../../../src/balancer/wire/sasl/framed-reader.ts";
import { NegotiationReader } from "../../../src/balancer/wire/sasl/negotiation.ts";
import { encodeCall, GUID, SESSION } from "../session/support/messages.ts";

const session = GUID.toString("latin1");

describe("SASL frames", () => {
  const message = encodeCall("ExecuteStatement", { sessionHandle: SESSION, statement: "select 1" });
  const frame = (payload: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(payload.length);
    return Buffer.concat([length, payload]);
  };

  test("one message in one frame, in several, with empty ones between, byte by byte", () => {
    const [a, b] = [message.subarray(0, 30), message.subarray(30)];
    for (const stream of [frame(message), Buffer.concat([frame(a), frame(Buffer.alloc(0)), frame(b)])]) {
      const whole = new FramedReader();
      expect(whole.push(Buffer.concat([stream, stream]), 0, stream.length * 2)).toBe(stream.length);
      expect(whole).toMatchObject({ done: true, fault: undefined });
      const reader = new FramedReader();
      for (let at = 0; at < stream.length; at++) {
        expect(reader.done).toBe(false);
        expect(reader.push(stream, at, at + 1)).toBe(at + 1);
      }
      expect(reader.done).toBe(true);
      expect(reader.scanner.handles).toEqual([session]);
      reader.reset();
      expect(reader.push(stream, 0, stream.length)).toBe(stream.length);
      expect(reader.done).toBe(true);
    }
  });

  test("bytes after the message in its frame, and frames of impossible length, are faults", () => {
    const reader = new FramedReader();
    const stream = frame(Buffer.concat([message, Buffer.from([0])]));
    reader.push(stream, 0, stream.length);
    expect(reader.fault).toBe("bytes after the message in its SASL frame");
    const other = new FramedReader();
    other.push(Buffer.from("ffffffff", "hex"), 0, 4);
    expect(other.fault).toBe("SASL frame of impossible length");
    other.reset();
    expect(other.fault).toBeUndefined();
  });

  test("a negotiation is followed message by message, however it is cut", () => {
    const stream = Buffer.from("02000000000500000003616263", "hex");
    const reader = new NegotiationReader();
    expect(reader.push(stream, 0, stream.length)).toBe(5);
    expect(reader).toMatchObject({ status: 2, messages: 1 });
    expect(reader.push(stream, 5, stream.length)).toBe(stream.length);
    expect(reader).toMatchObject({ status: 5, messages: 2 });
    const bytewise = new NegotiationReader();
    for (let at = 0; at < stream.length; at++) bytewise.push(stream, at, at + 1);
    expect(bytewise).toMatchObject({ status: 5, messages: 2, fault: undefined });
  });

  test.each([
    ["00", "not a SASL status"],
    ["06", "not a SASL status"],
  ])("status %s is a fault", (status, fault) => {
    const reader = new NegotiationReader();
    const bytes = Buffer.from(`${status}00000000`, "hex");
    reader.push(bytes, 0, 5);
    expect(reader.fault).toBe(fault);
  });

  test("a negotiation message of 16 KiB and one byte is a fault", () => {
    const reader = new NegotiationReader();
    reader.push(Buffer.from("0100004001", "hex"), 0, 5);
    expect(reader.fault).toBe("SASL message of impossible length");
  });
});
