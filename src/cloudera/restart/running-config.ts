import type { CmPath, CmReader } from "../client/client.ts";
import { gathered } from "../client/concurrent.ts";
import { Process, type Role } from "../client/shapes.ts";
import { CmFailure } from "../http/failures.ts";
import { hostNames } from "../roles/hosts.ts";
import { readHueServers } from "../roles/hue-servers.ts";

/** A generated file of a running process: `path` is its name in the process's configuration folder. */
export interface RunningFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What one Hue server was started with. */
export interface RunningConfig {
  readonly role: string;
  readonly host: string;
  /** The `*.ini` files that Hue loads, sorted as it sorts them; empty when the server has no process. */
  readonly files: readonly RunningFile[];
}

/**
 * The configuration files of the running Hue servers, as Cloudera Manager generated them at their last start: the proof
 * of what Hue has loaded. They hold Hue's secrets, so nothing of them but the Impala settings may be shown.
 * @throws Failure as the client does
 */
export async function runningConfigFiles(
  client: CmReader,
  cluster: string,
  hueService: string,
): Promise<RunningConfig[]> {
  const at: CmPath = ["clusters", cluster, "services", hueService, "roles"];
  const servers = await readHueServers(client, cluster, hueService);
  const hostOf = await hostNames(client, servers);
  return gathered(servers, async (role) => ({
    role: role.name,
    host: hostOf(role) ?? "",
    files: await filesOf(client, [...at, role.name, "process"], role),
  }));
}

async function filesOf(client: CmReader, path: CmPath, role: Role): Promise<RunningFile[]> {
  if (role.roleState === "STOPPED") return [];
  let names: readonly string[];
  try {
    names = (await client.get(path, Process)).configFiles;
  } catch (thrown) {
    // A role that was never started has no process.
    if (thrown instanceof CmFailure && thrown.status === 404) return [];
    throw thrown;
  }
  const files: RunningFile[] = [];
  for (const name of names.filter(isLoaded).sort(byCodeUnit)) {
    files.push({ path: name, bytes: await client.download([...path, "configFiles", name]) });
  }
  return files;
}

/** Hue loads the `*.ini` of its configuration folder itself, not of folders below it, and no hidden ones. */
function isLoaded(name: string): boolean {
  return name.endsWith(".ini") && !name.startsWith(".") && !name.includes("/");
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
