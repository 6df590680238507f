import type { BalancerSpec } from "../../balancer/spec/spec.ts";
import type { AgentConfig } from "../../cloudera/client/agent-config.ts";
import type { CmClient, CmConnection, CmOptions } from "../../cloudera/client/client.ts";
import type { Text } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import type { HaproxyCheck } from "../../engines/haproxy/check.ts";
import type { Input } from "../../system/files/read-input.ts";
import type { Room } from "../../system/files/room.ts";
import type { SafeWriteOptions, SafeWriteResult } from "../../system/files/safe-write.ts";
import type { Lock } from "../../system/processes/lock.ts";
import type { ServingBalancer } from "./balancer.ts";
import type { InstalledHue } from "./hue.ts";
import type { Login } from "./login.ts";
import type { Network } from "./network.ts";
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
  /** Shown with the plan or, where nobody is asked, with the result; each once. */
  warn(warning: Warning): void;
  /**
   * A file's content, also when a killed run has left it half-written; null if it is not there.
   * @throws Failure `auth` (not readable), `settings` (a folder), `locked` or `failed`
   */
  readFile(path: string): Promise<Uint8Array | null>;
  /**
   * A file that a person named, of at most 16 MiB, with its permission bits.
   * @param what the file is: "the password", "the answers"
   * @throws Failure `settings`, `auth`; Node's system errors (`ENOENT`, `EACCES`), which each caller words for its
   *   own option
   */
  readInput(path: string, what: Text): Promise<Input>;
  /** A balancer's specification; undefined if the file is not there. @throws Failure as `readSpecIfThere` */
  specification(path: string): Promise<BalancerSpec | undefined>;
  /** What this host's Cloudera Manager agent knows; undefined: there is none. @throws Failure as `readAgentConfig` */
  agentConfig(path: string): Promise<AgentConfig | undefined>;
  readonly hue: InstalledHue;
  readonly state: StateFolder;
  /** True if this account may replace, rewrite or make a file. */
  mayWrite(path: string): Promise<boolean>;
  /**
   * What the installed HAProxy says about a configuration that is not written yet. @throws Failure: it is not installed
   * @param name how the file will be called
   */
  checkHaproxy(text: Uint8Array, name: string): Promise<HaproxyCheck>;
  /** The installed HAProxy's version as it prints it; undefined: none is installed, or it does not tell. */
  haproxyVersion(): Promise<string | undefined>;
  /** The state of units by name; undefined where no service manager runs: in a container, or under another init. */
  unitStates(units: readonly string[]): Promise<ReadonlyMap<string, ServiceState> | undefined>;
  readonly network: Network;
  readonly balancer: ServingBalancer;
  /** Logs in to Cloudera Manager, to read. Close the login when done. */
  login(connection: CmConnection, options: CmOptions): Promise<Login>;
}

/** The files in a folder of this program's own, which are believed: nobody else can have changed them. */
export interface StateFolder {
  /** The names in it. @throws Failure `auth` `untrusted-folder`; Node's system errors (`ENOENT`) */
  names(folder: string): Promise<readonly string[]>;
  /** @throws Failure `auth` `untrusted-folder`; Node's system errors (`ENOENT`) */
  read(path: string, what: Text): Promise<Uint8Array>;
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
