import { satisfies, subset } from "semver";
import { describe, expect, test } from "vitest";
import { textOf } from "./tree.ts";

interface Locked {
  readonly version?: string;
  readonly engines?: { readonly node?: string } | readonly string[];
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/** Not one that CI or most servers install: x64 Linux with glibc. */
function isOfOtherPlatform({ dev, optional, os, cpu, libc }: Locked): boolean {
  const elsewhere =
    os?.includes("linux") === false || cpu?.includes("x64") === false || libc?.includes("musl");
  return dev === true && optional === true && elsewhere === true;
}

const OLDEST = "20.19.0";

const lock = JSON.parse(textOf("npm-shrinkwrap.json")) as { packages: Record<string, Locked> };
const manifest = JSON.parse(textOf("package.json")) as {
  name: string;
  version: string;
  engines: { node: string };
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const packages = Object.entries(lock.packages).filter(([path]) => path !== "");

describe("dependencies", () => {
  test(`every locked package accepts Node ${OLDEST}, the oldest that is supported`, () => {
    expect(satisfies(OLDEST, manifest.engines.node)).toBe(true);
    expect(satisfies("20.18.3", manifest.engines.node)).toBe(false);
    const refusing = packages.flatMap(([path, { version, engines }]) => {
      const range = engines !== undefined && "node" in engines ? engines.node : undefined;
      return range === undefined || satisfies(OLDEST, range) ? [] : [`${path} ${version}: ${range}`];
    });
    expect(packages.length).toBeGreaterThan(50);
    expect(refusing).toEqual([]);
  });

  test("versions are exact and the lockfile has them", () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
    const different = Object.entries(wanted).filter(
      ([name, version]) =>
        !/^\d+\.\d+\.\d+$/.test(version) || lock.packages[`node_modules/${name}`]?.version !== version,
    );
    expect(different).toEqual([]);
    expect(subset(manifest.engines.node, ">=20.19")).toBe(true);
  });

  test("what users install runs no install script and is pinned by its hash", () => {
    const installed = packages.filter(([, { dev }]) => dev !== true);
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
    // Packages of other platforms that the registry does not carry can have no hash.
    const unpinned = packages.filter(
      ([, entry]) => entry.integrity === undefined && !isOfOtherPlatform(entry),
    );
    expect(unpinned).toEqual([]);
  });

  test("the lockfile has every optional package, as `npm ci` wants (node scripts/complete-lockfile.js)", () => {
    const names = new Set(packages.map(([path]) => path.split("node_modules/").at(-1)));
    const missing = packages.flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {})
        .filter((name) => !names.has(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test("the lockfile is that of this package", () => {
    expect(lock).toMatchObject({ name: manifest.name, version: manifest.version });
  });
});
