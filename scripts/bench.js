// Runs the benchmarks one after the other (they would disturb each other), or only those named: bench/NAME.main.ts.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "build/bench");
const wanted = process.argv.slice(2);
const found = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
const programs = found
  .filter((path) => path.endsWith(".main.js"))
  .filter((path) => wanted.length === 0 || wanted.includes(basename(path, ".main.js")))
  .sort();
if (programs.length === 0) {
  process.stderr.write("no such benchmark; there are:\n");
  for (const path of found.filter((name) => name.endsWith(".main.js"))) {
    process.stderr.write(`  ${basename(path, ".main.js")}\n`);
  }
  process.exit(1);
}
let failed = false;
for (const program of programs) {
  process.stdout.write(`\n== ${basename(program, ".main.js")}\n`);
  const { status } = spawnSync(process.execPath, [join(folder, program)], { cwd: root, stdio: "inherit" });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
