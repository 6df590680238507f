// Runs the tests that go through the command line against the one-file bundle instead of the package.
import { spawnSync } from "node:child_process";
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
const { status } = spawnSync(join(root, "node_modules/.bin/vitest"), ["run", "test/scenarios"], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, HUE_IMPALA_SETUP_TEST_PROGRAM: bundle },
});
process.exit(status ?? 1);
