import { resolve } from "node:path";
import { errnoOf, Failure } from "../../domain/failure.ts";
import { systemText } from "../../messages/errno.ts";
import { applyFailure } from "../../messages/failures/setup/apply.ts";
import type { Origin } from "../../system/files/origin.ts";
import { readWhole, sha256, type Whole } from "../../system/files/safe-write.ts";

/** Reads files and remembers which file each content came from: what is made of it must go into that very file. */
export class FileReader {
  readonly #origins = new Map<string, { readonly hash: string; readonly origin: Origin }>();

  /** As `World.readFile`. */
  async read(path: string): Promise<Uint8Array | null> {
    const whole = await wholeIfThere(path);
    if (whole === undefined) return null;
    const { bytes, origin } = whole;
    this.#origins.set(resolve(path), { hash: sha256(bytes), origin });
    return bytes;
  }

  /**
   * The file that a content was read from, for writing; empty for what was not read here.
   * @param hash SHA-256 of the content; null: there was no file
   */
  originOf(path: string, hash: string | null): { origin?: Origin } {
    const known = this.#origins.get(resolve(path));
    return known === undefined || known.hash !== hash ? {} : { origin: known.origin };
  }
}

async function wholeIfThere(path: string): Promise<Whole | undefined> {
  try {
    return await readWhole(path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const denied = code === "EACCES" || code === "EPERM";
    throw applyFailure("unreadable", { path, reason: systemText(error), denied });
  }
}
