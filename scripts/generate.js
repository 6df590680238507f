// Writes the files that are made from tables: of the options (manual page, completion, answers schema, README tables),
// of the messages (page of codes) and of the balancer specification (its schema and its table of keys).
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** TypeScript files below a folder, in a fixed order. */
function sources(path) {
  return readdirSync(join(root, path), { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(path, name))
    .sort();
}

// The generators are TypeScript, which Node 20 does not run; they need nothing that a whole build would bring.
mkdirSync(join(root, "build"), { recursive: true });
const folder = mkdtempSync(join(root, "build/generate-"));
try {
  const tables = ["src/domain/address-failures.ts", ...sources("src/messages")];
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `${tables.map((path, index) => `import * as m${index} from "./${path}";`).join("\n")}
export const modules = [${tables.map((_, index) => `m${index}`).join(", ")}];`,
      resolveDir: root,
    },
    outfile: join(folder, "messages.js"),
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  await build({
    absWorkingDir: root,
    entryPoints: {
      files: "src/cli/generate/files.ts",
      codes: "src/cli/generate/codes.ts",
      spec: "scripts/balancer-spec-docs.ts",
    },
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
  const { catalogueOf } = await import(pathToFileURL(join(folder, "codes.js")).href);
  const { generatedFiles, READMES } = await import(pathToFileURL(join(folder, "files.js")).href);
  const { modules } = await import(pathToFileURL(join(folder, "messages.js")).href);
  const readmes = new Map(
    Object.keys(READMES)
      .filter((path) => existsSync(join(root, path)))
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
  const { balancerSpecFiles, SPEC_PAGE } = await import(pathToFileURL(join(folder, "spec.js")).href);
  const page = readFileSync(join(root, SPEC_PAGE), "utf8");
  for (const [path, content] of [
    ...generatedFiles(readmes, catalogueOf(modules)),
    ...balancerSpecFiles(page),
  ]) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, "utf8") === content) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    process.stdout.write(`${path}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
