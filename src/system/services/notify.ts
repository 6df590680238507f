import { messageOf } from "../../domain/failure.ts";
import { run } from "../processes/run.ts";

/** From this version on systemd-notify waits until systemd has taken the message in. */
const FIRST_WITH_BARRIER = 246;
const TIMEOUT_SECONDS = 10;

/** Why a message did not get through; undefined when it did, or when nobody wants to hear it. */
export type NotifyFault = string | undefined;

/** True when this process was started by systemd as a service of type `notify`. */
export function isNotified(environment: NodeJS.ProcessEnv = process.env): boolean {
  return (environment["NOTIFY_SOCKET"] ?? "") !== "";
}

/**
 * Tells systemd about this service, as sd_notify(3), through the program systemd-notify: Node has no Unix datagrams.
 * The unit therefore needs `NotifyAccess=all`. Without NOTIFY_SOCKET nothing happens. Never throws: a service does not
 * end because nobody listens.
 * @param assignments such as `READY=1`, `STATUS=3 of 4 impalads are up`
 */
export async function notify(...assignments: string[]): Promise<NotifyFault> {
  if (!isNotified()) return undefined;
  try {
    // Before the barrier, systemd may look for the sender after it has ended, and drop the message: say it again.
    const times = (await version()) < FIRST_WITH_BARRIER && !assignments.includes("WATCHDOG=1") ? 3 : 1;
    let fault: NotifyFault;
    for (let turn = 0; turn < times; turn += 1) {
      const { status, stderr } = await run("systemd-notify", assignments.map(oneLine), {
        timeout: TIMEOUT_SECONDS,
      });
      fault = status === 0 ? undefined : stderr.trim() || `systemd-notify ended with status ${status}`;
    }
    return fault;
  } catch (error) {
    return messageOf(error);
  }
}

/** The service works. @param status one line for `systemctl status` */
export function notifyReady(status?: string): Promise<NotifyFault> {
  return notify("READY=1", ...statusOf(status));
}

/** The service re-reads its configuration; {@link notifyReady} ends that. */
export function notifyReloading(status?: string): Promise<NotifyFault> {
  // MONOTONIC_USEC is for Type=notify-reload (systemd 253); older ones ignore it.
  return notify("RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`, ...statusOf(status));
}

/** The service is going down. */
export function notifyStopping(status?: string): Promise<NotifyFault> {
  return notify("STOPPING=1", ...statusOf(status));
}

/**
 * Milliseconds between signs of life, a third of what the unit's `WatchdogSec=` allows; undefined without a watchdog.
 */
export function watchdogInterval(environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const microseconds = Number(environment["WATCHDOG_USEC"]);
  const pid = environment["WATCHDOG_PID"] ?? "";
  const forUs = pid === "" || Number(pid) === process.pid;
  return isNotified(environment) && forUs && microseconds > 0 ? microseconds / 1000 / 3 : undefined;
}

/**
 * Sends signs of life from now on, if the unit has a watchdog. They come from the event loop: one that hangs sends
 * none.
 * @param isWell asked before each; false withholds it
 * @returns stops it
 */
export function startWatchdog(isWell: () => boolean = () => true): () => void {
  const interval = watchdogInterval();
  if (interval === undefined) return () => undefined;
  let sending = false;
  const beat = (): void => {
    if (sending || !isWell()) return;
    sending = true;
    void notify("WATCHDOG=1").finally(() => {
      sending = false;
    });
  };
  const timer = setInterval(beat, interval).unref();
  beat();
  return () => clearInterval(timer);
}

function statusOf(status: string | undefined): string[] {
  return status === undefined ? [] : [`STATUS=${status}`];
}

function oneLine(assignment: string): string {
  return assignment.replace(/[\r\n\0]+/g, " ");
}

let known: Promise<number> | undefined;

function version(): Promise<number> {
  known ??= run("systemd-notify", ["--version"], { timeout: TIMEOUT_SECONDS }).then(({ stdout }) =>
    Number(/^systemd (\d+)/.exec(stdout)?.[1] ?? 0),
  );
  return known;
}
