import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  fchmodSync,
  fchownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Estate, forgedRecord, HUE, HUES_OWN, MARK, recordBeside } from "../../../fixtures/crash/estate.ts";
import { steppedFs } from "../../../fixtures/crash/stepped-fs.ts";
import { watchedFs, withFiles } from "../../../fixtures/crash/watched-fs.ts";
import { Failure } from "../../../src/domain/failure.ts";
import type { FsPort } from "../../../src/system/files/port/fs-port.ts";
import { realFs } from "../../../src/system/files/port/real-fs.ts";
import { readInput } from "../../../src/system/files/read-input.ts";
import {
  findLeftovers,
  readWhole,
  removeLeftovers,
  safeRemove,
  safeWrite,
  sha256,
} from "../../../src/system/files/safe-write.ts";
import { bundled, temporaryFolder } from "./editor.ts";

const root = process.getuid?.() === 0;
const top = temporaryFolder();
/** For the thousands of estates that live a moment: names, links and owners are the kernel's business on any disk. */
const memory = existsSync("/dev/shm") ? temporaryFolder("/dev/shm") : top;
let estates = 0;

function estate(place = top): Estate {
  estates += 1;
  return new Estate(join(place, `${estates}`));
}

/** An edit as the program makes it: read, plan, write what was planned. */
async function edit({ file, spareRoot }: Estate, fs: FsPort, between?: () => void): Promise<void> {
  const { bytes, origin } = await readWhole(file, { fs, spareRoot });
  const next = Buffer.from(
    Buffer.from(bytes).toString().replace("[impala]\n", "[impala]\nserver_port=10001\n"),
  );
  between?.();
  await safeWrite(file, next, { expected: sha256(bytes), origin, fs, spareRoot });
}

/** What a run may end with: a failure in words. Anything else is a defect. */
async function ended(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof Failure) return error.code;
      // readWhole's caller words these.
      const { code } = error as NodeJS.ErrnoException;
      if (["ENOENT", "ENOTDIR", "ESTALE", "ELOOP", "EACCES"].includes(code ?? "")) return code ?? "";
      throw error;
    },
  );
}

describe.skipIf(!root)("Hue's user against root [needs root, to act for both]", () => {
  test("a forged record beside hue.ini, and hue.ini swapped for a link when it is opened: nothing is written", async () => {
    const one = estate();
    // Every byte of hue.ini is one of the two contents: half-written, by the record.
    const evil = HUES_OWN.replace("old", "bad");
    one.put(recordBeside(one.file), forgedRecord(one.file, evil, HUES_OWN.replace("old", "odd")));
    one.put(one.file, HUES_OWN.replace("old", "bdd"));
    const fs = steppedFs(realFs, async ({ call }) => {
      if (call === "open") one.swapForLink(one.file, one.secret);
    });
    await ended(removeLeftovers(one.file, { fs, spareRoot: one.spareRoot }));
    expect(one.wins()).toEqual([]);
  });

  test("a forged record beside hue.ini is named, not believed and left alone", async () => {
    const one = estate();
    const record = recordBeside(one.file);
    const forged = forgedRecord(one.file, HUES_OWN.replace("old", "bad"), HUES_OWN.replace("old", "odd"));
    one.put(record, forged);
    one.put(one.file, HUES_OWN.replace("old", "bdd"));
    expect(await findLeftovers(one.file, one)).toEqual({ temporary: [], rewrites: [], strange: record });
    expect(await removeLeftovers(one.file, one)).toEqual({ removed: [], restored: false, strange: record });
    expect(await readWhole(one.file, one)).toMatchObject({ strange: record });
    expect(readFileSync(one.file, "utf8")).toBe(HUES_OWN.replace("old", "bdd"));
    expect(readFileSync(record)).toEqual(Buffer.from(forged));
  });

  test("hue.ini is a link to root's file while root plans, and Hue's own again when root writes: nothing is handed out", async () => {
    const one = estate();
    one.swapForLink(one.file, one.secret);
    await ended(edit(one, realFs, () => one.put(one.file, HUES_OWN)));
    expect(one.wins()).toEqual([]);
  });

  test("root's content, read from a file that is another by the time of writing, is kept for root alone", async () => {
    const one = estate();
    // As when an administrator works on a file of root's that is then given to Hue's user.
    const { bytes, origin } = await readWhole(one.secret, one);
    const writing = safeWrite(one.file, bytes, { expected: sha256(bytes), origin, spareRoot: one.spareRoot });
    const failure = await writing.catch((error: Failure) => error);
    const kept = /is in (.*\.new)$/.exec((failure as Failure).hint ?? "")?.[1] ?? "";
    expect(readFileSync(kept, "utf8")).toContain(MARK);
    expect(statSync(kept)).toMatchObject({ uid: 0 });
    expect(statSync(kept).mode & 0o7777).toBe(0o600);
    expect(one.wins()).toEqual([]);
  });

  test("links of root's, and links of Hue's to what is Hue's, are followed as before", async () => {
    const one = estate();
    writeFileSync(join(one.hues, "real.ini"), HUES_OWN);
    spawnSync("chown", [`${HUE}:${HUE}`, join(one.hues, "real.ini")]);
    one.swapForLink(one.file, "../real.ini");
    await edit(one, realFs);
    expect(readFileSync(join(one.hues, "real.ini"), "utf8")).toContain("server_port=10001");
    expect(one.wins()).toEqual([]);
  });

  test("a link of Hue's to root's file is refused by name, for every reader and writer", async () => {
    const one = estate();
    one.swapForLink(one.file, one.secret);
    const refused = {
      kind: "auth",
      code: "untrusted-link",
      message: `${one.file} is a symbolic link that user ${HUE} controls and that leads to something of user 0; it is not followed`,
    };
    const options = { expected: sha256("x"), spareRoot: one.spareRoot };
    await expect(readWhole(one.file, one)).rejects.toMatchObject(refused);
    await expect(readInput(one.file, { what: { en: "x", ja: "x" } })).rejects.toMatchObject(refused);
    await expect(safeWrite(one.file, Buffer.from("x"), options)).rejects.toMatchObject(refused);
    await expect(safeRemove(one.file, options)).rejects.toMatchObject(refused);
    expect(one.wins()).toEqual([]);
  });
});

