import type { CmClient, CmConnection, CmOptions } from "../../cloudera/client/client.ts";
import type { Endpoint } from "../../domain/endpoint.ts";
import type { Text } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import type { Room } from "../../system/files/room.ts";
import type { SafeWriteOptions, SafeWriteResult } from "../../system/files/safe-write.ts";
import type { Lock } from "../../system/processes/lock.ts";
import type { Login } from "./login.ts";
import type { ServiceState, UnitVerb } from "./units.ts";

/**
 * What a run finds around it, and may do while it only looks: read, connect, wait and tell. Nothing in it changes
 * anything, so whatever is given no more than this cannot write. Tests make their own.
 */
export interface World {
  readonly environment: NodeJS.ProcessEnv;
  /** How this program is started, absolute: for the systemd unit. */
  readonly command: readonly string[];
  /** Version of this program. */
  readonly version: string;
  /** This host's name as other hosts call it. */
  readonly hostName: string;
  /** All of standard input, read once. */
  standardInput(): Promise<string>;
  now(): Date;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Says what is being waited for; a line on a terminal, nothing or a plain line elsewhere. */
  progress(text: Text): void;
  /** Shown at once, and again with the result. */
  warn(warning: Warning): void;
  /**
   * A file's content, also when a killed run has left it half-written; null if it is not there.
   * @throws Failure `auth` (not readable), `settings` (a folder), `locked` or `failed`
   */
  readFile(path: string): Promise<Uint8Array | null>;
  /** The state of units by name; undefined where no service manager runs: in a container, or under another init. */
  unitStates(units: readonly string[]): Promise<ReadonlyMap<string, ServiceState> | undefined>;
  /** True if somebody accepts TCP connections at an address. A wildcard is tried on loopback. */
  accepts(endpoint: Endpoint): Promise<boolean>;
  /** Logs in to Cloudera Manager, to read. Close the login when done. */
  login(connection: CmConnection, options: CmOptions): Promise<Login>;
}

/** The writing half. Only `apply/` receives it. */
export interface Writes {
  /** {@link safeWrite}: the whole old or the whole new content, whatever happens. */
  file(path: string, bytes: Uint8Array, options: SafeWriteOptions): Promise<SafeWriteResult>;
  /** A copy stays as a backup unless `backup` is false. */
  removeFile(path: string, options: { readonly expected: string; readonly backup?: boolean }): Promise<void>;
  /** Removes a folder if nothing is in it. */
  removeEmptyFolder(path: string): Promise<void>;
  /** Room on the file system of a file that is there or will be, which nobody else can take meanwhile. */
  holdRoom(path: string, bytes: number): Promise<Room>;
  /** Removes what killed runs have left about a file; one that is half-written gets its old content back. */
  cleanUp(path: string): Promise<void>;
  /** Removes the temporary files that killed runs have left in a folder. */
  sweepFolder(path: string): Promise<void>;
  /**
   * Makes a folder of this program's own and those above it; nothing if it is there. @throws Failure `untrusted-folder`
   */
  folder(path: string, mode: number): Promise<void>;
  /** Keeps other runs away until it is released. @throws Failure `locked` */
  lock(path: string): Promise<Lock>;
  /** Makes the service manager read changed unit files. */
  reloadUnits(): Promise<void>;
  act(verb: UnitVerb, ...units: string[]): Promise<void>;
  /** The login with its writing half. */
  cloudera(login: Login): CmClient;
}

/** A world that can be changed. */
export interface WritableWorld extends World {
  readonly write: Writes;
}
