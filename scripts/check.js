// Everything that can be said about the sources without running the program. Each check runs, also after a failed one.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => join(root, "node_modules/.bin", name);

// The other two start what is built.
const project = readdirSync(join(root, "test/project"))
  .filter((name) => name.endsWith(".test.ts") && !["pack.test.ts", "startup.test.ts"].includes(name))
  .map((name) => `test/project/${name}`);

const CHECKS = [
  ["format and lint", bin("biome"), ["ci", ...(process.stdout.isTTY ? [] : ["--colors=off"]), "."]],
  ["types", bin("tsc"), ["--noEmit", "-p", "tsconfig.json"]],
  ["dead code and dependencies", bin("knip"), []],
  // Its messages matter, not only its errors: --strict turns warnings into errors.
  ["package as published", bin("publint"), ["--strict"]],
  [
    "generated files, imports, sizes, words, engines, licence",
    bin("vitest"),
    ["run", "--reporter=dot", ...project, "test/cli/generate"],
  ],
];

const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: "1" };
const failed = [];
for (const [name, command, args] of CHECKS) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", env });
  if (status !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? "\nall checks passed\n" : `\nfailed: ${failed.join("; ")}\n`);
process.exit(failed.length === 0 ? 0 : 1);
