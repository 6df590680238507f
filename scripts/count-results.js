// Prints "N passed, N failed" over the JSON reports of vitest in a folder.
// usage: count-results.js FOLDER FAILED_STEPS; a step that failed without a failed test counts as one failure.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder = "", failedSteps = "0"] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".json"))) {
  const report = JSON.parse(readFileSync(join(folder, name), "utf8"));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  for (const file of report.testResults) {
    // A file that could not be loaded has no tests to count.
    if (file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"))
      failed += 1;
  }
}
process.stdout.write(`${passed} passed, ${Math.max(failed, Number(failedSteps))} failed\n`);
