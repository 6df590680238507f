import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { allImports, closure, importsOf, packageOf } from "./import-graph.ts";
import { ROOT, sources } from "./tree.ts";

/** Rooms from the top down; a room imports only from itself and from rooms below it. */
const ROOMS = [
  "cli",
  "wizard",
  "setup",
  "hue",
  "cloudera",
  "engines",
  "balancer",
  "system",
  "messages",
  "domain",
] as const;

/** The steps of a set-up from the last to the first; the first three are the ends of three flows and share no arrow. */
const FLOW = [
  "doctor",
  "undo",
  "sync",
  "apply",
  "plan",
  "current",
  "desired",
  "settle",
  "survey",
  "answers",
  "world",
] as const;

/**
 * Cost too much at start-up (80 to 190 ms each with their dependencies) to be loaded by a run that does not need them.
 */
const LAZY = ["axios", "inquirer", "yaml", "diff", "ini"];

const NOT_IN_DAEMON = [...LAZY, "chalk", "fast-string-width"];

function roomOf(path: string): number {
  return ROOMS.findIndex((room) => path.startsWith(`src/${room}/`));
}

describe("imports", () => {
  test("every folder of src is a room", () => {
    const folders = new Set(sources("src").map((path) => path.split("/")[1]));
    folders.delete("index.ts");
    expect([...folders].filter((folder) => !ROOMS.some((room) => room === folder))).toEqual([]);
  });

  test("arrows go down only: cli > wizard > setup > hue > cloudera > engines > balancer > system > messages > domain", () => {
    const upward = allImports("src").filter(({ from, to }) => {
      if (!to.startsWith("src/")) return false;
      return roomOf(from) >= 0 && roomOf(to) < roomOf(from);
    });
    expect(upward).toEqual([]);
  });

  test(`arrows within setup go down only: ${FLOW.join(" > ")}`, () => {
    const at = (path: string): number => FLOW.findIndex((step) => path.startsWith(`src/setup/${step}/`));
    const steps = new Set(sources("src/setup").map((path) => path.split("/")[2]));
    expect([...steps].sort()).toEqual([...FLOW].sort());
    const upward = allImports("src/setup").filter(({ from, to }) => {
      const sideways = at(from) <= at("src/setup/sync/") && at(to) <= at("src/setup/sync/");
      return at(to) >= 0 && at(to) !== at(from) && (at(to) < at(from) || sideways);
    });
    expect(upward).toEqual([]);
  });

  test("nothing in src imports tests, fixtures or benchmarks", () => {
    const outward = allImports("src").filter(({ to }) => /^(test|fixtures|bench|scripts)\//.test(to));
    expect(outward).toEqual([]);
  });

  test("the balancer needs no upper room and none of the packages for people, even indirectly", () => {
    const reached = closure(sources("src/balancer"), ["static", "dynamic"]);
    const wrong = [...reached].filter(([to]) => {
      const upper = to.startsWith("src/") && roomOf(to) < ROOMS.indexOf("balancer");
      return upper || NOT_IN_DAEMON.includes(packageOf(to) ?? "");
    });
    expect(wrong.map(([, way]) => way.join(" > "))).toEqual([]);
  });

  test("heavy packages are imported only when they are needed", () => {
    const eager = allImports("src").filter(
      ({ to, kind }) => kind === "static" && LAZY.includes(packageOf(to) ?? ""),
    );
    expect(eager).toEqual([]);
  });

  test("packages that src imports are dependencies of the package", async () => {
    const { default: manifest } = await import("../../package.json", { with: { type: "json" } });
    const known = Object.keys(manifest.dependencies);
    const missing = allImports("src")
      .filter(({ kind }) => kind !== "type")
      .filter(({ to }) => packageOf(to) !== undefined && !known.includes(packageOf(to) ?? ""));
    expect(missing).toEqual([]);
  });

  test("imports name Node's modules with node: and files with .ts", () => {
    const wrong = [...allImports("src"), ...allImports("test"), ...allImports("fixtures")].filter(({ to }) =>
      /^(src|test|fixtures|bench)\//.test(to)
        ? !/\.(ts|js|json)$/.test(to)
        : /^(fs|net|path|os|http|https|tls)(\/|$)/.test(to),
    );
    expect(wrong).toEqual([]);
  });

  test("the reader of imports sees every import that esbuild's parser sees", async () => {
    const files = sources("src");
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: [...files],
      outdir: "unused",
      write: false,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      metafile: true,
      logLevel: "silent",
    });
    const missed = files.flatMap((file) => {
      const seen = importsOf(file).map(({ to, kind }) => `${kind} ${to}`);
      const kindOf = { "import-statement": "static", "dynamic-import": "dynamic" } as Record<string, string>;
      return (metafile.inputs[file]?.imports ?? [])
        .map((entry) => `${kindOf[entry.kind] ?? entry.kind} ${entry.path}`)
        .filter((wanted) => !seen.includes(wanted))
        .map((wanted) => `${file}: ${wanted}`);
    });
    expect(missed).toEqual([]);
  });
});
