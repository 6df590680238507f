import { stat } from "node:fs/promises";
import { errnoOf, Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { systemText } from "../../messages/errno.ts";
import { balancerTlsFailure } from "../../messages/failures/balancer/tls.ts";
import { type Input, readInput } from "../../system/files/read-input.ts";

/** Bytes: the largest bundles of authorities have half a megabyte. */
const MOST = 4 * 1024 * 1024;
/** Milliseconds: a network file system may hang. */
const PATIENCE = 10_000;

/**
 * One of the files of TLS.
 * @throws Failure `tls-unreadable`, `settings` or (where this user may not read it) `auth`
 */
export async function readTlsFile(listener: string, what: Text, path: string): Promise<Input> {
  try {
    return await readInput(path, { what, most: MOST, signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    const errno = errnoOf(error);
    const reason = error instanceof Failure ? error.text : systemText(error);
    const denied = errno === "EACCES" || errno === "EPERM";
    throw balancerTlsFailure("tls-unreadable", { listener, what, path, reason, denied });
  }
}

/** The first line of a file that holds a password. */
export function passwordIn({ bytes }: Input): string {
  return bytes.toString("utf8").split(/\r?\n/, 1)[0] ?? "";
}

/**
 * What tells one state of files from another, replaced ones included: links are followed, so that a link that is put
 * elsewhere counts. A file that is not there is a state as well.
 */
export async function stateOf(paths: readonly string[]): Promise<string> {
  const states = paths.map(async (path) => {
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
      return [dev, ino, size, mtimeNs, ctimeNs].join(":");
    } catch (error) {
      return errnoOf(error) ?? "";
    }
  });
  return (await Promise.all(states)).join(" ");
}
