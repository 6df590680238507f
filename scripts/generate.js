// Writes the files that are made from tables: of the options (manual page, completion, answers schema, README tables) and of
// the balancer specification (its schema and its table of keys).
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

// The generators are TypeScript, which Node 20 does not run; they need nothing that a whole build would bring.
mkdirSync(join(root, "build"), { recursive: true });
const folder = mkdtempSync(join(root, "build/generate-"));
try {
  await build({
    absWorkingDir: root,
    entryPoints: { files: "src/cli/generate/files.ts", spec: "scripts/balancer-spec-docs.ts" },
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  const { generatedFiles, READMES } = await import(pathToFileURL(join(folder, "files.js")).href);
  const readmes = new Map(
    Object.keys(READMES)
      .filter((path) => existsSync(join(root, path)))
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
  const { balancerSpecFiles, SPEC_PAGE } = await import(pathToFileURL(join(folder, "spec.js")).href);
  const page = readFileSync(join(root, SPEC_PAGE), "utf8");
  for (const [path, content] of [...generatedFiles(readmes), ...balancerSpecFiles(page)]) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, "utf8") === content) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    process.stdout.write(`${path}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
