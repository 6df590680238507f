import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { privateCa } from "../../../fixtures/pki/index.ts";
import { readSpec } from "../../../src/balancer/spec/read-spec.ts";
import { readKeytab } from "../../../src/balancer/wire/kerberos/keytab.ts";
import { readAll } from "../../../src/cli/streams.ts";
import { trustContext } from "../../../src/cloudera/http/trust.ts";
import { Failure } from "../../../src/domain/failure.ts";
import { decodeText } from "../../../src/domain/words/decode-text.ts";
import { readAnswersFile } from "../../../src/setup/answers/file.ts";
import { readPassword } from "../../../src/setup/answers/password.ts";
import { failureOf } from "../../cloudera/support.ts";
import { typed } from "../../setup/support.ts";
import { testWorld } from "../../setup/world.ts";
import { scratch } from "../../support/scratch.ts";

const utf16le = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");
const utf16be = (text: string): Buffer => utf16le(text).swap16();

/** How other systems write a text. */
const WRITTEN: readonly (readonly [string, (text: string) => Buffer])[] = [
  ["UTF-8", (text) => Buffer.from(text)],
  ["UTF-8 with a byte order mark", (text) => Buffer.from(`\ufeff${text}`)],
  ["UTF-8 with CRLF", (text) => Buffer.from(text.replaceAll("\n", "\r\n"))],
  ["UTF-8 with a mark and CRLF", (text) => Buffer.from(`\ufeff${text.replaceAll("\n", "\r\n")}`)],
  ["UTF-16, little end first", utf16le],
  ["UTF-16, big end first, with CRLF", (text) => utf16be(text.replaceAll("\n", "\r\n"))],
];

/** What is no text, and what is said of it. */
const BROKEN: readonly (readonly [string, Buffer, RegExp])[] = [
  ["a NUL in it", Buffer.from("Sw0rd\0fish\n"), /line 1 holds a NUL/],
  ["a NUL in the second line", Buffer.from("version: 1\nx: \0\n"), /line 2 holds a NUL/],
  ["UTF-16 without a mark", Buffer.from("Sw0rdfish\n", "utf16le"), /NUL/],
  ["UTF-16 with a NUL", utf16le("Sw0rd\0fish"), /NUL/],
  ["UTF-16 that is cut", utf16le("Sw0rdfish").subarray(0, 9), /middle of a character/],
  ["ISO 8859-1", Buffer.from("Schlüssel\n", "latin1"), /neither UTF-8 nor UTF-16/],
];

async function written(name: string, bytes: Buffer): Promise<string> {
  const path = join(await scratch(), name);
  await writeFile(path, bytes, { mode: 0o600 });
  return path;
}

describe("files from other places", () => {
  it.each(WRITTEN)("a password in %s is the password", async (_, write) => {
    const file = await written("cm.pw", write("Schlüssel 1!\n"));
    const read = await readPassword(typed({ cmPasswordFile: file }), testWorld());
    expect(read?.secret.reveal()).toBe("Schlüssel 1!");
  });

  it.each(WRITTEN)("a password from standard input in %s", async (_, write) => {
    const bytes = write("Schlüssel 1!\n");
    const world = { ...testWorld(), standardInput: () => readAll(Readable.from([bytes])) };
    const read = await readPassword(typed({ cmPasswordStdin: true }), world);
    expect(read?.secret.reveal()).toBe("Schlüssel 1!");
  });

  it("a line end of CR alone is no part of it, and one more mark is nothing", async () => {
    const file = await written("cm.pw", Buffer.from("Sw0rdfish\r"));
    expect((await readPassword(typed({ cmPasswordFile: file }), testWorld()))?.secret.reveal()).toBe(
      "Sw0rdfish",
    );
  });

  it.each(WRITTEN)("answers in %s are read", async (_, write) => {
    const file = await written("answers.yaml", write("version: 1\nhue:\n  serverHost: lb.example.com\n"));
    const { values } = await readAnswersFile(file, testWorld());
    expect(values.get("serverHost")?.texts).toEqual(["lb.example.com"]);
  });

  it.each(WRITTEN)("a specification in %s is read", async (_, write) => {
    const backends = [{ name: "a", address: "a.example.com:21050" }];
    const listeners = [{ name: "impala", bind: "127.0.0.1:10001", balance: "source", backends }];
    const text = JSON.stringify({ version: 1, listeners }, null, 2);
    const spec = await readSpec(await written("balancer.json", write(text)), () => undefined);
    expect(spec.listeners[0]?.name).toBe("impala");
  });

  it.each(WRITTEN)("an authority in %s is trusted", async (_, write) => {
    const caFile = await written("ca.pem", write(privateCa().ca));
    await expect(trustContext({ caFile })).resolves.toBeDefined();
  });

  it.each(BROKEN)("%s is refused with the reason, wherever it stands", async (_, bytes, reason) => {
    const path = await written("input", bytes);
    const refusals = await Promise.all([
      failureOf(readPassword(typed({ cmPasswordFile: path }), testWorld())),
      failureOf(readAnswersFile(path, testWorld())),
      failureOf(readSpec(path, () => undefined)),
      failureOf(readAll(Readable.from([bytes]))),
    ]);
    for (const failure of refusals) {
      expect(failure).toMatchObject({ kind: "settings", code: "not-text" });
      expect(failure.message).toMatch(reason);
      expect(`${failure.message}${failure.hint}`).not.toMatch(/fish|Schl/);
      expect(failure.text.ja).toMatch(/使えません/);
    }
    await expect(trustContext({ caFile: path })).rejects.toBeInstanceOf(Failure);
  });

  it.each([
    ["a mark before it", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from([5, 2, 0, 0, 0, 1])])],
    ["UTF-16", utf16le("BQIAAABM")],
    ["base64", Buffer.from("BQIAAABMAAEAC0VYQU1QTEUuQ09N\r\n")],
    ["line ends that were changed", Buffer.from([5, 2, 0, 0, 0, 0x0d, 0x0a, 1])],
  ])("a keytab with %s is refused with the reason", (_, bytes) => {
    expect(typeof readKeytab(bytes)).toBe("string");
  });

  it("the text itself is not changed", () => {
    expect(decodeText(Buffer.from("a\r\nb\ufeff\tc"))).toEqual({ text: "a\r\nb\ufeff\tc" });
    expect(decodeText(Buffer.alloc(0))).toEqual({ text: "" });
  });
});
