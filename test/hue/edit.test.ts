import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigObjError, parseConfigObj } from "../../src/hue/configobj.ts";
import { editHueIni } from "../../src/hue/edit.ts";
import { checkEdits } from "./support/edits.ts";
import { editableDocument } from "./support/generate.ts";

const SETTINGS = { serverHost: "lb.example.com", serverPort: 10001, serverConnTimeout: 3600 };

describe("editHueIni", () => {
  test("any document: the tree gains the keys, nothing else changes, a second edit changes nothing", () => {
    fc.assert(
      fc.property(editableDocument, (text) => {
        const bytes = Buffer.from(text, "utf-8");
        try {
          parseConfigObj(bytes);
        } catch {
          expect(() => editHueIni(bytes, SETTINGS)).toThrow(ConfigObjError);
          return;
        }
        checkEdits(bytes, SETTINGS);
      }),
      { numRuns: 3000 },
    );
  });
});
