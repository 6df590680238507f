import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readAll } from "../../../src/cli/streams.ts";
import { apply } from "../../../src/setup/apply/apply.ts";
import { freePort } from "../../support/free-port.ts";
import { PROGRAM, plainEnvironment } from "../../support/program.ts";
import { scratch } from "../../support/scratch.ts";
import { MemoryUnits, testWorld } from "../world.ts";

const root = process.getuid?.() === 0;
const mounts = root && spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

/** Bytes of a page, the least that a file takes of such a disk. */
const PAGE = 4096;
/** A hue.ini of five pages. */
const HUE_INI = `${"# a comment of a hue.ini that is long\n".repeat(500)}[impala]\n`;

interface Outcome {
  readonly status: number;
  readonly document: { readonly changed: boolean; readonly error?: { readonly code: string } };
  readonly hueIni: string;
  /** Files on the disk, but for the journal and the filler. */
  readonly files: readonly string[];
}

/** A set-up on a disk (in memory, in a mount namespace of its own) of which `free` pages are left. */
async function onDisk(free: number, stateDir = "$DIR/state"): Promise<Outcome> {
  const folder = await scratch();
  const disk = join(folder, "disk");
  await mkdir(disk);
  await writeFile(join(folder, "hue.ini"), HUE_INI);
  const words = ["--non-interactive", "--json", "--impalad", "127.0.0.1:1", "--agent-config", "$DIR/none"];
  words.push("--hue-ini", "$DIR/hue.ini", "--spec", "$DIR/etc/balancer.json", "--unit-dir", "$DIR/units");
  words.push("--listen", `127.0.0.1:${await freePort()}`, "--admin-listen", `127.0.0.1:${await freePort()}`);
  words.push("--state-dir", stateDir);
  const script = `
    mount -t tmpfs -o size=1m none "$DIR" || exit 9
    cp "$DIR/../hue.ini" "$DIR/hue.ini"
    dd if=/dev/zero of="$DIR/filler" bs=${PAGE} 2>/dev/null
    truncate -s -${free * PAGE} "$DIR/filler"
    "$NODE" "$PROGRAM" ${words.map((word) => `"${word}"`).join(" ")}
    echo "$?"
    sha256sum <"$DIR/hue.ini" | cut -c1-64
    find "$DIR" -mindepth 1 -not -path "*/state*" -not -name filler | sed "s#^$DIR/##" | sort
  `;
  const env = { ...plainEnvironment(), DIR: disk, NODE: process.execPath, PROGRAM };
  const child = spawn("unshare", ["-m", "sh", "-c", script], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [text, errors] = await Promise.all([readAll(child.stdout), readAll(child.stderr)]);
  if (child.exitCode === null) await once(child, "exit");
  const [document = "", status, hueIni = "", ...files] = text.trimEnd().split("\n");
  expect(errors).toBe("");
  return { status: Number(status), document: JSON.parse(document), hueIni, files };
}

describe.skipIf(!mounts)("a disk that becomes full [needs root and mount namespaces]", () => {
  const before = spawnSync("sha256sum", { input: HUE_INI, encoding: "utf8" }).stdout.slice(0, 64);

  it.each(Array.from({ length: 16 }, (_, index) => 2 * index))(
    "with %i pages left: all is set up, or all is as before and nothing is left",
    async (free) => {
      const { status, document, hueIni, files } = await onDisk(free);
      if (status === 0) {
        expect(document.changed).toBe(true);
        expect(hueIni).not.toBe(before);
        return;
      }
      expect({ status, code: document.error?.code }).toEqual({ status: 1, code: "disk-full" });
      expect({ hueIni, files }).toEqual({ hueIni: before, files: ["hue.ini"] });
    },
  );
});

describe.skipIf(!mounts)("a disk that others fill meanwhile [needs root, to mount]", () => {
  it("does not keep what was done from being taken back: room for that was held from the start", async () => {
    const folder = await scratch();
    const disk = join(folder, "disk");
    await mkdir(disk);
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", disk]).status).toBe(0);
    onTestFinished(() => void spawnSync("umount", ["-l", disk]));
    const [spec, hueIni] = [join(disk, "etc/balancer.json"), join(disk, "hue.ini")];
    const [first, second] = [Buffer.from(HUE_INI), Buffer.from(`${HUE_INI}server_port=1\n`)];
    await writeFile(hueIni, first);
    const units = new MemoryUnits();
    units.onAct = async (verb) => {
      if (verb === "start")
        await writeFile(join(disk, "filler"), Buffer.alloc(2 ** 20)).catch(() => undefined);
    };
    const unit = { target: "lb.service", wasActive: false, wasEnabled: false } as const;
    const done = await apply(
      {
        changes: [
          { kind: "file-edit", target: hueIni, before: first, after: second, mode: 0o644 },
          { kind: "file-create", target: spec, before: null, after: Buffer.from("{}"), mode: 0o644 },
          { kind: "service", action: "start", ...unit },
          { kind: "file-create", target: join(disk, "late"), before: null, after: first, mode: 0o644 },
        ],
        warnings: [],
        next: [],
      },
      testWorld({ units }),
      { stateDir: join(disk, "state") },
    );
    expect(done.failure).toMatchObject({ kind: "failed", code: "disk-full" });
    const statuses = done.report.outcomes.map(({ status }) => status);
    expect(statuses.slice(0, 2)).toEqual(["rolled-back", "rolled-back"]);
    expect(await readFile(hueIni, "utf8")).toBe(HUE_INI);
    expect((await readdir(disk)).sort()).toEqual(["filler", "hue.ini", "state"]);
  });
});
