import { type Endpoint, formatEndpoint } from "../../domain/endpoint.ts";
import { messageOf } from "../../domain/failure.ts";
import { balancerDaemonFailure } from "../../messages/failures/balancer/daemon.ts";
import { endProcessAfter } from "../../system/processes/end.ts";
import { notifyReady, notifyReloading, notifyStopping, startWatchdog } from "../../system/services/notify.ts";
import type { AdminPages } from "../admin/http/http.ts";
import { type BalancerOptions, type RunningBalancer, startBalancer } from "../balancer.ts";
import { Log, type LogOptions } from "../log/log.ts";
import { readSpec } from "../spec/read-spec.ts";
import type { BalancerSpec } from "../spec/spec.ts";
import { Turns } from "../time/turns.ts";
import { inheritedDescriptors } from "./activation.ts";

export interface DaemonOptions {
  readonly spec: BalancerSpec;
  /** The file that holds it, read again on reload. */
  readonly specPath?: string;
  readonly log?: LogOptions;
  /** Called once everything listens. Default: prints `listening on ADDRESS:PORT` lines on standard output. */
  readonly onReady?: (
    addresses: Readonly<Record<string, Endpoint>>,
    adminAddress: string | undefined,
  ) => void;
  /** Seconds that connections may still last after SIGTERM; default 25, below systemd's usual 90. */
  readonly drainDeadline?: number;
  readonly balancer?: BalancerOptions;
}

const DRAIN_DEADLINE = 25;
/** Milliseconds that what is written may take to leave the process after everything has ended. */
const LAST_WORDS = 1000;

/**
 * Runs the balancer until SIGTERM or SIGINT: the first lets connections finish until the deadline, a second cuts them.
 * SIGHUP reloads the specification, SIGUSR1 writes the status to the log. Resolves with the exit status once everything
 * has ended.
 * @throws Failure when an address cannot be listened on
 */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const daemon = new Daemon(options);
  // A name that takes long to resolve does not keep a signal waiting.
  await Promise.race([daemon.start(), daemon.stopped]);
  const status = await daemon.stopped;
  // Nor does a name lookup under way in the system's library, which nothing can end.
  endProcessAfter(LAST_WORDS, status, status === 0 ? "SIGTERM" : "SIGKILL");
  return status;
}

class Daemon {
  /** The exit status, once it has stopped. */
  readonly stopped: Promise<number>;
  readonly #options: DaemonOptions;
  readonly #log: Log;
  /** Administrators and balanced clients share the event loop. */
  readonly #turns = new Turns();
  #spec: BalancerSpec;
  #balancer: RunningBalancer | undefined;
  #pages: AdminPages | undefined;
  #control: { close(): void } | undefined;
  readonly #forget: (() => void)[] = [];
  #stopWatchdog: () => void = () => undefined;
  #stopping = false;
  #reloading: Promise<void> = Promise.resolve();
  #finish: (status: number) => void = () => undefined;

