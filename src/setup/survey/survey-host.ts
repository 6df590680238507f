import type { Answers } from "../answers/answers.ts";
import { settingOf } from "../answers/defaults.ts";
import type { World } from "../world/world.ts";
import type { Survey } from "./survey.ts";

/** Finds out what needs no question: hue.ini's place, the agent's Cloudera Manager, an earlier specification. */
export async function surveyHost(given: Answers, world: World): Promise<Survey> {
  const agentFile = settingOf(given, "agentConfig");
  const agent = await world.agentConfig(agentFile);
  const spec = await world.specification(settingOf(given, "spec"));
  return {
    hostName: world.hostName,
    hueInis: await world.hue.hueInis(),
    command: world.command,
    ...(agent === undefined ? {} : { agent: { server: agent.serverHost, file: agentFile } }),
    ...(spec === undefined ? {} : { spec }),
  };
}
