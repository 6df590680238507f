import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { errnoText, systemText } from "../../src/messages/errno.ts";

describe("what the operating system says", () => {
  test("a file's error: Node's words in English, words of its own with call and path in Japanese", async () => {
    const error = await readFile("/does/not/exist").catch((thrown: unknown) => thrown);
    expect(systemText(error)).toEqual({
      en: "ENOENT: no such file or directory, open '/does/not/exist'",
      ja: "存在しません (ENOENT, open '/does/not/exist')",
    });
  });

  test("a socket's error", async () => {
    const error = await new Promise((resolve) => connect(1, "127.0.0.1").once("error", resolve));
    expect(systemText(error)).toEqual({
      en: "connect ECONNREFUSED 127.0.0.1:1",
      ja: "接続が拒否されました (connect ECONNREFUSED 127.0.0.1:1)",
    });
  });

  test("an unknown one stays as it is", () => {
    expect(systemText(new Error("odd"))).toEqual({ en: "odd", ja: "odd" });
    expect(errnoText("constructor")).toBeUndefined();
    expect(errnoText("EMFILE")?.en).toBe("this process has too many open files");
  });
});
