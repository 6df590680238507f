// Runs the tests that go through the command line against the one-file bundle instead of the package.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = join(root, "build/hue-impala-setup.cjs");

for (const argument of ["--version", "--help"]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, argument], { encoding: "utf8" });
  if (status !== 0 || stdout === "" || stderr !== "") {
    process.stderr.write(`the bundle's ${argument}: exit ${status}\n${stdout}${stderr}`);
    process.exit(1);
  }
}
/** What runs the program does so through test/support/program.ts; the start-up budget is the package's. */
const tests = readdirSync(join(root, "test"), { recursive: true })
  .filter((path) => path.endsWith(".test.ts") && !/^(project|long|real|peers)\//.test(path))
  .map((path) => `test/${path}`)
  .filter((path) => runsProgram(path));

function runsProgram(path) {
  const text = readFileSync(join(root, path), "utf8");
  if (text.includes("support/program.ts")) return true;
  // Scenarios and terminal tests reach it through a helper beside them.
  const helpers = [...text.matchAll(/from "\.\/([\w-]+\.ts)"/g)].map(([, name]) => join(path, "..", name));
  return helpers.some((helper) => readFileSync(join(root, helper), "utf8").includes("support/program.ts"));
}

const { status } = spawnSync(join(root, "node_modules/.bin/vitest"), ["run", ...tests], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, HUE_IMPALA_SETUP_TEST_PROGRAM: bundle },
});
process.exit(status ?? 1);
