// Builds dist/ (the published package: declarations by tsc, code by esbuild in few files, which start in two thirds of
// the time of many) and build/ (programs of fixtures, benchmarks and tests).
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Every `*.main.ts` below a folder is a program of its own. */
function programs(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(".main.ts"))
    .map((name) => join(folder, name));
}

rmSync(join(root, "dist"), { recursive: true, force: true });
const tsc = spawnSync(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"],
  {
    cwd: root,
    stdio: "inherit",
  },
);
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

const common = {
  absWorkingDir: root,
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  format: "esm",
  logLevel: "warning",
};

await build({
  ...common,
  entryPoints: ["src/index.ts", "src/cli/start.ts"],
  outdir: "dist",
  outbase: "src",
  // What a command alone needs stays in a file of its own, loaded when it runs.
  splitting: true,
  chunkNames: "parts/[name]-[hash]",
});

const entryPoints = [...programs("fixtures"), ...programs("bench"), ...programs("test")];
if (entryPoints.length > 0) {
  await build({ ...common, entryPoints, outdir: "build", outbase: ".", sourcemap: "inline" });
}
