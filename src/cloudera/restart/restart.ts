import { Failure } from "../../domain/failure.ts";
import type { CmClient, CmPath } from "../client/client.ts";
import { gathered } from "../client/concurrent.ts";
import { BulkCommands, type Command, CommandList, type Role } from "../client/shapes.ts";
import { CmFailure } from "../http/failures.ts";
import { brief } from "../http/text.ts";
import { isStale, isStopped, readHueServers } from "../roles/hue-servers.ts";
import { awaitCommands, commandName, hasFailed, isRunning, resultOf, slept } from "./commands.ts";

export interface RestartOptions {
  /** Ends the watching, never the command. */
  readonly signal?: AbortSignal;
  /** Called at every look, every few seconds: the caller decides how often to print. */
  readonly onProgress?: (progress: RestartProgress) => void;
  /** Limit for one restart, seconds; default 1200. */
  readonly timeout?: number;
  /** How long to wait for Cloudera Manager to notice that the configuration is out of date, seconds; default 20. */
  readonly staleWait?: number;
}

export interface RestartProgress {
  readonly step: "checking" | "attached" | "restarting";
  /** For people: `Restart (command 4711) is running (35 s)`. */
  readonly message: string;
  /** Seconds since the restart was asked for. */
  readonly elapsed: number;
}

export interface RestartOutcome {
  /** `fresh`: nothing was out of date and nothing was restarted; `attached`: a restart that was already running did it. */
  readonly outcome: "fresh" | "restarted" | "attached";
  /** The Hue servers that were restarted, or waited for. */
  readonly roles: readonly string[];
  readonly commands: readonly number[];
  /** The same for people. */
  readonly note: string;
}

/**
 * Restarts those Hue servers whose configuration is out of date, and nothing else. A restart that is running already is waited
 * for first. Cloudera Manager computes staleness some time after a change, so `fresh` is concluded only after `staleWait`.
 * @throws Failure `failed`: `restart-refused`; `partial`: `restart-failed`, `restart-partial`, `restart-unknown`, `command-timeout`,
 *   `command-unknown`; `interrupted`: `command-still-running` (its id is in the message), `restart-not-started`
 */
export async function restartHue(
  client: CmClient,
  cluster: string,
  hueService: string,
  options: RestartOptions = {},
): Promise<RestartOutcome> {
  const run = new HueRestart(client, cluster, hueService, options);
  return run.go();
}

interface BulkReply {
  readonly items: readonly Command[];
  readonly errors: readonly string[];
}

class HueRestart {
  readonly #client: CmClient;
  readonly #cluster: string;
  readonly #hueService: string;
  readonly #at: CmPath;
  readonly #options: RestartOptions;
  readonly #begun: number;

  constructor(client: CmClient, cluster: string, hueService: string, options: RestartOptions) {
    this.#client = client;
    this.#cluster = cluster;
    this.#hueService = hueService;
    this.#at = ["clusters", cluster, "services", hueService];
    this.#options = options;
    this.#begun = client.pace.now();
  }

