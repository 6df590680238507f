import { expect, test } from "vitest";
import { checkHaproxy } from "../../src/engines/haproxy/check.ts";
import { renderHaproxy } from "../../src/engines/haproxy/haproxy.ts";
import { CONFIGURATIONS } from "../engines/configurations.ts";
import { scratchFile } from "../engines/support.ts";
import { haproxyOf } from "./suite-haproxy.ts";

/** Debian's releases, from HAProxy 2.2 to 3.2. */
const SUITES = ["bullseye", "bookworm", "trixie", "sid"];

test.each(SUITES)("HAProxy of %s loads what is written for it, without a warning", async (suite) => {
  const program = haproxyOf(suite);
  const installed = (await checkHaproxy(await scratchFile("empty.cfg", ""), program)).version ?? "";
  const judged = [];
  for (const [name, { spec }] of Object.entries(CONFIGURATIONS)) {
    const forms = {
      own: renderHaproxy(spec, { version: installed }),
      oldest: renderHaproxy(spec, { version: "1.8" }),
    };
    // What is printed for an unknown version is for 2.4 and later.
    const all = /^2\.[0-3]\./.test(installed) ? forms : { ...forms, any: renderHaproxy(spec) };
    for (const [form, text] of Object.entries(all)) {
      const { ok, output } = await checkHaproxy(await scratchFile("haproxy.cfg", text), program);
      judged.push({ name, form, ok, warnings: warningsIn(output) });
    }
  }
  console.log(`${suite}: HAProxy ${installed}, ${judged.length} configurations`);
  expect(judged.filter(({ ok, warnings }) => !ok || warnings.length > 0)).toEqual([]);
});

/** The hosts of the examples exist nowhere, which HAProxy tells. */
function warningsIn(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => /WARNING|ALERT/.test(line) && !line.includes("could not resolve address"));
}
