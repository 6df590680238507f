import { join } from "node:path";
import type { Text } from "../../domain/text.ts";
import { AGENT_CONFIG } from "../../domain/well-known.ts";
import { realpathOrNothing } from "./places.ts";

/**
 * Signs that Cloudera Manager generates what Hue reads, so that an edit of this file is useless or lost at the next
 * start: the agent's configuration (Hue itself goes by it) and a process folder of the agent. Empty: none.
 * @param root prefix of the agent's path, for tests
 */
export async function cmManagedSigns(path: string, root = "/"): Promise<Text[]> {
  const signs: Text[] = [];
  const agent = join(root, AGENT_CONFIG);
  if ((await realpathOrNothing(agent)) !== undefined) {
    signs.push({ en: `${agent} exists`, ja: `${agent} があります` });
  }
  const real = (await realpathOrNothing(path)) ?? path;
  if (real.includes("cloudera-scm-agent")) {
    signs.push({
      en: `${real} is in a folder of the Cloudera Manager agent`,
      ja: `${real} は Cloudera Manager エージェントのフォルダーにあります`,
    });
  }
  return signs;
}