  constructor(options: DaemonOptions) {
    this.#spec = options.spec;
    this.#options = options;
    this.#log = new Log({ ...options.spec.log, ...options.log });
    this.stopped = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  async start(): Promise<void> {
    this.#listenToSignals();
    try {
      await this.#open();
    } catch (error) {
      await this.#close();
      throw error;
    }
    if (this.#stopping) return;
    (this.#options.onReady ?? printAddresses)(this.#balancer?.addresses ?? {}, this.#pages?.address);
    this.#stopWatchdog = startWatchdog();
    await this.#tell(notifyReady(this.#describe()));
  }

  async #open(): Promise<void> {
    const { admin } = this.#spec;
    // Loaded only where they are used: the metrics library and the web server are the larger part of the daemon's
    // memory.
    if (admin?.http !== undefined) {
      const { startPages } = await import("../admin/http/http.ts");
      this.#pages = await startPages(admin.http, () => this.#balancer, this.#turns);
    }
    const pages = this.#pages;
    const balancer = await startBalancer(this.#spec, {
      descriptors: inheritedDescriptors(this.#spec, process.env, process.pid),
      ...(pages === undefined ? {} : { onConnect: pages.connected }),
      ...this.#options.balancer,
      log: this.#log,
    });
    this.#balancer = balancer;
    // A signal was faster.
    if (this.#stopping) await balancer.close();
    if (this.#stopping || admin?.socket === undefined) return;
    const { startControl } = await import("../admin/control/control-server.ts");
    this.#control = await startControl(admin.socket, {
      balancer,
      reload: () => this.#reload(),
      turns: this.#turns,
    });
  }

  #listenToSignals(): void {
    const on = (signal: NodeJS.Signals, act: () => void): void => {
      process.on(signal, act);
      this.#forget.push(() => process.removeListener(signal, act));
    };
    on("SIGTERM", () => this.#stop("SIGTERM"));
    on("SIGINT", () => this.#stop("SIGINT"));
    on("SIGHUP", () => void this.#reload().catch(() => undefined));
    // Without a listener Node would open its debugger at this signal.
    on("SIGUSR1", () => this.#log.info("status", JSON.stringify(this.#balancer?.stats() ?? null)));
    // Whoever reads our output may go away: no reason to stop balancing.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", ignore);
  }

  #stop(signal: string): void {
    const again = this.#stopping;
    const deadline = again ? 0 : (this.#options.drainDeadline ?? DRAIN_DEADLINE);
    this.#stopping = true;
    this.#log.info(
      "stopping",
      again ? `${signal} again: cutting connections` : `${signal}: draining for ${deadline} s`,
    );
    const closed = this.#balancer?.close({ deadline }) ?? Promise.resolve();
    if (again) return;
    void this.#tell(notifyStopping());
    void closed
      .then(() => this.#close())
      .then(
        () => this.#finish(0),
        (error: unknown) => {
          this.#log.error("stop-failed", messageOf(error));
          this.#finish(1);
        },
      );
  }

  async #close(): Promise<void> {
    this.#stopWatchdog();
    this.#control?.close();
    this.#pages?.close();
    await this.#balancer?.close();
    for (const forget of this.#forget) forget();
    this.#log.flush();
  }

  /** One reload after the other; a refused one leaves everything as it was. @throws Failure */
  #reload(): Promise<void> {
    const next = this.#reloading.catch(() => undefined).then(() => this.#reloadNow());
    this.#reloading = next;
    return next;
  }

  async #reloadNow(): Promise<void> {
    const balancer = this.#balancer;
    if (this.#stopping || balancer === undefined) {
      throw balancerDaemonFailure("stopping");
    }
    await this.#tell(notifyReloading());
    try {
      if (this.#options.specPath === undefined) throw balancerDaemonFailure("no-spec-file");
      const spec = await readSpec(this.#options.specPath, ({ code, message }) =>
        this.#log.warning(code, message),
      );
      await balancer.reload(spec);
      if (JSON.stringify(spec.admin) !== JSON.stringify(this.#spec.admin)) {
        this.#log.warning("admin-unchanged", "a changed admin address needs a restart");
      }
      if (spec.log !== undefined) this.#log.setLevel(spec.log.level);
      this.#spec = spec;
    } catch (error) {
      this.#log.error(
        "reload-refused",
        `reload refused, the old specification still runs: ${messageOf(error)}`,
      );
      throw error;
    } finally {
      await this.#tell(notifyReady(this.#describe()));
    }
  }

  #describe(): string {
    const addresses = Object.values(this.#balancer?.addresses ?? {}).map(formatEndpoint);
    return `listening on ${addresses.join(", ")}`;
  }

  async #tell(told: Promise<string | undefined>): Promise<void> {
    const fault = await told;
    if (fault !== undefined) this.#log.warning("notify-failed", `systemd was not told: ${fault}`);
  }
}

function ignore(): void {}

function printAddresses(
  addresses: Readonly<Record<string, Endpoint>>,
  adminAddress: string | undefined,
): void {
  for (const endpoint of Object.values(addresses))
    process.stdout.write(`listening on ${formatEndpoint(endpoint)}\n`);
  if (adminAddress !== undefined) process.stdout.write(`status page on http://${adminAddress}/\n`);
}
