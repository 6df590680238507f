// Bundles the program into one file for hosts without npm: build/hue-impala-setup.cjs. Copy it and run it with Node.
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = join(root, "build/hue-impala-setup.cjs");
/** So that no package comes in unnoticed; 1.06 MB with Kerberos, before TLS and the security of set-ups. */
const MOST_BYTES = 1_300_000;

/**
 * Packages that are only reached by features the program does not use. iconv-lite and chardet (0.5 MB) serve inquirer's
 * `editor` prompt, mime-db (0.1 MB) file uploads; debug is an optional logger of follow-redirects.
 */
const STUBS = {
  "iconv-lite": "module.exports = {};",
  chardet: "module.exports = {};",
  "mime-db": "module.exports = {};",
  debug: "module.exports = () => () => {};",
};

const stubs = {
  name: "stubs",
  setup({ onLoad, onResolve }) {
    const filter = new RegExp(`^(${Object.keys(STUBS).join("|")})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "stub" }));
    onLoad({ filter, namespace: "stub" }, ({ path }) => ({ contents: STUBS[path], loader: "js" }));
  },
};

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * The launcher loads the compiled program; the bundle takes the sources, and knows its version: no package.json is
 * near.
 */
const start = {
  name: "start",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.\.\/dist\/cli\/start\.js$/ }, () => ({ path: "start", namespace: "start" }));
    onLoad({ filter: /.*/, namespace: "start" }, () => ({
      contents: `import { start as run } from "./src/cli/start.ts";
        export const start = (argv) => run(argv, ${JSON.stringify(version)});`,
      resolveDir: root,
    }));
  },
};

/** The licence texts of the packages inside, which most of them want to be handed on. */
function licences(inputs) {
  const folders = new Set(inputs.flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []));
  const texts = [...folders].sort().map((folder) => {
    const {
      name,
      version: installed,
      license,
    } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? "" : readFileSync(join(root, folder, file), "utf8").trim();
    return `== ${name} ${installed} (${license})\n\n${text}\n`;
  });
  return texts.join("\n");
}

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ["bin/hue-impala-setup.js"],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  minify: true,
  // Stack traces in bug reports must be readable.
  keepNames: true,
  legalComments: "none",
  // Japanese as it is, not as escapes of twice the size.
  charset: "utf8",
  metafile: true,
  banner: { js: `/*! hue-impala-setup ${version}, Apache-2.0; with packages under their own licences */` },
  define: {
    "import.meta.url": "__bundle_url",
    "import.meta.filename": "__filename",
    "import.meta.dirname": "__dirname",
  },
  inject: [join(root, "scripts/bundle-url.js")],
  plugins: [stubs, start],
  logLevel: "warning",
});
writeFileSync(`${outfile}.licenses.txt`, licences(Object.keys(metafile.inputs)));
chmodSync(outfile, 0o755);

const { size } = statSync(outfile);
process.stdout.write(`build/hue-impala-setup.cjs: ${size} bytes\n`);
if (size > MOST_BYTES) {
  process.stderr.write(`more than ${MOST_BYTES} bytes: which package came in? (npx esbuild --analyze)\n`);
  process.exit(1);
}
