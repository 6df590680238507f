import { hostname } from "node:os";
import { removeEmptyFolder } from "../../system/files/empty-folder.ts";
import { sweepFolder } from "../../system/files/recovery/sweep.ts";
import { holdRoom } from "../../system/files/room.ts";
import { removeLeftovers, safeRemove, safeWrite } from "../../system/files/safe-write.ts";
import { makeStateFolder } from "../../system/files/state-file.ts";
import { acquireLock } from "../../system/processes/lock.ts";
import { accepts } from "./accepts.ts";
import { openLogin, writerOf } from "./login.ts";
import { originFor, readIfThere } from "./read-file.ts";
import { actOnUnits, reloadUnits, systemdStates } from "./units.ts";
import type { World, Writes } from "./world.ts";

/** What this host is to a run, beside the process that the run is in. */
export const thisHost = {
  get hostName() {
    return hostname();
  },
  now: () => new Date(),
  readFile: readIfThere,
  unitStates: systemdStates,
  accepts,
  login: openLogin,
} as const satisfies Partial<World>;

/** What a run changes on this host and in Cloudera Manager. */
export const realWrites: Writes = {
  file: (path, bytes, options) =>
    safeWrite(path, bytes, { ...originFor(path, options.expected), ...options }),
  removeFile: async (path, options) => {
    await safeRemove(path, { ...originFor(path, options.expected), ...options });
  },
  removeEmptyFolder: (path) => removeEmptyFolder(path),
  holdRoom: (path, bytes) => holdRoom(path, bytes),
  cleanUp: async (path) => {
    await removeLeftovers(path);
  },
  sweepFolder: async (path) => {
    await sweepFolder(path);
  },
  folder: (path, mode) => makeStateFolder(path, mode),
  lock: (path) => acquireLock(path),
  reloadUnits,
  act: actOnUnits,
  cloudera: writerOf,
};
