import { hostname } from "node:os";
import { readSpecIfThere } from "../../balancer/spec/read-spec.ts";
import { readAgentConfig } from "../../cloudera/client/agent-config.ts";
import { checkHaproxyText, installedHaproxyVersion } from "../../engines/haproxy/check.ts";
import { removeEmptyFolder } from "../../system/files/empty-folder.ts";
import { readInput } from "../../system/files/read-input.ts";
import { sweepFolder } from "../../system/files/recovery/sweep.ts";
import { holdRoom } from "../../system/files/room.ts";
import { removeLeftovers, safeRemove, safeWrite } from "../../system/files/safe-write.ts";
import { makeStateFolder, readStateFile, stateFolderNames } from "../../system/files/state-file.ts";
import { acquireLock } from "../../system/processes/lock.ts";
import { servingBalancer } from "./balancer.ts";
import { installedHue } from "./hue.ts";
import { openLogin, writerOf } from "./login.ts";
import { mayWrite } from "./may-write.ts";
import { realNetwork } from "./network.ts";
import { FileReader } from "./read-file.ts";
import { actOnUnits, reloadUnits, systemdStates } from "./units.ts";
import type { WritableWorld } from "./world.ts";

/** What a world has of the host, whatever process it is seen from. */
type OfHost = Omit<
  WritableWorld,
  "environment" | "command" | "version" | "signal" | "standardInput" | "progress" | "warn"
>;

/** This host and Cloudera Manager as they are. What is read here is written into the very files that it came from. */
export function thisHost(): OfHost {
  const files = new FileReader();
  return {
    hostName: hostname(),
    now: () => new Date(),
    readFile: (path) => files.read(path),
    readInput: (path, what) => readInput(path, { what }),
    specification: readSpecIfThere,
    agentConfig: (path) => readAgentConfig(path),
    hue: installedHue,
    state: { names: (folder) => stateFolderNames(folder), read: (path, what) => readStateFile(path, what) },
    mayWrite,
    checkHaproxy: checkHaproxyText,
    haproxyVersion: () => installedHaproxyVersion(),
    unitStates: systemdStates,
    network: realNetwork,
    balancer: servingBalancer,
    login: openLogin,
    write: {
      file: (path, bytes, options) =>
        safeWrite(path, bytes, { ...files.originOf(path, options.expected), ...options }),
      removeFile: async (path, options) => {
        await safeRemove(path, { ...files.originOf(path, options.expected), ...options });
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
    },
  };
}