/** What Hue's user can do in its own folders, at the instant of a call. */
const ATTACKS: Record<string, (one: Estate) => void> = {
  "hue.ini becomes a link to root's file": (one) => one.swapForLink(one.file, one.secret),
  "hue.ini becomes a second name of root's file": (one) => one.swapForHardLink(one.file, one.secret),
  "the folder becomes a link to root's folder": (one) => one.swapForLink(one.conf, one.vault),
  "the folder becomes another one, with a link in it": (one) => one.swapFolder(),
  "temporary files become links to root's file": (one) => {
    for (const path of one.made(/^\.hue\.ini\.hue-impala-setup-\d/)) one.swapForLink(path, one.secret);
  },
  "temporary files become second names of root's file": (one) => {
    for (const path of one.made(/^\.hue\.ini\.hue-impala-setup-\d/)) one.swapForHardLink(path, one.secret);
  },
  "backups become links to root's file": (one) => {
    for (const path of one.made(/\.(bak|new)$/)) one.swapForLink(path, one.secret);
  },
  "hue.ini becomes a pipe": (one) => {
    const pipe = join(one.hues, "pipe");
    if (!existsSync(pipe)) spawnSync("mkfifo", [pipe]);
    one.swapForLink(one.file, pipe);
  },
  "a forged record appears, and hue.ini becomes a link": (one) => {
    one.put(recordBeside(one.file), forgedRecord(one.file, HUES_OWN.replace("old", "bad"), HUES_OWN));
    one.swapForLink(one.file, one.secret);
  },
};

/** Swapped at one call and back at the next, so that looks and deeds see different things. */
function toggled(attack: (one: Estate) => void): (one: Estate) => void {
  let on = false;
  return (one) => {
    on = !on;
    if (on) attack(one);
    else one.restore();
  };
}

const FLOWS: Record<
  string,
  { prepare?: (one: Estate) => void; run: (one: Estate, fs: FsPort) => Promise<unknown> }
