import assert from "node:assert/strict";
import { recognise } from "../../../src/balancer/session/transports/transports.ts";
import { calls, negotiation } from "../samples.ts";
import type { Target } from "../target.ts";

/** As much as is ever needed. */
const ENOUGH = 25;

/**
 * What a connection speaks: Kerberos and TLS are passed through, so whatever follows their first bytes must not matter.
 */
export const firstBytes: Target = {
  name: "first-bytes",
  seeds: () => [
    ...calls(),
    Buffer.concat([negotiation(1, "PLAIN"), negotiation(2, "\0hue\0secret")]),
    Buffer.concat([
      negotiation(1, "GSSAPI"),
      negotiation(2, "`\x82\x02\x00\x06\x09*\x86H\x86\xf7\x12\x01\x02\x02"),
    ]),
    Buffer.from("16030100c8010000c40303", "hex"),
    Buffer.from("POST /cliservice HTTP/1.1\r\nHost: a\r\n\r\n"),
  ],
  words: [
    "GSSAPI",
    "PLAIN",
    "GET ",
    "OPTIONS ",
    Buffer.from("0100000006", "hex"),
    Buffer.from("80010001", "hex"),
  ],
  run: (bytes) => {
    let told: string | undefined;
    for (let length = 0; length <= Math.min(bytes.length, ENOUGH); length++) {
      const name = recognise(bytes.subarray(0, length))?.name;
      assert(told === undefined || name === told, `${told}, then ${name}`);
      told = name;
    }
    assert(told !== undefined || bytes.length < ENOUGH, `${ENOUGH} bytes do not tell`);
    assert.equal(recognise(bytes)?.name, told);
    return told;
  },
};
