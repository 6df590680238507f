import { describe, expect, test } from "vitest";
import { ConfigObjError, parseConfigObj } from "../../src/hue/configobj.ts";
import {
  type Case,
  caseBytes,
  HEADER_CASES,
  KEY_CASES,
  LINE_CASES,
  LINE_CLASS_CASES,
  TRAP_CASES,
  TRIPLE_CASES,
  VALUE_CASES,
} from "./support/cases.ts";

function outcome(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(JSON.stringify(parseConfigObj(bytes)));
  } catch (error) {
    if (!(error instanceof ConfigObjError)) throw error;
    return error.problems.map((problem) => `${problem.error} ${problem.line}`);
  }
}

function table(name: string, cases: readonly Case[]): void {
  describe(name, () => {
    test.each(cases.map((one) => [one] as const))("%j", (one) => {
      expect(outcome(caseBytes(one))).toEqual(one[1]);
    });
  });
}

describe("parseConfigObj", () => {
  table("lines", LINE_CASES);
  table("line classes", LINE_CLASS_CASES);
  table("headers", HEADER_CASES);
  table("keys", KEY_CASES);
  table("triple quotes", TRIPLE_CASES);
  table("values", VALUE_CASES);
  table("traps for editors", TRAP_CASES);
});
