import { join } from "node:path";
import { AGENT_CONFIG } from "../../domain/well-known.ts";
import { realpathOrNothing } from "./places.ts";

/**
 * Signs that Cloudera Manager generates what Hue reads, so that an edit of this file is useless or lost at the next start:
 * the agent's configuration (Hue itself goes by it) and a process folder of the agent. Empty: none.
 * @param root prefix of the agent's path, for tests
 */
export async function cmManagedSigns(path: string, root = "/"): Promise<string[]> {
  const signs: string[] = [];
  const agent = join(root, AGENT_CONFIG);
  if ((await realpathOrNothing(agent)) !== undefined) signs.push(`${agent} exists`);
  const real = (await realpathOrNothing(path)) ?? path;
  if (real.includes("cloudera-scm-agent")) signs.push(`${real} is in a folder of the Cloudera Manager agent`);
  return signs;
}
