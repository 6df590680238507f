import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { safeRemove, safeWrite } from "../../system/files/safe-write.ts";
import { acquireLock } from "../../system/processes/lock.ts";
import { accepts } from "./accepts.ts";
import { openLogin, writerOf } from "./login.ts";
import { readIfThere } from "./read-file.ts";
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
  file: safeWrite,
  removeFile: async (path, options) => {
    await safeRemove(path, options);
  },
  folder: async (path, mode) => {
    await mkdir(path, { recursive: true, mode });
  },
  lock: (path) => acquireLock(path),
  reloadUnits,
  act: actOnUnits,
  cloudera: writerOf,
};
