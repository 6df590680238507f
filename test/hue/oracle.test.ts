import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing, title } from "../support/needs.ts";
import { difference } from "./support/compare.ts";
import { anyDocument } from "./support/generate.ts";
import { Oracle } from "./support/oracle.ts";

describe.skipIf(missing("configobj"))(title("agreement with the real ConfigObj", "configobj"), () => {
  let oracle: Oracle;
  beforeAll(() => {
    oracle = new Oracle();
  });
  afterAll(() => oracle.close());

  test("generated documents: same verdict, same tree, same problems", async () => {
    const seed = Number(process.env["HUE_FUZZ_SEED"] ?? Date.now() % 2 ** 31);
    const runs = Number(process.env["HUE_FUZZ_RUNS"] ?? 20_000);
    console.log(`ConfigObj fuzzing: ${runs} documents, seed ${seed}`);
    const batch = 500;
    await fc.assert(
      fc.asyncProperty(fc.array(anyDocument, { minLength: batch, maxLength: batch }), async (documents) => {
        const bytes = documents.map((text) => Buffer.from(text, "utf-8"));
        const verdicts = await oracle.parse(bytes);
        const faults = bytes.map((one, at) => verdicts[at] && difference(one, verdicts[at])).filter((x) => x);
        expect(faults.slice(0, 10).join("\n")).toBe("");
      }),
      { seed, numRuns: Math.ceil(runs / batch), endOnFailure: true },
    );
  });
});
