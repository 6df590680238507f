import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const NOT_SOURCE = new Set([".git", ".stryker-tmp", "build", "coverage", "dist", "node_modules", "reports"]);

/** Paths of the files of the project (not what is installed or built), from the root, sorted. */
export function projectFiles(): readonly string[] {
  const git = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  // A copy without .git is a project too.
  const files = git.status === 0 ? git.stdout.split("\0").filter((path) => path !== "") : walk(ROOT);
  return files.filter((path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.isFile()).sort();
}

/** TypeScript sources below a folder. */
export function sources(folder: string): readonly string[] {
  return projectFiles().filter((path) => path.startsWith(`${folder}/`) && path.endsWith(".ts"));
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_SOURCE.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [relative(ROOT, path)];
  });
}
