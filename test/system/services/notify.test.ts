import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  isNotified,
  notify,
  notifyReady,
  notifyReloading,
  notifyStopping,
  startWatchdog,
  watchdogInterval,
} from "../../../src/system/services/notify.ts";
import { temporaryFolder } from "../files/editor.ts";

const top = temporaryFolder();
let sockets = 0;
const children: ChildProcess[] = [];

/** Receives as systemd does: a Unix datagram socket; closes the descriptor of a BARRIER at once. */
const RECEIVER = `
import socket, sys, array, os
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("bound", flush=True)
while True:
    data, ancillary, flags, address = s.recvmsg(4096, 4096)
    for level, kind, fds in ancillary:
        for fd in array.array("i", fds[:len(fds) - len(fds) % 4]):
            os.close(fd)
    if data != b"BARRIER=1":
        print("|".join(data.decode().strip().split("\\n")), flush=True)
`;

/** Listens on a new NOTIFY_SOCKET; gives the messages one by one. */
async function receiver(): Promise<() => Promise<string>> {
  sockets += 1;
  const path = join(top, `notify-${sockets}`);
  const child = spawn("/usr/bin/python3", ["-c", RECEIVER, path], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value);
  expect(await next()).toBe("bound");
  vi.stubEnv("NOTIFY_SOCKET", path);
  return next;
}

afterEach(() => {
  vi.unstubAllEnvs();
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const absent = !existsSync("/usr/bin/systemd-notify") || !existsSync("/usr/bin/python3");

describe.skipIf(absent)("sd_notify [needs Debian packages systemd, python3]", () => {
  test("ready, reloading, stopping, status", async () => {
    const next = await receiver();
    expect(isNotified()).toBe(true);
    expect(await notifyReady("3 of 4 impalads are up")).toBeUndefined();
    expect(await next()).toBe("READY=1|STATUS=3 of 4 impalads are up");
    await notifyReloading();
    expect(await next()).toMatch(/^RELOADING=1\|MONOTONIC_USEC=\d+$/);
    await notifyReady();
    expect(await next()).toBe("READY=1");
    await notifyStopping("draining\n2 connections");
    expect(await next()).toBe("STOPPING=1|STATUS=draining 2 connections");
  });

  test("the watchdog is fed in time while all is well, and not when it is not", async () => {
    const next = await receiver();
    vi.stubEnv("WATCHDOG_USEC", "300000");
    vi.stubEnv("WATCHDOG_PID", String(process.pid));
    let well = true;
    const stop = startWatchdog(() => well);
    expect(await next()).toBe("WATCHDOG=1");
    expect(await next()).toBe("WATCHDOG=1");
    well = false;
    // One may be on its way; then comes what is sent after it.
    await notify("STATUS=ill");
    const seen = [await next()];
    while (seen.at(-1) !== "STATUS=ill") seen.push(await next());
    expect(seen.length).toBeLessThanOrEqual(2);
    stop();
  });

  test("a socket that nobody listens to is a fault, not an error", async () => {
    vi.stubEnv("NOTIFY_SOCKET", join(top, "nobody"));
    expect(await notify("READY=1")).toMatch(/No such file or directory|Failed to notify/);
  });
});

describe("without systemd", () => {
  test("without NOTIFY_SOCKET nothing is started", async () => {
    vi.stubEnv("NOTIFY_SOCKET", undefined);
    vi.stubEnv("PATH", join(top, "empty"));
    expect(isNotified()).toBe(false);
    expect(await notifyReady()).toBeUndefined();
  });

  test("without systemd-notify it is a fault, not an error", async () => {
    vi.stubEnv("NOTIFY_SOCKET", join(top, "nobody"));
    vi.stubEnv("PATH", join(top, "empty"));
    vi.resetModules();
    const fresh = await import("../../../src/system/services/notify.ts");
    expect(await fresh.notify("READY=1")).toBe("systemd-notify is not installed or not in PATH");
  });

  test("systemd before 246 may lose a message: it is told three times", async () => {
    const bin = join(top, "bin");
    const log = join(top, "told");
    mkdirSync(bin);
    const script = `#!/bin/sh\n[ "$1" = --version ] && echo "systemd 239 (239-82.el8)" || echo "$*" >>${log}\n`;
    writeFileSync(join(bin, "systemd-notify"), script);
    chmodSync(join(bin, "systemd-notify"), 0o755);
    vi.stubEnv("NOTIFY_SOCKET", join(top, "nobody"));
    vi.stubEnv("PATH", `${bin}:${process.env["PATH"]}`);
    vi.resetModules();
    const fresh = await import("../../../src/system/services/notify.ts");
    await fresh.notify("READY=1", "STATUS=up");
    await fresh.notify("WATCHDOG=1");
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(log, "utf8")).toBe("READY=1 STATUS=up\n".repeat(3).concat("WATCHDOG=1\n"));
  });

  test("a watchdog for another process, or none, is not fed", () => {
    const socket = { NOTIFY_SOCKET: "/run/systemd/notify" };
    expect(watchdogInterval({ ...socket, WATCHDOG_USEC: "30000000" })).toBe(10_000);
    expect(watchdogInterval({ ...socket, WATCHDOG_USEC: "30000000", WATCHDOG_PID: "1" })).toBeUndefined();
    expect(watchdogInterval({ WATCHDOG_USEC: "30000000" })).toBeUndefined();
    expect(watchdogInterval(socket)).toBeUndefined();
    expect(watchdogInterval({ ...socket, WATCHDOG_USEC: "abc" })).toBeUndefined();
  });
});
