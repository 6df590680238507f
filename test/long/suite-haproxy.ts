import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/**
 * The HAProxy of another Debian release, unpacked beside the system with the C library that it was built for.
 * @param suite `bullseye`, `trixie`, `sid`
 * @returns the path of a program that runs it, until the test ends
 */
export function haproxyOf(suite: string): string {
  const folder = mkdtempSync(join(tmpdir(), `haproxy-${suite}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ["lists/partial", "cache/archives/partial", "state", "root"]) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, "status"), "");
  writeFileSync(join(folder, "sources.list"), `deb [signed-by=${KEYRING}] ${archive()} ${suite} main\n`);
  const options = Object.entries({
    "Dir::Etc::SourceList": join(folder, "sources.list"),
    "Dir::Etc::SourceParts": "-",
    "Dir::State": join(folder, "state"),
    "Dir::State::Lists": join(folder, "lists"),
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": join(folder, "cache"),
    "APT::Install-Recommends": "0",
    "Acquire::Languages": "none",
    // The packages of the suite that runs here are not to be mixed with it.
    "APT::Architecture": execFileSync("dpkg", ["--print-architecture"], { encoding: "utf8" }).trim(),
  }).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const apt = (...args: string[]): void => {
    execFileSync("apt-get", [...options, "-qq", ...args], { stdio: ["ignore", "ignore", "pipe"] });
  };
  apt("update");
  apt("install", "--download-only", "--yes", "haproxy");
  const root = join(folder, "root");
  for (const name of readdirSync(join(folder, "cache/archives")).filter((each) => each.endsWith(".deb"))) {
    execFileSync("dpkg", ["-x", join(folder, "cache/archives", name), root]);
  }
  const libraries = ["lib", "usr/lib"].flatMap((path) => libraryFolders(join(root, path)));
  const loaders = libraries.flatMap((path) =>
    readdirSync(path).flatMap((name) => (/^ld-linux-.*\.so\.\d+$/.test(name) ? [join(path, name)] : [])),
  );
  const [loader] = loaders;
  if (loader === undefined) throw new Error(`${suite}: no dynamic loader among the packages`);
  const program = join(folder, "haproxy");
  const command = [loader, "--library-path", libraries.join(":"), join(root, "usr/sbin/haproxy")];
  writeFileSync(program, `#!/bin/sh\nexec ${command.join(" ")} "$@"\n`, { mode: 0o755 });
  return program;
}

/** `x86_64-linux-gnu` and its like. */
function libraryFolders(path: string): string[] {
  const names = existsSync(path) ? readdirSync(path) : [];
  return names.filter((name) => name.includes("-linux-")).map((name) => join(path, name));
}

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Where this machine's own Debian packages come from. */
function archive(): string {
  const format = "$(ORIGIN) $(REPO_URI)";
  const lines = execFileSync("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], {
    encoding: "utf8",
  }).split("\n");
  const found = lines.find((line) => /^Debian \S+\/debian\/?$/.test(line));
  if (found === undefined) throw new Error("apt knows no Debian archive: run apt-get update");
  return found.replace(/^Debian /, "");
}
