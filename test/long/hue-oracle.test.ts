import type fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { difference } from "../hue/support/compare.ts";
import { overDocuments } from "../hue/support/fuzz.ts";
import { anyDocument, editableDocument, headerDocument, valueDocument } from "../hue/support/generate.ts";
import { Oracle } from "../hue/support/oracle.ts";
import { missing, title } from "../support/needs.ts";

describe.skipIf(missing("configobj"))(
  title("agreement with the real ConfigObj, at length", "configobj"),
  () => {
    let oracle: Oracle;
    beforeAll(() => {
      oracle = new Oracle();
    });
    afterAll(() => oracle.close());

    test.each([
      ["whole documents", anyDocument],
      ["sensible documents", editableDocument],
      ["values", valueDocument],
      ["headers", headerDocument],
    ] as [string, fc.Arbitrary<string>][])(
      "200,000 generated %s: same verdict, same tree, same problems",
      async (_name, documents) => {
        await overDocuments(
          documents.map((text) => Buffer.from(text, "utf-8")),
          200_000,
          async (batch) => {
            const verdicts = await oracle.parse(batch);
            const faults = batch.flatMap((bytes, at) => {
              const verdict = verdicts[at];
              return verdict === undefined ? ["no verdict"] : (difference(bytes, verdict) ?? []);
            });
            expect(faults.slice(0, 5).join("\n")).toBe("");
          },
        );
      },
      600_000,
    );
  },
);
