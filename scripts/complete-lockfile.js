// Adds to npm-shrinkwrap.json the optional packages of other platforms that npm left out because the registry it was
// made with does not carry them; `npm ci` refuses a lockfile without them. And takes optional peers out of production:
// valibot may be used with TypeScript, inquirer with Node's types, and npm would install those with `--omit=dev` too,
// because we develop with them. Run it after every `npm install`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const file = join(fileURLToPath(new URL("..", import.meta.url)), "npm-shrinkwrap.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const packages = lock.packages;

const SYSTEMS = [
  "android",
  "aix",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

const added = [];
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (placeOf(path, name) !== undefined) continue;
    const words = name.split(/[-/]/);
    const os = SYSTEMS.filter((system) => words.includes(system));
    const cpu = PROCESSORS.filter((processor) => words.includes(processor)).slice(0, 1);
    const libc = words.includes("musl") ? ["musl"] : words.includes("gnu") ? ["glibc"] : [];
    if (!/^\d+\.\d+\.\d+$/.test(version) || os.length === 0) {
      throw new Error(`${path}: ${name}@${version} is missing, and not as a package of another platform`);
    }
    packages[`node_modules/${name}`] = {
      version,
      ...(cpu.length === 0 ? {} : { cpu }),
      ...(entry.dev === true ? { dev: true } : {}),
      optional: true,
      os,
      ...(libc.length === 0 ? {} : { libc }),
    };
    added.push(`${name}@${version}`);
  }
}
/** Where Node finds a package from a folder of the tree. */
function placeOf(from, name) {
  for (let folder = from; ; ) {
    const place = `${folder}${folder === "" ? "" : "/"}node_modules/${name}`;
    if (place in packages) return place;
    if (folder === "") return undefined;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")));
  }
}

/** What runs in production: dependencies, optional ones included, and peers that must be there. */
const production = new Set([""]);
for (const path of production) {
  const entry = packages[path];
  const peers = Object.keys(entry.peerDependencies ?? {}).filter(
    (name) => entry.peerDependenciesMeta?.[name]?.optional !== true,
  );
  for (const name of [
    ...Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }),
    ...(path === "" ? [] : peers),
  ]) {
    const place = placeOf(path, name);
    if (place !== undefined) production.add(place);
  }
}
let changed = added.length > 0;
for (const [path, entry] of Object.entries(packages)) {
  if (!production.has(path)) {
    if (entry.dev === true && entry.devOptional === undefined) continue;
    delete entry.devOptional;
    entry.dev = true;
    changed = true;
  } else if (path !== "") {
    for (const [name, { optional }] of Object.entries(entry.peerDependenciesMeta ?? {})) {
      if (optional !== true || production.has(placeOf(path, name) ?? "")) continue;
      delete entry.peerDependencies?.[name];
      delete entry.peerDependenciesMeta[name];
      changed = true;
    }
    for (const key of ["peerDependencies", "peerDependenciesMeta"]) {
      if (entry[key] !== undefined && Object.keys(entry[key]).length === 0) delete entry[key];
    }
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
if (changed) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(added.map((name) => `added ${name}\n`).join(""));
