import type { Text } from "../../domain/text.ts";
import { RESTART_PROGRESS, RESTARTED } from "../../messages/cloudera.ts";
import { clouderaRestartFailure } from "../../messages/failures/cloudera/restart.ts";
import type { CmClient, CmPath } from "../client/client.ts";
import { gathered } from "../client/concurrent.ts";
import { BulkCommands, type Command, CommandList, type Role } from "../client/shapes.ts";
import { CmFailure } from "../http/failures.ts";
import { slept } from "../http/retry.ts";
import { isStale, isStopped, readHueServers } from "../roles/hue-servers.ts";
import { awaitCommands, commandName, commandPage, hasFailed, isRunning, resultOf } from "./commands.ts";

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
  /** In English: `Restart (command 4711) is running (35 s)`. */
  readonly message: string;
  /** For people. */
  readonly text: Text;
  /** Seconds since the restart was asked for. */
  readonly elapsed: number;
}

export interface RestartOutcome {
  /**
   * `fresh`: nothing was out of date and nothing was restarted; `attached`: a restart that was already running did it.
   */
  readonly outcome: "fresh" | "restarted" | "attached";
  /** The Hue servers that were restarted, or waited for. */
  readonly roles: readonly string[];
  readonly commands: readonly number[];
  /** The same in words, English. */
  readonly note: string;
  /** For people. */
  readonly text: Text;
}

/**
 * Restarts those Hue servers whose configuration is out of date, and nothing else. A restart that is running already is
 * waited for first. Cloudera Manager computes staleness some time after a change, so `fresh` is concluded only after
 * `staleWait`.
 * @throws Failure `failed`: `restart-refused`; `partial`: `restart-failed`, `restart-partial`, `restart-unknown`,
 *   `command-timeout`,
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
      return outcome("fresh", [], [], RESTARTED.noneRuns);
    }
    const stale = await this.#staleServers();
    if (stale.length > 0) return this.#restart(stale);
    if (attached.length === 0) {
      return outcome("fresh", [], [], RESTARTED.fresh);
    }
    return attachedTo(attached, namesOf(await this.#servers()));
  }

  /** Waits for restarts of Hue, its servers or the whole cluster that somebody else has started. */
  async #attach(): Promise<Command[]> {
    const running = await this.#runningRestarts();
    if (running.length === 0) return [];
    this.#say("attached", RESTART_PROGRESS.waiting(named(running)));
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
      this.#say("checking", RESTART_PROGRESS.comparing);
      if (!(await slept(pace, pause, this.#options.signal)))
        throw clouderaRestartFailure("restart-not-started");
    }
  }

  #servers(): Promise<Role[]> {
    return readHueServers(this.#client, this.#cluster, this.#hueService);
  }

  async #restart(stale: readonly Role[]): Promise<RestartOutcome> {
    if (this.#options.signal?.aborted === true) throw clouderaRestartFailure("restart-not-started");
    const path = [...this.#at, "roleCommands", "restart"];
    let reply: BulkReply;
    try {
      reply = await this.#client.post(path, BulkCommands, { items: namesOf(stale) });
    } catch (thrown) {
      reply = await this.#afterLostAnswer(thrown);
    }
    const refused = reply.items.filter((command) => hasFailed(command));
    const running = reply.items.filter((command) => !hasFailed(command));
    const errors = [
      ...reply.errors.map((error) => this.#client.said(error)),
      ...refused.map((command) => resultOf(this.#client, command)),
    ];
    if (running.length === 0) {
      // Refused because somebody's restart has begun in between: that one does the work.
      const others = await this.#runningRestarts();
      if (others.length > 0) return attachedTo(await this.#watch(others, "attached"), namesOf(stale));
      throw clouderaRestartFailure("restart-refused", { reasons: errors });
    }
    this.#say("restarting", RESTART_PROGRESS.restarting(namesOf(stale)));
    const ended = await this.#watch(running, "restarting");
    if (errors.length > 0) {
      const counts = { ended: ended.length, wanted: stale.length };
      throw clouderaRestartFailure("restart-partial", { ...counts, reasons: errors });
    }
    return outcome("restarted", namesOf(stale), ended, RESTARTED.restarted(namesOf(stale)));
  }

  /** A command is never sent twice: when its answer was lost, the server's list of running commands tells. */
  async #afterLostAnswer(thrown: unknown): Promise<BulkReply> {
    if (!(thrown instanceof CmFailure) || !thrown.mayHaveHappened) throw thrown;
    const running = await this.#runningRestarts().catch((): Command[] => []);
    if (running.length > 0) return { items: running, errors: [] };
    throw clouderaRestartFailure("restart-unknown", { reason: thrown.text, url: this.#client.url });
  }

  async #watch(commands: readonly Command[], step: "attached" | "restarting"): Promise<Command[]> {
    const { timeout = 1200, signal } = this.#options;
    const ended = await awaitCommands(this.#client, commands, {
      timeout: timeout * 1000,
      ...(signal === undefined ? {} : { signal }),
      onLook: (running) => this.#say(step, RESTART_PROGRESS.running(named(running))),
    });
    const failed = ended.filter(hasFailed);
    if (failed.length === 0) return ended;
    throw clouderaRestartFailure("restart-failed", {
      failed: failed.map((command) => ({
        command: commandName(command),
        result: resultOf(this.#client, command),
      })),
      pages: failed.map((command) => commandPage(this.#client, command)),
    });
  }

  #say(step: RestartProgress["step"], what: Text): void {
    const elapsed = Math.round((this.#client.pace.now() - this.#begun) / 1000);
    const text = RESTART_PROGRESS.after(what, elapsed);
    this.#options.onProgress?.({ step, message: text.en, text, elapsed });
  }
}

function namesOf(roles: readonly Role[]): string[] {
  return roles.map((role) => role.name);
}

function outcome(
  kind: RestartOutcome["outcome"],
  roles: readonly string[],
  commands: readonly Command[],
  text: Text,
): RestartOutcome {
  return { outcome: kind, roles, commands: idsOf(commands), note: text.en, text };
}

function attachedTo(commands: readonly Command[], roles: readonly string[]): RestartOutcome {
  return outcome("attached", roles, commands, RESTARTED.attached(named(commands)));
}

function named(commands: readonly Command[]): string {
  return commands.map(commandName).join(", ");
}

function idsOf(commands: readonly Command[]): number[] {
  return commands.map((command) => command.id).filter((id) => id >= 0);
}
