import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reversal, reverse } from "../../../../src/setup/apply/journal/reversal.ts";

const line = fc.oneof(
  fc.constantFrom("\n", "a\n", "b\r\n", "password=x\n", "[impala]\n"),
  fc.string({ maxLength: 5 }),
);
const text = fc.array(line, { maxLength: 30 }).map((lines) => Buffer.from(lines.join(""), "latin1"));

describe("reversal", () => {
  it("turns any text back into the one before, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        const back = reverse(after, await reversal(before, after));
        expect(Buffer.compare(Buffer.from(back), before)).toBe(0);
      }),
    );
  });

  it("keeps only changed lines, so that a journal holds no other setting", async () => {
    const before = Buffer.from("[desktop]\nsecret_key=hush\n[impala]\na=1\nb=2\nldap_password=hush\nc=3\n");
    const after = Buffer.from("[desktop]\nsecret_key=hush\n[impala]\na=9\nb=2\nldap_password=hush\nc=9\n");
    const kept = (await reversal(before, after)).map(({ content }) =>
      Buffer.from(content, "base64").toString(),
    );
    expect(kept).toEqual(["a=1\n", "c=3\n"]);
  });
});
