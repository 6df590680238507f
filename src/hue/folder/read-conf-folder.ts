import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf, Failure } from "../../domain/failure.ts";
import { systemText } from "../../messages/errno.ts";
import { hueFailure } from "../../messages/failures/hue.ts";
import { readInput } from "../../system/files/read-input.ts";
import type { ConfFile } from "../effective/conf-file.ts";

/**
 * The files Hue reads in a configuration folder, in its order: names that end in `.ini` and do not start with a dot, by
 * code point. As in Hue, a folder, a pipe or a dangling link with such a name counts as an empty file.
 * @throws Failure `settings`, code `no-conf-folder`; `auth`, code `unreadable-conf`
 */
export async function readConfFolder(folder: string): Promise<ConfFile[]> {
  let names: Buffer[];
  try {
    names = await readdir(folder, { encoding: "buffer" });
  } catch (error) {
    throw unreadable(folder, error);
  }
  // The order of UTF-8 bytes is the order of code points, which is Python's; JavaScript's own order is not.
  const wanted = names.filter(isConfName).sort(Buffer.compare);
  return Promise.all(
    wanted.map(async (name) => ({
      path: join(folder, name.toString("utf-8")),
      bytes: await readIfFile(Buffer.concat([Buffer.from(join(folder, "/")), name])),
    })),
  );
}

const HUES_CONFIGURATION = { en: "Hue's configuration", ja: "Hue の設定" };

function isConfName(name: Buffer): boolean {
  return name[0] !== 0x2e && name.subarray(-4).equals(Buffer.from(".ini"));
}

async function readIfFile(name: Buffer): Promise<Uint8Array> {
  const path = name.toString("utf-8");
  try {
    // Names that are not UTF-8 cannot be told to the reader of named files.
    if (!Buffer.from(path).equals(name))
      return (await stat(name)).isFile() ? await readFile(name) : new Uint8Array();
    return (await readInput(path, { what: HUES_CONFIGURATION })).bytes;
  } catch (error) {
    if (["ENOENT", "link-loop", "is-folder", "not-regular"].includes(errnoOf(error) ?? ""))
      return new Uint8Array();
    if (error instanceof Failure) throw error;
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Failure {
  const code = errnoOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return hueFailure("no-conf-folder", { path });
  return hueFailure("unreadable-conf", { path, reason: systemText(error) });
}
