import { describe, expect, test } from "vitest";
import { FramePayloads } from "../../../src/balancer/wire/sasl/frames.ts";
import {
  decodeChoice,
  decodeOffer,
  encodeLayers,
  LARGEST_BUFFER,
  LAYERS,
  layerFrom,
} from "../../../src/balancer/wire/sasl/layers.ts";
import { encodeSaslMessage, LONGEST_TOKEN, SaslMessages } from "../../../src/balancer/wire/sasl/messages.ts";
import { OK, START } from "../../../src/balancer/wire/sasl/negotiation.ts";
import { WrappedFrames } from "../../../src/balancer/wire/sasl/wrapped-frames.ts";

describe("messages of a negotiation", () => {
  const two = Buffer.concat([
    encodeSaslMessage(START, Buffer.from("GSSAPI")),
    encodeSaslMessage(OK, Buffer.from("x")),
  ]);

  test("are whole however they are cut", async () => {
    for (let cut = 0; cut <= two.length; cut++) {
      const messages = new SaslMessages();
      messages.push(two.subarray(0, cut));
      messages.push(two.subarray(cut));
      expect(await messages.next()).toEqual({ status: START, payload: Buffer.from("GSSAPI") });
      expect(messages.isEmpty).toBe(false);
      expect(await messages.next()).toEqual({ status: OK, payload: Buffer.from("x") });
      expect(messages.isEmpty).toBe(true);
    }
  });

  test("who waits gets the message, or the end", async () => {
    const messages = new SaslMessages();
    const first = messages.next();
    messages.push(two);
    expect((await first).payload.toString()).toBe("GSSAPI");
    await messages.next();
    const last = messages.next();
    messages.fail(new Error("closed"));
    await expect(last).rejects.toThrow("closed");
    await expect(messages.next()).rejects.toThrow("closed");
  });

  test.each([
    ["not a SASL status", Buffer.from([0, 0, 0, 0, 0])],
    ["not a SASL status", Buffer.from([6, 0, 0, 0, 0])],
    ["impossible length", encodeSaslMessage(OK, Buffer.alloc(LONGEST_TOKEN + 1))],
    ["more SASL messages", Buffer.concat(new Array<Buffer>(3).fill(encodeSaslMessage(OK, Buffer.alloc(0))))],
  ])("%s", async (reason, bytes) => {
    const messages = new SaslMessages();
    messages.push(bytes);
    const taken = async (): Promise<void> => {
      for (let each = 0; each < 3; each++) await messages.next();
    };
    await expect(taken()).rejects.toThrow(reason);
  });
});

describe("layers", () => {
  test("an offer", () => {
    expect(decodeOffer(encodeLayers(7, LARGEST_BUFFER))).toEqual({ layers: 7, largest: LARGEST_BUFFER });
    expect(decodeOffer(Buffer.from("01000000", "hex"))).toEqual({ layers: 1, largest: 0 });
    for (const none of ["", "010000", "0100000000", "00000001", "f8000001"]) {
      expect(decodeOffer(Buffer.from(none, "hex"))).toBeUndefined();
    }
  });

  test("a choice is one of what was offered, and says as whom", () => {
    const choice = Buffer.concat([encodeLayers(4, 100), Buffer.from("hue")]);
    expect(decodeChoice(choice, 7)).toEqual({ layer: 4, largest: 100, authzid: "hue" });
    expect(decodeChoice(choice, 3)).toBeUndefined();
    for (const none of ["", "040000", "03000001", "00000001", "04000000", "02000000", "08000001"]) {
      expect(decodeChoice(Buffer.from(none, "hex"), 7)).toBeUndefined();
    }
  });

  test("the weakest that is not weaker", () => {
    expect(layerFrom(7, LAYERS.none)).toBe(LAYERS.none);
    expect(layerFrom(6, LAYERS.none)).toBe(LAYERS.integrity);
    expect(layerFrom(5, LAYERS.integrity)).toBe(LAYERS.confidentiality);
    expect(layerFrom(3, LAYERS.confidentiality)).toBeUndefined();
  });
});

describe("frames", () => {
  const frame = (text: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  };
  const stream = Buffer.concat([frame("one"), frame("two"), frame("three")]);

  test("protected payloads are whole however the stream is cut", () => {
    for (let first = 0; first <= stream.length; first++) {
      for (let second = first; second <= stream.length; second++) {
        const frames = new WrappedFrames(100);
        const pieces = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)];
        expect(pieces.flatMap((piece) => frames.push(piece)).map(String)).toEqual(["one", "two", "three"]);
      }
    }
  });

  test.each(["00000000", "00000065", "80000001", "ffffffff"])("a length of %s is refused", (hex) => {
    expect(() => new WrappedFrames(100).push(Buffer.from(hex, "hex"))).toThrow("impossible length");
  });

  test("payloads are taken out of plain frames however the stream is cut", () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const payloads = new FramePayloads();
      const taken = [payloads.take(stream.subarray(0, cut)), payloads.take(stream.subarray(cut))];
      expect(Buffer.concat(taken).toString()).toBe("onetwothree");
    }
    expect(new FramePayloads().take(Buffer.concat([Buffer.alloc(4), frame("a")])).toString()).toBe("a");
  });
});
