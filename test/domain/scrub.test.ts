import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scrubber } from "../../src/domain/words/scrub.ts";

/** Ways in which a server, a proxy or a log may repeat a text. */
const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  "JSON escapes": (text) => JSON.stringify(text).slice(1, -1),
  "JSON escapes twice": (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  "JSON in ASCII": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll("/", "\\/")
      .replaceAll(
        /[^\x20-\x7e]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase()}`,
      ),
  "percent-encoding": encodeURIComponent,
  "percent-encoding in small letters": (text) =>
    encodeURIComponent(text).replaceAll(/%../g, (digits) => digits.toLowerCase()),
  "percent-encoding twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  "percent-encoding of everything": (text) =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
  "a form": (text) => new URLSearchParams({ a: text }).toString().slice(2),
  "quoted-printable": (text) =>
    [...Buffer.from(text)].map((byte) => `=${byte.toString(16).padStart(2, "0").toUpperCase()}`).join(""),
  "quoted-printable with a soft line break": (text) => {
    const [first = "", ...rest] = text;
    return `${first}=\r\n${rest.join("")}`;
  },
  "HTML entities": (text) => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
  "HTML entities by name": (text) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#x27;"),
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "hexadecimal digits": (text) => Buffer.from(text).toString("hex"),
};

const password = fc
  .string({ unit: "grapheme", minLength: 6, maxLength: 14 })
  .filter((text) => text.trim() === text);

describe("a secret is taken out of what a server says", () => {
  it.each(Object.entries(ENCODINGS))("in %s", (_, encode) => {
    fc.assert(
      fc.property(password, fc.constantFrom("", "x=", "said: "), (secret, before) => {
        const form = encode(secret);
        const said = scrubber({ user: "admin", password: secret })(`${before}${form} is wrong`);
        expect(said).not.toContain(form);
        expect(said).toContain("***");
      }),
      { numRuns: 25 },
    );
  });

  it("in base64, wherever it stands in what was encoded, and nothing of its surroundings is left", () => {
    fc.assert(
      fc.property(password, fc.string(), fc.string(), (secret, before, after) => {
        const form = Buffer.from(`${before}${secret}${after}`).toString("base64");
        expect(scrubber({ user: "admin", password: secret })(`got ${form}.`)).toBe("got ***.");
      }),
      { numRuns: 60 },
    );
  });

  it("with user name, in a header, a URL and a form; cookies too", () => {
    const scrub = scrubber({ user: "admin", password: "Sw0rd/fish", tokens: ["0123abcd"] });
    const basic = Buffer.from("admin:Sw0rd/fish").toString("base64");
    expect(scrub(`Authorization: Basic ${basic}`)).toBe("Authorization: Basic ***");
    expect(scrub("refused admin:Sw0rd/fish")).toBe("refused ***");
    expect(scrub("https://admin:Sw0rd%2Ffish@cm:7183/")).toBe("https://***@cm:7183/");
    expect(scrub("SESSION=0123abcd; Path=/")).toBe("SESSION=***; Path=/");
  });

  it.each([
    ['{"user":"admin","password":"ab"}', '{"user":"admin","password":***}'],
    ["j_username=admin&j_password=ab&x=1", "j_username=admin&j_password=***&x=1"],
    ["http://admin:ab@cm/", "http://***@cm/"],
    [`Basic ${Buffer.from("admin:ab").toString("base64")} refused`, "Basic *** refused"],
    ['the value "ab" is not allowed', 'the value "***" is not allowed'],
    ["admin:ab is unknown", "*** is unknown"],
    ["Basic authentication is about to be abolished", "Basic authentication is about to be abolished"],
    ["a table of abbreviations", "a table of abbreviations"],
  ])("a short one by where it stands, not by its letters: %s", (text, said) => {
    expect(scrubber({ user: "admin", password: "ab" })(text)).toBe(said);
  });

  it("an ordinary message stays as it is", () => {
    const text = 'Unknown configuration attribute "hue_safety_valve" (role group 1, 100% at /a/b?c=d)';
    expect(scrubber({ user: "admin", password: "Sw0rdfish" })(text)).toBe(text);
  });

  it("a hostile text of 64 kB costs no time", () => {
    const scrub = scrubber({ user: "admin", password: "a\\\\\\\\=%25&amp;&amp;".repeat(8) });
    for (const piece of ["a\\", "%25", "&amp;", "A", "=\n", "password=", "://", '"', "Basic "]) {
      const text = piece.repeat(Math.ceil(65_536 / piece.length));
      const begun = process.cpuUsage();
      scrub(text);
      const { user } = process.cpuUsage(begun);
      expect(user, piece).toBeLessThan(1_000_000);
    }
  });
});