> = {
  "an edit by rename": { run: (one, fs) => edit(one, fs) },
  "an edit in place": {
    prepare: (one) => linkSync(one.file, join(one.hues, "second.ini")),
    run: (one, fs) => edit(one, fs),
  },
  "an edit after a run that was killed in the middle of a rewrite": {
    prepare: (one) => {
      linkSync(one.file, join(one.hues, "second.ini"));
      const place = join(one.spareRoot, sha256(one.file).slice(0, 16));
      mkdirSync(place, { mode: 0o700 });
      writeFileSync(
        join(place, ".hue.ini.hue-impala-setup-recovery"),
        forgedRecord(one.file, HUES_OWN, HUES_OWN.replace("old", "new")),
      );
      writeFileSync(one.file, HUES_OWN.replace("old", "nld"));
    },
    run: (one, fs) => edit(one, fs),
  },
  "a removal": {
    run: (one, fs) => safeRemove(one.file, { expected: sha256(HUES_OWN), fs, spareRoot: one.spareRoot }),
  },
  "a new file in a new folder": {
    run: (one, fs) =>
      safeWrite(join(one.conf, "sub", "new.json"), Buffer.from("{}"), {
        expected: null,
        mode: 0o644,
        fs,
        spareRoot: one.spareRoot,
      }),
  },
  "a change by someone else that is kept beside ours": {
    run: async (one, fs) => {
      const { bytes, origin } = await readWhole(one.file, { fs, spareRoot: one.spareRoot });
      one.put(one.file, HUES_OWN.replace("old", "mine"));
      await safeWrite(one.file, Buffer.from("ours"), {
        expected: sha256(bytes),
        origin,
        fs,
        spareRoot: one.spareRoot,
      });
    },
  },
};

/**
 * Without the program cp, whose start is most of a run's time: what it gets are open files, which no attack can reach.
 * Without flushing and without a look at the mounts, for the same reason.
 */
const quickFs = withFiles({ ...realFs, mountedElsewhere: () => undefined }, (file) => ({
  ...file,
  sync: async () => undefined,
  copyAttributes: async (from) => {
    const { uid, gid, mode } = await from.stat();
    fchownSync(file.fd, uid, gid);
    fchmodSync(file.fd, mode);
  },
}));

/** Runs a flow with an attack before its call number `at`; how many calls it made. */
async function attacked(
  flow: string,
  attack: (one: Estate) => void,
  at: number | "each",
): Promise<{ calls: number; wins: string[] }> {
  const one = estate(memory);
  FLOWS[flow]?.prepare?.(one);
  let calls = 0;
  const fs = watchedFs(quickFs, async ({ path }) => {
    // What happens before a call elsewhere has happened before the next call here.
    if (!path.startsWith(one.hues)) return;
    calls += 1;
    if (at === "each" || calls === at) attack(one);
  });
  await ended(FLOWS[flow]?.run(one, fs) ?? Promise.reject(new TypeError(flow)));
  // The next run sweeps up what the attacked one has left: an attack may work then, too.
  await ended(removeLeftovers(one.file, { fs: realFs, spareRoot: one.spareRoot }));
  const wins = one.wins();
  one.remove();
  return { calls, wins };
}

describe.skipIf(!root)(
  "an attack at every call to the file system: 0 wins [needs root, to act for both]",
  () => {
    describe.each(Object.keys(FLOWS))("%s", (flow) => {
      test.each(Object.keys(ATTACKS))(
        "%s",
        async (name) => {
          const attack = ATTACKS[name] ?? (() => undefined);
          const won: string[] = [];
          // An attack may end a run early, or make it look again.
          let { calls: most } = await attacked(flow, () => undefined, 0);
          for (let at = 1; at <= most; at += 1) {
            const { calls, wins } = await attacked(flow, attack, at);
            most = Math.max(most, calls);
            won.push(...wins.map((win) => `at call ${at}: ${win}`));
          }
          const { wins } = await attacked(flow, toggled(attack), "each");
          won.push(...wins.map((win) => `at each call: ${win}`));
          expect(won).toEqual([]);
          expect(most).toBeGreaterThan(15);
        },
        120_000,
      );
    });
  },
);

test.skipIf(!root)(
  "150 edits and more by root while a process of Hue's user swaps files, folders and links as fast as it can: 0 wins [needs root, to act for both]",
  async () => {
    const one = estate();
    const program = join(one.top, "swap.mjs");
    await bundled("swap.main.ts", program);
    const attacker = spawn(process.execPath, [program, one.conf, one.vault, HUES_OWN], {
      stdio: ["ignore", "pipe", "inherit"],
      uid: HUE,
      gid: HUE,
    });
    const ends = new Map<string, number>();
    try {
      await once(attacker.stdout, "data");
      const both = (): boolean => ends.size > 1 && ends.has("done");
      for (let turn = 0; turn < 150 || (!both() && turn < 2000); turn += 1) {
        const how = await ended(edit(one, realFs));
        ends.set(how, (ends.get(how) ?? 0) + 1);
      }
      expect(attacker.exitCode).toBeNull();
    } finally {
      attacker.kill("SIGKILL");
    }
    expect(one.wins()).toEqual([]);
    // Both sides came far enough for the races to be ones.
    expect(ends.get("done") ?? 0).toBeGreaterThan(0);
    expect(ends.size).toBeGreaterThan(1);
  },
  240_000,
);
