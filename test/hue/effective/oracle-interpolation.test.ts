import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing, title } from "../../support/needs.ts";
import { overDocuments } from "../support/fuzz.ts";
import { Oracle, type ReadValue } from "../support/oracle.ts";
import { readAll } from "../support/read-all.ts";

describe.skipIf(missing("configobj"))(title("interpolation against the real ConfigObj", "configobj"), () => {
  let oracle: Oracle;
  beforeAll(() => {
    oracle = new Oracle();
  });
  afterAll(() => oracle.close());

  test("generated documents: same values, same errors", async () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    const piece = fc.oneof(
      name.map((one) => `%(${one})s`),
      fc.constantFrom("x", "%", "%(", ")", "s", ")s", "%%(a)s"),
    );
    const value = fc.array(piece, { maxLength: 3 }).map((parts) => `"${parts.join("")}"`);
    const keys = fc.uniqueArray(fc.tuple(name, value), { maxLength: 4, selector: ([one]) => one });
    const body = keys.map((all) => all.map(([one, text]) => `${one}=${text}\n`).join(""));
    const documents = fc
      .tuple(body, body, body, body, body)
      .map(
        ([top, s, t, inner, outer]) => `${top}[s]\n${s}[[t]]\n${t}[[[DEFAULT]]]\n${inner}[DEFAULT]\n${outer}`,
      );
    await overDocuments(
      documents.map((text) => Buffer.from(text)),
      5000,
      async (batch) => {
        const theirs = await oracle.read(batch);
        batch.forEach((bytes, at) => {
          const order = (values: ReadValue[] | undefined) => values?.map((one) => JSON.stringify(one)).sort();
          expect(order(readAll(bytes)), bytes.toString()).toEqual(order(theirs[at]));
        });
      },
    );
  });
});
