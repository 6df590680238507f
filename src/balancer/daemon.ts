import { readFile } from "node:fs/promises";
import { type Endpoint, formatEndpoint } from "../domain/endpoint.ts";
import { Failure, messageOf } from "../domain/failure.ts";
import { inheritedDescriptors } from "./activation.ts";
import { type RunningBalancer, startBalancer } from "./balancer.ts";
import { Log, type LogOptions } from "./log.ts";
import { parseSpecText } from "./parse-spec.ts";
import type { BalancerSpec } from "./spec.ts";

export interface DaemonOptions {
  /** The specification itself, or the file that holds it (read again on reload). */
  readonly spec?: BalancerSpec;
  readonly specPath?: string;
  readonly log?: LogOptions;
  /** Called once every listener listens. Default: prints `listening on ADDRESS:PORT` lines on standard output. */
  readonly onReady?: (addresses: Readonly<Record<string, Endpoint>>) => void;
  /** Seconds that connections may still last after SIGTERM; default 25, below systemd's usual 90. */
  readonly drainDeadline?: number;
}

const DRAIN_DEADLINE = 25;

/**
 * Runs the balancer until SIGTERM or SIGINT: the first lets connections finish until the deadline, a second cuts them.
 * SIGHUP reloads the specification. Resolves with the exit status.
 * @throws Failure when the specification is bad or an address cannot be listened on
 */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const spec = options.spec ?? (await readSpec(options.specPath));
  const log = new Log({ ...spec.log, ...options.log });
  const balancer = await startBalancer(spec, {
    log,
    descriptors: inheritedDescriptors(spec, process.env, process.pid),
  });
  const stopped = signals(balancer, log, options);
  (options.onReady ?? printAddresses)(balancer.addresses);
  await stopped;
  log.flush();
  return 0;
}

/** Reads and validates a specification file. @throws Failure */
export async function readSpec(path: string | undefined): Promise<BalancerSpec> {
  if (path === undefined)
    throw new Failure("settings", "no-spec", "no specification is given", "use --spec FILE");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new Failure("settings", "unreadable-spec", `${path}: ${messageOf(error)}`);
  }
  return parseSpecText(text, path);
}

function signals(balancer: RunningBalancer, log: Log, options: DaemonOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const stop = (signal: string): void => {
      const deadline = stopping ? 0 : (options.drainDeadline ?? DRAIN_DEADLINE);
      log.info(
        "stopping",
        stopping ? `${signal} again: cutting every connection` : `${signal}: draining for ${deadline} s`,
      );
      const first = !stopping;
      stopping = true;
      const closed = balancer.close({ deadline });
      if (first) closed.then(resolve, reject);
    };
    process.on("SIGTERM", () => stop("SIGTERM"));
    process.on("SIGINT", () => stop("SIGINT"));
    process.on("SIGHUP", () => {
      if (stopping) return;
      reload(balancer, options).catch((error: unknown) => {
        log.error("reload-refused", `reload refused, the old specification still runs: ${messageOf(error)}`);
      });
    });
  });
}

async function reload(balancer: RunningBalancer, options: DaemonOptions): Promise<void> {
  if (options.specPath === undefined) {
    throw new Failure(
      "settings",
      "no-spec-file",
      "started without a specification file: there is nothing to read again",
    );
  }
  await balancer.reload(await readSpec(options.specPath));
}

function printAddresses(addresses: Readonly<Record<string, Endpoint>>): void {
  for (const endpoint of Object.values(addresses))
    process.stdout.write(`listening on ${formatEndpoint(endpoint)}\n`);
}