  async go(): Promise<RestartOutcome> {
    const attached = await this.#attach();
    if ((await this.#servers()).every(isStopped)) {
      return outcome(
        "fresh",
        [],
        [],
        "no Hue server runs: it reads the new configuration when it is started",
      );
    }
    const stale = await this.#staleServers();
    if (stale.length > 0) return this.#restart(stale);
    if (attached.length === 0) {
      return outcome("fresh", [], [], "Hue runs with the present configuration: nothing was restarted");
    }
    return attachedTo(attached, namesOf(await this.#servers()));
  }

  /** Waits for restarts of Hue, its servers or the whole cluster that somebody else has started. */
  async #attach(): Promise<Command[]> {
    const running = await this.#runningRestarts();
    if (running.length === 0) return [];
    this.#say("attached", `${running.map(commandName).join(", ")} is running already: waiting for it`);
    return this.#watch(running, "attached");
  }

  async #runningRestarts(): Promise<Command[]> {
    const servers = await this.#servers();
    const places: CmPath[] = [
      [...this.#at, "commands"],
      ["clusters", this.#cluster, "commands"],
      ...servers.map((role) => [...this.#at, "roles", role.name, "commands"]),
    ];
    const lists = await gathered(places, (path) => this.#client.get(path, CommandList));
    const found = lists
      .flatMap((list) => list.items)
      .filter((command) => isRunning(command) && /restart/i.test(command.name));
    return [...new Map(found.map((command) => [command.id, command])).values()];
  }

  /** Started Hue servers with an outdated configuration; empty after `staleWait` without any. */
  async #staleServers(): Promise<Role[]> {
    const { pace } = this.#client;
    const end = pace.now() + (this.#options.staleWait ?? 20) * 1000;
    for (let pause = 500; ; pause = Math.min(4_000, pause * 2)) {
      const servers = await this.#servers();
      const started = servers.filter((role) => !isStopped(role));
      const stale = started.filter(isStale);
      // The status of several servers changes one after the other: one that is stale is followed by its group's.
      if (stale.length === started.length && stale.length > 0) return stale;
      if (pace.now() >= end) return stale;
      this.#say("checking", "waiting for Cloudera Manager to compare Hue's configuration");
      if (!(await slept(pace, pause, this.#options.signal))) throw notStarted();
    }
  }

  #servers(): Promise<Role[]> {
    return readHueServers(this.#client, this.#cluster, this.#hueService);
  }

  async #restart(stale: readonly Role[]): Promise<RestartOutcome> {
    if (this.#options.signal?.aborted === true) throw notStarted();
    const path = [...this.#at, "roleCommands", "restart"];
    let reply: BulkReply;
    try {
      reply = await this.#client.post(path, BulkCommands, { items: namesOf(stale) });
    } catch (thrown) {
      reply = await this.#afterLostAnswer(thrown);
    }
    const refused = reply.items.filter((command) => hasFailed(command));
    const running = reply.items.filter((command) => !hasFailed(command));
    const errors = [...reply.errors.map((error) => brief(error)), ...refused.map(resultOf)];
    if (running.length === 0) {
      // Refused because somebody's restart has begun in between: that one does the work.
      const others = await this.#runningRestarts();
      if (others.length > 0) return attachedTo(await this.#watch(others, "attached"), namesOf(stale));
      throw new Failure(
        "failed",
        "restart-refused",
        `Cloudera Manager did not restart Hue: ${errors.join("; ") || "it started no command"}`,
        "Hue still runs with the old configuration; restart its Hue servers in Cloudera Manager",
      );
    }
    this.#say("restarting", `restarting ${namesOf(stale).join(", ")}`);
    const ended = await this.#watch(running, "restarting");
    if (errors.length > 0) {
      throw new Failure(
        "partial",
        "restart-partial",
        `${ended.length} of ${stale.length} Hue servers were restarted; the others: ${errors.join("; ")}`,
        "restart the others in Cloudera Manager: they still run with the old configuration",
      );
    }
    return outcome("restarted", namesOf(stale), ended, `restarted ${namesOf(stale).join(", ")}`);
  }

  /** A command is never sent twice: when its answer was lost, the server's list of running commands tells. */
  async #afterLostAnswer(thrown: unknown): Promise<BulkReply> {
    if (!(thrown instanceof CmFailure) || !thrown.mayHaveHappened) throw thrown;
    const running = await this.#runningRestarts().catch((): Command[] => []);
    if (running.length > 0) return { items: running, errors: [] };
    throw new Failure(
      "partial",
      "restart-unknown",
      `${thrown.message}; whether the restart of Hue was started is not known`,
      `see the recent commands of Hue in Cloudera Manager (${this.#client.url}), or run the command again: it restarts only what is out of date`,
    );
  }

  async #watch(commands: readonly Command[], step: "attached" | "restarting"): Promise<Command[]> {
    const { timeout = 1200, signal } = this.#options;
    const ended = await awaitCommands(this.#client, commands, {
      timeout: timeout * 1000,
      ...(signal === undefined ? {} : { signal }),
      onLook: (running) => this.#say(step, `${running.map(commandName).join(", ")} is running`),
    });
    const failed = ended.filter(hasFailed);
    if (failed.length === 0) return ended;
    throw new Failure(
      "partial",
      "restart-failed",
      failed.map((command) => `${commandName(command)} failed: ${resultOf(command)}`).join("; "),
      `look at the Hue server's log in Cloudera Manager (${failed.map((command) => `${this.#client.url}/cmf/command/${command.id}/details`).join(" ")}); Hue may be down`,
    );
  }

  #say(step: RestartProgress["step"], message: string): void {
    const elapsed = Math.round((this.#client.pace.now() - this.#begun) / 1000);
    const text = elapsed < 5 ? message : `${message} (${elapsed} s)`;
    this.#options.onProgress?.({ step, message: text, elapsed });
  }
}

function namesOf(roles: readonly Role[]): string[] {
  return roles.map((role) => role.name);
}

function outcome(
  kind: RestartOutcome["outcome"],
  roles: readonly string[],
  commands: readonly Command[],
  note: string,
): RestartOutcome {
  return { outcome: kind, roles, commands: idsOf(commands), note };
}

function attachedTo(commands: readonly Command[], roles: readonly string[]): RestartOutcome {
  const names = commands.map(commandName).join(", ");
  return outcome("attached", roles, commands, `${names} was running already and has done it`);
}

function idsOf(commands: readonly Command[]): number[] {
  return commands.map((command) => command.id).filter((id) => id >= 0);
}

function notStarted(): Failure {
  return new Failure(
    "interrupted",
    "restart-not-started",
    "interrupted before a restart of Hue was asked for",
    "Hue runs with the old configuration until it is restarted",
  );
}
