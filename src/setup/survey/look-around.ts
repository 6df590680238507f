import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { parseSpecText } from "../../balancer/spec/parse-spec.ts";
import type { BalancerSpec } from "../../balancer/spec/spec.ts";
import { AGENT_CONFIG, readAgentConfig } from "../../cloudera/agent-config.ts";
import { errnoOf, Failure, messageOf } from "../../domain/failure.ts";
import { findHueInis } from "../../hue/folder/find-hue-inis.ts";
import { type Answers, answerOf } from "../answers/answers.ts";
import { SPEC_FILE } from "../settle/defaults.ts";
import type { Outside } from "../world/outside.ts";
import type { Surroundings } from "./surroundings.ts";

/** Finds out what needs no question: hue.ini's place, the agent's Cloudera Manager, an earlier specification. */
export async function lookAround(given: Answers, outside: Outside): Promise<Surroundings> {
  const agentFile = answerOf(given, "agentConfig") ?? AGENT_CONFIG;
  const agent = await readAgentConfig(agentFile);
  const spec = await readSpec(answerOf(given, "spec") ?? SPEC_FILE);
  return {
    hostName: hostname(),
    hueInis: await findHueInis(),
    command: outside.command,
    ...(agent === undefined ? {} : { agent: { server: agent.serverHost, file: agentFile } }),
    ...(spec === undefined ? {} : { spec }),
  };
}

/**
 * The specification in a file; undefined if the file is not there.
 * @throws Failure `unparsable` or `settings`, with the file's name; `auth` if it cannot be read
 */
export async function readSpec(path: string): Promise<BalancerSpec | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw new Failure(
      "auth",
      "spec-unreadable",
      `--spec: ${messageOf(error)}`,
      "run as a user who may read it",
    );
  }
  return parseSpecText(text, path);
}
