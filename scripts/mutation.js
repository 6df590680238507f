// Mutation tests: one Stryker run for each stryker.NAME.config.json, or only for the names given.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const wanted = process.argv.slice(2);
const configs = readdirSync(root)
  .filter((name) => /^stryker\..+\.config\.json$/.test(name))
  .filter((name) => wanted.length === 0 || wanted.includes(name.split(".")[1] ?? ""));
if (configs.length === 0) {
  process.stderr.write(`no stryker.${wanted.join("|") || "NAME"}.config.json\n`);
  process.exit(1);
}
let failed = false;
for (const config of configs) {
  process.stdout.write(`\n== ${config}\n`);
  const stryker = join(root, "node_modules/.bin/stryker");
  const { status } = spawnSync(stryker, ["run", config], { cwd: root, stdio: "inherit" });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
