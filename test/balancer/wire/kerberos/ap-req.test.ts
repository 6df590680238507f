import { describe, expect, test } from "vitest";
import { addresseeOf } from "../../../../src/balancer/wire/kerberos/ap-req.ts";
import { DerError, DerReader, smallInteger } from "../../../../src/balancer/wire/kerberos/der.ts";
import { principalText } from "../../../../src/balancer/wire/kerberos/principal.ts";

function der(tag: number, ...content: readonly (Buffer | string)[]): Buffer {
  const bytes = Buffer.concat(content.map((each) => (typeof each === "string" ? Buffer.from(each) : each)));
  const { length } = bytes;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]);
}
const int = (value: number): Buffer => der(2, Buffer.from([value]));

interface Parts {
  realm?: string;
  parts?: string[];
  version?: number;
  mechanism?: string;
  tokenId?: string;
  keyVersion?: Buffer | undefined;
}

/** The first token of a login, as RFC 4121 and RFC 4120 write it. */
function token(options: Parts = {}): Buffer {
  const { realm = "EXAMPLE.COM", parts = ["hue", "hue1.example.com"], version = 5 } = options;
  const { mechanism = "2a864886f712010202", tokenId = "0100", keyVersion = int(7) } = options;
  const strings = parts.map((part) => der(0x1b, part));
  const sname = der(0xa2, der(0x30, der(0xa0, int(3)), der(0xa1, der(0x30, ...strings))));
  const kvno = "keyVersion" in options && options.keyVersion === undefined ? [] : [der(0xa1, keyVersion)];
  const sealed = der(0x30, der(0xa0, int(18)), ...kvno, der(0xa2, der(4, Buffer.alloc(300))));
  const ticket = der(
    0x61,
    der(0x30, der(0xa0, int(version)), der(0xa1, der(0x1b, realm)), sname, der(0xa3, sealed)),
  );
  const options_ = der(0xa2, der(3, Buffer.alloc(5)));
  const request = der(
    0x6e,
    der(0x30, der(0xa0, int(5)), der(0xa1, int(14)), options_, der(0xa3, ticket), der(0xa4, der(0x30))),
  );
  return der(0x60, der(6, Buffer.from(mechanism, "hex")), Buffer.from(tokenId, "hex"), request);
}

describe("the name that a Kerberos login is for", () => {
  test("stands in the clear in its ticket, with the version of the key", () => {
    expect(addresseeOf(token())).toEqual({
      name: "hue/hue1.example.com@EXAMPLE.COM",
      service: "hue/hue1.example.com",
      keyVersion: 7,
    });
    expect(addresseeOf(token({ keyVersion: undefined })).keyVersion).toBeUndefined();
    expect(addresseeOf(token({ keyVersion: der(2, Buffer.from([0, 200])) })).keyVersion).toBe(200);
  });

  test.each<[string, Parts]>([
    ["another mechanism", { mechanism: "2b0601050502" }],
    ["an answer in the place of a request", { tokenId: "0200" }],
    ["another version", { version: 4 }],
    ["no name", { parts: [] }],
    ["no realm", { realm: "" }],
    ["a name of too many parts", { parts: new Array<string>(9).fill("a") }],
    ["a negative key version", { keyVersion: der(2, Buffer.from([0x80])) }],
    ["a key version longer than needed", { keyVersion: der(2, Buffer.from([0, 1])) }],
    ["a key version of many bytes", { keyVersion: der(2, Buffer.alloc(6, 1)) }],
  ])("%s is refused", (_what, parts) => {
    expect(() => addresseeOf(token(parts))).toThrow(DerError);
  });

  test("every cut and every changed byte is refused or understood, and nothing else", () => {
    const whole = token();
    for (let end = 0; end < whole.length; end++)
      expect(() => addresseeOf(whole.subarray(0, end))).toThrow(DerError);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      try {
        expect(addresseeOf(changed).name).toContain("@");
      } catch (error) {
        expect(error).toBeInstanceOf(DerError);
      }
    }
  });
});

describe("DER", () => {
  test.each([
    ["an indefinite length", "3080"],
    ["a length longer than needed", "308105ffffffffff"],
    ["a length of five bytes", "308500000000ff"],
    ["a length beyond the end", "300500"],
    ["another tag", "3100"],
    ["nothing", ""],
  ])("%s is refused", (_what, hex) => {
    expect(() => new DerReader(Buffer.from(hex, "hex")).take(0x30)).toThrow(DerError);
  });

  test("an element that should be alone has no neighbour", () => {
    expect(smallInteger(new DerReader(Buffer.from("a003020105", "hex")).only(0xa0, 2))).toBe(5);
    expect(() => new DerReader(Buffer.from("a006020105020105", "hex")).only(0xa0, 2)).toThrow(DerError);
  });
});

test("two principals have the same text only if they are the same", () => {
  const texts = [
    { parts: ["hue", "localhost"], realm: "R" },
    { parts: ["hue/localhost"], realm: "R" },
    { parts: ["hue", "localhost@R"], realm: "" },
    { parts: ["hue\\", "localhost"], realm: "R" },
    { parts: ["hue\0", "localhost"], realm: "R" },
    { parts: ["hue", "localhost"], realm: "R@R" },
  ].map(principalText);
  expect(texts[0]).toBe("hue/localhost@R");
  expect(new Set(texts).size).toBe(texts.length);
});
