import { describe, expect, test } from "vitest";
import { parseConfigObj } from "../../../src/hue/configobj.ts";
import type { Assignment } from "../../../src/hue/edit/assignments.ts";
import { checkOnlyChanged } from "../../../src/hue/edit/self-check.ts";

const HOST: Assignment[] = [{ section: ["impala"], key: "server_host", value: "lb" }];
const TLS: Assignment[] = [{ section: ["impala", "ssl"], key: "enabled", value: "true" }];

function check(old: string, now: string, wanted: Assignment[] = HOST): () => void {
  return () => checkOnlyChanged(parseConfigObj(Buffer.from(old)), parseConfigObj(Buffer.from(now)), wanted);
}

describe("checkOnlyChanged", () => {
  test.each<[string, string, string, Assignment[]]>([
    ["a new key", "[impala]\na=1", "[impala]\na=1\nserver_host=lb", HOST],
    [
      "a new value",
      "[impala]\nserver_host=x\na=1,2\n[[s]]\nb=1",
      "[impala]\na=1,2\nserver_host=lb\n[[s]]\nb=1",
      HOST,
    ],
    ["a new section", "[x]\na=1", "[impala]\nserver_host=lb\n[x]\na=1", HOST],
    ["nothing wanted, nothing changed", "[x]\na=,", "[x]\na=,", []],
    ["a new sub-section", "[impala]\na=1", "[impala]\na=1\n[[ssl]]\nenabled=true", TLS],
    ["a new key of a sub-section", "[impala]\n[[ssl]]\na=1", "[impala]\n[[ssl]]\na=1\nenabled=true", TLS],
    ["names that are properties", "[__proto__]\na=1", "[impala]\nserver_host=lb\n[__proto__]\na=1", HOST],
  ])("passes %s", (_name, old, now, wanted) => {
    expect(check(old, now, wanted)).not.toThrow();
  });

  test.each<[string, string, string, Assignment[]]>([
    ["the key is missing", "[impala]", "[impala]", HOST],
    ["the key has another value", "[impala]", "[impala]\nserver_host=x", HOST],
    ["the key is a list", "[impala]", "[impala]\nserver_host=lb,", HOST],
    ["the key is in a sub-section", "[impala]\n[[s]]", "[impala]\n[[s]]\nserver_host=lb", HOST],
    ["another key came", "[impala]", "[impala]\nserver_host=lb\na=1", HOST],
    ["another key went", "[impala]\na=1", "[impala]\nserver_host=lb", HOST],
    ["another key got another name", "[impala]\na=1", "[impala]\nserver_host=lb\nb=1", HOST],
    ["a section came", "[impala]", "[impala]\nserver_host=lb\n[x]", HOST],
    ["a section went", "[impala]\n[x]", "[impala]\nserver_host=lb", HOST],
    ["a value changed", "a=1\n[impala]", "a=2\n[impala]\nserver_host=lb", HOST],
    ["a value became a list", "a=1\n[impala]", "a=1,\n[impala]\nserver_host=lb", HOST],
    ["a list got longer", "a=1,\n[impala]", "a=1,2\n[impala]\nserver_host=lb", HOST],
    ["a list's item changed", "a=1,2\n[impala]", "a=1,3\n[impala]\nserver_host=lb", HOST],
    ["a list became a section", "a=,\n[impala]", "[a]\n[impala]\nserver_host=lb", HOST],
    ["a section became a value", "[a]\n[impala]", "a=1\n[impala]\nserver_host=lb", HOST],
    [
      "deep down",
      "[a]\n[[b]]\n[[[c]]]\nd=1\n[impala]",
      "[a]\n[[b]]\n[[[c]]]\nd=2\n[impala]\nserver_host=lb",
      HOST,
    ],
    ["the key is in the section above", "[impala]\n[[ssl]]", "[impala]\nenabled=true\n[[ssl]]", TLS],
    ["the sub-section lost a key", "[impala]\n[[ssl]]\na=1", "[impala]\n[[ssl]]\nenabled=true", TLS],
    ["a deeper section moved", "[impala]\n[[ssl]]\n[[[a]]]", "[impala]\n[[ssl]]\nenabled=true\n[[a]]", TLS],
    ["nothing wanted, but a section came", "", "[impala]", []],
  ])("refuses if %s", (_name, old, now, wanted) => {
    expect(check(old, now, wanted)).toThrow(
      expect.objectContaining({
        kind: "failed",
        code: "self-check",
        hint: expect.stringContaining("report"),
      }),
    );
  });
});
