import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { missing, type Need, title } from "../support/needs.ts";
import { ROOT } from "../support/program.ts";
import { runScenario } from "./run-scenario.ts";
import { parseScenario } from "./scenario.ts";

const FOLDER = join(ROOT, "fixtures/scenarios");

/** Every file in fixtures/scenarios is a test: before-files, arguments, output, exit code, after-files. */
describe("scenarios", () => {
  const names = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".yaml"),
  );
  for (const name of names.sort()) {
    const scenario = parseScenario(readFileSync(join(FOLDER, name), "utf8"), name);
    const needs = scenario.needs as Need[];
    // Another account can only be taken on by root.
    const asOthers = scenario.steps.some(({ uid }) => uid !== undefined);
    const heading = `${name}: ${scenario.title}${asOthers ? " [needs root]" : ""}`;
    it.skipIf(missing(...needs) || (asOthers && process.geteuid?.() !== 0))(
      needs.length > 0 ? title(heading, ...needs) : heading,
      () => runScenario(scenario),
    );
  }
});
