import {
  account,
  runtimeDirectory,
  sandbox,
  systemdFile,
  systemdProgram,
  systemdValue,
  systemdWord,
} from "../systemd-unit.ts";

/** A unit of its own beside the distribution's haproxy.service, whose /etc/haproxy/haproxy.cfg stays untouched. */
export const HAPROXY_UNIT = "hue-impala-setup-haproxy.service";

export interface HaproxyUnit {
  /** Absolute path of the configuration. */
  readonly file: string;
  /** Absolute path of the program; default /usr/sbin/haproxy. */
  readonly binary?: string;
  /** Account; default: one that systemd makes while the service runs. */
  readonly user?: string;
  /** Runtime socket of the configuration (`admin.socket`); its folder below /run is made for the service. */
  readonly socket?: string;
  /** Connections that the configuration allows together; sets the descriptor limit. Default 1000. */
  readonly connections?: number;
  /** A listener's port is below 1024. */
  readonly lowPort?: boolean;
}

/**
 * The systemd unit that runs HAProxy with our file: `-Ws` with Type=notify as HAProxy's management guide asks, the
 * configuration checked before a reload so that a bad one leaves the running process alone. Pure.
 */
export function renderHaproxyUnit(unit: HaproxyUnit): string {
  const path = unit.binary ?? "/usr/sbin/haproxy";
  const binary = systemdProgram(path);
  const file = systemdWord(unit.file);
  // Two descriptors per connection, and as many again for the process that finishes its connections after a reload.
  const descriptors = Math.max(8192, 2 * (2 * (unit.connections ?? 1000) + 200));
  return `# Made by hue-impala-setup.\n${systemdFile({
    Unit: [
      "Description=HAProxy for Impala",
      "Documentation=man:haproxy(1)",
      "Wants=network-online.target",
      "After=network-online.target",
      "StartLimitIntervalSec=60",
      "StartLimitBurst=10",
      `AssertPathExists=${systemdValue(unit.file)}`,
    ],
    Service: [
      "Type=notify",
      `ExecStartPre=${binary} -c -q -f ${file}`,
      `ExecStart=${binary} -Ws -f ${file}`,
      `ExecReload=${binary} -c -q -f ${file}`,
      "ExecReload=/bin/kill -USR2 $MAINPID",
      "KillMode=mixed",
      "SuccessExitStatus=143",
      "Restart=always",
      "RestartSec=2",
      `LimitNOFILE=${descriptors}`,
      ...account(unit.user, [path, unit.file]),
      ...runtimeDirectory(unit.socket),
      ...sandbox(unit.lowPort === true),
    ],
    Install: ["WantedBy=multi-user.target"],
  })}`;
}
