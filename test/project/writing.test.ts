import { describe, expect, test } from "vitest";
import { sources, textOf } from "./tree.ts";

/** What changes something: files, folders, units, Cloudera Manager. */
const WRITERS =
  /\b(safeWrite|safeRemove|acquireLock|systemctl|writeValve|writeLoadBalancer|restartHue|writeFile|appendFile|mkdir|mkdtemp|rename|unlink|rm|rmdir|symlink|link|chmod|chown|truncate|copyFile)\(/;

/** The writing half itself, and what a change in Cloudera Manager is made with. */
const MAY_CALL = ["src/setup/world/real.ts", "src/setup/world/units.ts", "src/setup/apply/execute.ts"];

/** Who may hold a world that can be changed: it is made here, handed on here and used in `apply/`. */
const MAY_HOLD = [
  /^src\/setup\/(apply|world)\//,
  /^src\/cli\/(start|context)\.ts$/,
  /^src\/cli\/commands\/(carry-out|setup)\.ts$/,
];

const files = sources("src").filter((path) => /^src\/(cli|setup|wizard)\//.test(path));

describe("writing", () => {
  test("is done through the world's writing half only", () => {
    const calling = files.filter((path) => WRITERS.test(withoutComments(path)) && !MAY_CALL.includes(path));
    expect(calling).toEqual([]);
    expect(MAY_CALL.filter((path) => WRITERS.test(withoutComments(path)))).toEqual(MAY_CALL);
  });

  test("the writing half is given to apply/ only", () => {
    const holding = files.filter((path) =>
      /\b(WritableWorld|Writes|writable|thisHost)\b/.test(withoutComments(path)),
    );
    expect(holding.filter((path) => !MAY_HOLD.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(MAY_HOLD.filter((pattern) => !holding.some((path) => pattern.test(path)))).toEqual([]);
  });
});

function withoutComments(path: string): string {
  return textOf(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
