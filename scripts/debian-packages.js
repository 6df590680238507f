// Prints the Debian packages that the tests use, one a line: those of test/support/needs.ts and what scripts need.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const needs = readFileSync(fileURLToPath(new URL("../test/support/needs.ts", import.meta.url)), "utf8");
const named = [...needs.matchAll(/package: "([^"]+)"/g)].flatMap(([, names]) => names.split(/ and |, /));
// This runs before npm ci, so it cannot load TypeScript; an empty list would be a change of form in needs.ts.
if (named.length < 10) throw new Error("test/support/needs.ts names no packages as this script reads them");
const always = ["git", "procps", "util-linux", "systemd", "tar"];
process.stdout.write(`${[...new Set([...named, ...always])].sort().join("\n")}\n`);
