import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parseUnitState, systemctl, systemdRuns, unitState } from "../../../src/system/services/systemd.ts";
import { temporaryFolder } from "../files/editor.ts";

const top = temporaryFolder();
let programs = 0;

/** Puts a systemctl of our own before the real one. */
function systemctlIs(script: string): void {
  programs += 1;
  const bin = join(top, `bin-${programs}`);
  mkdirSync(bin);
  writeFileSync(join(bin, "systemctl"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, "systemctl"), 0o755);
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"]}`);
}

afterEach(() => vi.unstubAllEnvs());

describe("systemd", () => {
  test("runs where its folder below /run is", () => {
    expect(systemdRuns(join(top, "none"))).toBe(false);
    mkdirSync(join(top, "root/run/systemd/system"), { recursive: true });
    expect(systemdRuns(join(top, "root"))).toBe(true);
  });

  test("the state of a unit is read from systemctl show", async () => {
    systemctlIs(`cat <<'END'
Result=exit-code
MainPID=4711
LoadState=loaded
ActiveState=activating
SubState=auto-restart
FragmentPath=/etc/systemd/system/hue-impala-balancer.service
UnitFileState=enabled
NeedDaemonReload=yes
END`);
    expect(await unitState("hue-impala-balancer.service")).toEqual({
      load: "loaded",
      active: "activating",
      sub: "auto-restart",
      enabled: "enabled",
      file: "/etc/systemd/system/hue-impala-balancer.service",
      mainPid: 4711,
      needsReload: true,
      result: "exit-code",
    });
  });

  test("a unit that systemd does not know", () => {
    const text =
      "MainPID=0\nLoadState=not-found\nActiveState=inactive\nSubState=dead\nUnitFileState=\nNeedDaemonReload=no\n";
    expect(parseUnitState(text)).toMatchObject({
      load: "not-found",
      enabled: "",
      file: "",
      mainPid: 0,
      needsReload: false,
    });
  });

  test("systemctl is never asked to page, colour or ask", async () => {
    systemctlIs('echo "$SYSTEMD_COLORS $*"');
    expect((await systemctl("daemon-reload")).stdout).toBe("0 --no-pager --no-ask-password daemon-reload\n");
  });

  test("what systemctl says is in the failure, with where to look", async () => {
    systemctlIs('echo "Job for x.service failed." >&2; exit 1');
    await expect(systemctl("restart", "x.service")).rejects.toMatchObject({
      kind: "failed",
      code: "systemctl-failed",
      message: "systemctl restart x.service failed: Job for x.service failed.",
      hint: "look at: journalctl -u x.service -n 50",
    });
    systemctlIs('echo "Failed to start x.service: Access denied" >&2; exit 4');
    await expect(systemctl("start", "x.service")).rejects.toMatchObject({ kind: "auth", code: "denied" });
  });

  test("without systemctl", async () => {
    vi.stubEnv("PATH", join(top, "none"));
    await expect(unitState("x.service")).rejects.toMatchObject({ code: "command-not-found" });
  });
});
