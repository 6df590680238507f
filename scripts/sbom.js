// Writes the bill of materials of what runs in production (CycloneDX) to the file that is named, and checks that each
// package of it has a licence that may be combined with ours: `node scripts/sbom.js reports/sbom.cdx.json`.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Licences that ask for no more than their own text and notice. */
const ALLOWED = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT"];

const npm = spawnSync("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
if (npm.status !== 0) {
  process.stderr.write(npm.stderr);
  process.exit(1);
}
const bill = JSON.parse(npm.stdout);
const { packages } = JSON.parse(readFileSync(join(root, "npm-shrinkwrap.json"), "utf8"));
const production = Object.entries(packages)
  .filter(([path, { dev }]) => path !== "" && dev !== true)
  .map(([path, { version, license }]) => ({
    ref: `${path.split("node_modules/").at(-1)}@${version}`,
    license,
  }));

// npm's own --omit=dev leaves out packages that development needs as well.
const wanted = new Set(production.map(({ ref }) => ref));
const components = bill.components.filter((component) => wanted.has(component["bom-ref"]));
const refs = new Set([bill.metadata.component["bom-ref"], ...components.map((each) => each["bom-ref"])]);
const dependencies = bill.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));

const faults = [];
for (const { ref, license } of production) {
  if (!refs.has(ref)) faults.push(`${ref}: not in npm's bill`);
  if (!ALLOWED.includes(license)) faults.push(`${ref}: licence ${license ?? "unknown"}`);
}
const file = resolve(root, process.argv[2] ?? "reports/sbom.cdx.json");
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify({ ...bill, components, dependencies }, null, 2)}\n`);
process.stdout.write(`${components.length} packages in production: ${file}\n`);
process.stderr.write(faults.map((fault) => `${fault}\n`).join(""));
process.exit(faults.length === 0 ? 0 : 1);
