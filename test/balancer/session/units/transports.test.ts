import { describe, expect, test } from "vitest";
import { recognise } from "../../../../src/balancer/session/transports/transports.ts";

describe("telling the transport by its first bytes", () => {
  const sasl = (mechanism: string) =>
    `01000000${mechanism.length.toString(16).padStart(2, "0")}${Buffer.from(mechanism).toString("hex")}`;
  const http = (text: string) => Buffer.from(text).toString("hex");
  test.each([
    ["80010001", "thrift"],
    ["80010004", "thrift"],
    ["80010002", "unknown"],
    ["80020001", "unknown"],
    ["8001", undefined],
    ["800100", undefined],
    [sasl("PLAIN"), "sasl-plain"],
    [sasl("GSSAPI"), "sasl-gssapi"],
    [sasl("DIGEST-MD5"), "unknown"],
    [sasl("PLAI").replace("04", "05"), undefined],
    ["01000000", undefined],
    ["0100000000", "unknown"],
    ["0100000015", "unknown"],
    ["01ffffffff", "unknown"],
    ["160301", "tls"],
    ["16", undefined],
    ["1604", "unknown"],
    [http("POST /cliservice HTTP/1.1"), "http"],
    [http("GET / HTTP/1.1"), "http"],
    [http("POS"), undefined],
    [http("POSE"), "unknown"],
    ["0000000b4f70656e53657373696f6e", "unknown"],
    ["ff", "unknown"],
    ["", undefined],
  ])("%s is %s", (hex, transport) => {
    expect(recognise(Buffer.from(hex, "hex"))?.name).toBe(transport);
  });

  test("25 bytes are always enough", () => {
    for (let first = 0; first < 256; first++) {
      for (const fill of [0, 1, 5, 20, 0x41, 0xff]) {
        const head = Buffer.alloc(25, fill);
        head[0] = first;
        expect(recognise(head)).toBeDefined();
      }
    }
    const longest = Buffer.concat([Buffer.from("0100000014", "hex"), Buffer.alloc(20, 65)]);
    expect(recognise(longest)?.name).toBe("unknown");
  });
});
