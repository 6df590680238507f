import assert from "node:assert/strict";
import { Failure } from "../../../src/domain/failure.ts";
import { sameText } from "../../../src/domain/text.ts";
import { haproxyVersionOf } from "../../../src/engines/haproxy/check.ts";
import { haproxyTime, haproxyVersion, quoted, safeNames } from "../../../src/engines/haproxy/words.ts";
import type { Target } from "../target.ts";

/** What a program that calls itself HAProxy prints is a version of one word or none; as a name it stays one word too. */
export const haproxyOutput: Target = {
  name: "haproxy-output",
  seeds: () =>
    [
      "HAProxy version 2.6.12-1+deb12u4 2025/11/20 - https://haproxy.org/\nStatus: long-term supported branch\n",
      "HA-Proxy version 1.8.27-493ce0b 2020/11/06\nCopyright 2000-2020 Willy Tarreau\n",
      "[ALERT] (1) : config : parsing [/x:3] : unknown keyword 'nbproc'\nHAProxy version 3.4.0\n",
      "HAProxy version 1.5.18\n",
    ].map((text) => Buffer.from(text)),
  words: ["HAProxy version ", "HA-Proxy version ", "v", ".", "-", "\n", "\u2028", "99999999999999999999"],
  run: (bytes) => {
    const text = bytes.toString("utf8");
    for (const name of [safeNames()(text), safeNames(["_"])(text)])
      assert.match(name, /^[A-Za-z0-9._:-]{1,62}$/);
    try {
      const word = quoted(text);
      assert(!/[\n\r\0]|(^|[^\\])(\\\\)*[\s"'#$]/.test(word), JSON.stringify(word));
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
    }
    const version = haproxyVersionOf(text);
    if (version === undefined) return "no version";
    assert.match(version, /^\S+$/);
    try {
      const { major, minor } = haproxyVersion(version);
      assert(major >= 1 && minor >= 0);
      assert.match(haproxyTime(Math.min(major, 1000), sameText("x")), /^\d+(ms|s|m|h)$/);
      return "a version";
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      return thrown.code;
    }
  },
};
