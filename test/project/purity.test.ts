import { describe, expect, test } from "vitest";
import { closure } from "./import-graph.ts";
import { sources, textOf } from "./tree.ts";

/** Parts that decide and take all they need as arguments: their tests need no files, sockets or clocks. */
const PURE = [
  /^src\/hue\/(?!folder\/)/,
  /^src\/setup\/(plan\/(?!diff)|desired\/desired\.ts$)/,
  /^src\/balancer\/(algorithms|backends\/pool)\//,
  /^src\/balancer\/backends\/health\/state\.ts$/,
  /^src\/balancer\/session\/(calls\/(call|route|learn)|load\/(table|choose|session-load))\.ts$/,
  /^src\/balancer\/wire\//,
  /^src\/balancer\/front\/accept\/proxy-header\.ts$/,
  /^src\/engines\/(?!haproxy\/check|keepalived\/)/,
  /^src\/cli\/(generate|render)\//,
  /^src\/cli\/exit\.ts$/,
  /^src\/domain\//,
];

/**
 * Node's own modules that compute only. `node:net` is here for isIP and BlockList: the text is searched for the rest.
 */
const COMPUTING = ["node:buffer", "node:crypto", "node:net", "node:path", "node:util"];

/** Imports of a pure function or for a shorter import elsewhere: nothing that acts is called. */
const HARMLESS = [
  "src/setup/plan/plan.ts > src/cloudera/config/load-balancer.ts",
  "src/setup/desired/balancer.ts > src/setup/survey/listening.ts",
];

/** What the steps of a set-up find out, they find out through their `World`: none of them looks at the host itself. */
const STEPS = /^src\/setup\/(?!world\/)/;

/** What acts on Cloudera Manager does so through the login that it is given, which only a world can open. */
const OF_A_LOGIN = /^src\/cloudera\/(?!client\/|http\/)/;

const EFFECTS = [
  /\bDate\.now\(|\bnew Date\(\)/,
  /\bMath\.random\(|\brandom(Bytes|UUID|Int)\(/,
  /\bperformance\.now\(|\bhrtime\b/,
  /\b(setTimeout|setInterval|setImmediate)\(/,
  /\bprocess\.(env|cwd|exit|stdout|stderr|argv|pid|on)\b/,
  /\bcreate(Server|Connection)\(/,
];

const pure = sources("src").filter((path) => PURE.some((pattern) => pattern.test(path)));
const reached = closure(pure, ["static", "dynamic"], HARMLESS);

describe("pure parts", () => {
  test("are there", () => {
    expect(PURE.filter((pattern) => !pure.some((path) => pattern.test(path)))).toEqual([]);
  });

  test("reach no module that acts on the world, even indirectly", () => {
    const acting = [...reached].filter(([to]) => to.startsWith("node:") && !COMPUTING.includes(to));
    expect(acting.map(([, way]) => way.join(" > "))).toEqual([]);
  });

  test("the steps of a set-up reach the host only through their world", () => {
    const steps = sources("src").filter((path) => STEPS.test(path));
    const acting = [...closure(steps, ["static", "dynamic"])].filter(
      ([to, way]) =>
        to.startsWith("node:") && !COMPUTING.includes(to) && !way.some((path) => OF_A_LOGIN.test(path)),
    );
    expect(acting.map(([, way]) => way.join(" > "))).toEqual([]);
    const sockets = /import \{[^}]*\b(connect|create\w+|Server|Socket)\b[^}]*\} from "node:net"/;
    expect(steps.filter((path) => sockets.test(textOf(path)))).toEqual([]);
  });

  test("ask for no time, chance, environment or timer, even indirectly", () => {
    const files = [...reached.keys()].filter((path) => path.startsWith("src/"));
    const asking = files.flatMap((path) => {
      const code = textOf(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      return EFFECTS.flatMap((effect) => effect.exec(code)?.[0] ?? []).map((found) => `${path}: ${found}`);
    });
    expect(asking).toEqual([]);
  });
});
