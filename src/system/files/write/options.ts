import type { Text } from "../../../domain/text.ts";
import type { Origin } from "../origin.ts";
import type { FsPort } from "../port/fs-port.ts";

export interface SafeWriteOptions {
  /** SHA-256 (hexadecimal) of the content that was read; null: the file must not exist yet. */
  readonly expected: string | null;
  /** The file that the content was read from: it must still be that very file. */
  readonly origin?: Origin;
  /** Permission bits of a new file, default 0o644; an existing file keeps its own. */
  readonly mode?: number;
  /** Permission bits of folders that have to be created, default 0o755. */
  readonly folderMode?: number;
  /** Keep a copy of the old content; default true. */
  readonly backup?: boolean;
  /** How many backups of the file to keep, the new one included; default 10. */
  readonly keepBackups?: number;
  /** Where records and, if need be, backups go; default see `defaultSpareRoot` in place/place.ts. */
  readonly spareRoot?: string;
  readonly fs?: FsPort;
}

export interface SafeWriteResult {
  /** `unchanged`: the file has that content already and was not touched. */
  readonly way: "created" | "rename" | "in-place" | "unchanged";
  /** The file itself, after all symbolic links. */
  readonly path: string;
  /** Path of the copy of the old content. */
  readonly backup?: string;
  /** For people: why it was done this way. */
  readonly note?: Text;
  /** A recovery record beside the file, which was not believed and is still there (recovery/record.ts). */
  readonly strange?: string;
  /** Folders that were created, outermost first. */
  readonly createdFolders?: readonly string[];
}
