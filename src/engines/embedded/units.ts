import { isIP } from "node:net";
import { basename } from "node:path";
import { formatEndpoint, parseEndpoint } from "../../domain/endpoint.ts";
import { engineFailure } from "../../messages/failures/engines.ts";
import {
  account,
  loadedCredentials,
  runtimeDirectory,
  sandbox,
  systemdFile,
  systemdProgram,
  systemdValue,
  systemdWord,
} from "../systemd-unit.ts";

/** The bundled balancer's service, and the socket unit that keeps its addresses open while the service restarts. */
export const BALANCER_UNIT = "hue-impala-setup-balancer.service";
export const BALANCER_SOCKET_UNIT = "hue-impala-setup-balancer.socket";

export interface BalancerUnit {
  /** How this program is started, absolute: `["/usr/bin/node", "/opt/hue-impala-setup/bin/hue-impala-setup.js"]`. */
  readonly command: readonly string[];
  /** Absolute path of the balancer specification. */
  readonly specPath: string;
  /** Account; default: one that systemd makes while the service runs. */
  readonly user?: string;
  /** `admin.socket` of the specification; its folder below /run is made for the service. */
  readonly socket?: string;
  /** Connections that the specification allows together; sets the limits on descriptors and memory. Default 1000. */
  readonly connections?: number;
  /** A listener's port is below 1024. */
  readonly lowPort?: boolean;
  /** systemd opens the listening sockets ({@link renderSocketUnit}) and hands them over. */
  readonly socketActivation?: boolean;
  /** Files that systemd reads as root and hands to the service, by the name of the credential. */
  readonly credentials?: Readonly<Record<string, string>>;
}

/**
 * The systemd unit of the bundled balancer: readiness by notification (Node starts `systemd-notify` for that, hence
 * NotifyAccess=all), reload by SIGHUP, no restart after an error in the specification (exit 64, 65, 78). Pure.
 */
export function renderUnit(unit: BalancerUnit): string {
  const connections = unit.connections ?? 1000;
  const [program = "", ...args] = [...lean(unit.command), "balancer", "run", "--spec", unit.specPath];
  const start = [systemdProgram(program), ...args.map(systemdWord)].join(" ");
  return `# Made by hue-impala-setup.\n${systemdFile({
    Unit: [
      "Description=Balancer of hue-impala-setup: Hue to Impala",
      "Wants=network-online.target",
      "After=network-online.target",
      "StartLimitIntervalSec=60",
      "StartLimitBurst=10",
      ...(unit.socketActivation === true
        ? [`Requires=${BALANCER_SOCKET_UNIT}`, `After=${BALANCER_SOCKET_UNIT}`]
        : []),
      `AssertPathExists=${systemdValue(unit.specPath)}`,
    ],
    Service: [
      "Type=notify",
      "NotifyAccess=all",
      `ExecStart=${start}`,
      "ExecReload=/bin/kill -HUP $MAINPID",
      "KillMode=mixed",
      // The balancer's own deadline for its connections, and some more.
      "TimeoutStopSec=45",
      "Restart=always",
      "RestartSec=1",
      "RestartPreventExitStatus=64 65 78",
      // Two descriptors per connection, checks, admin connections, Node's own.
      `LimitNOFILE=${Math.max(8192, 2 * connections + 512)}`,
      // Node's own, and per connection two buffers of 256 KiB when all clients read slowly at once.
      `MemoryMax=${512 + connections}M`,
      "TasksMax=256",
      ...account(unit.user, [...unit.command, unit.specPath]),
      ...runtimeDirectory(unit.socket),
      ...loadedCredentials(unit.credentials ?? {}),
      ...sandbox(unit.lowPort === true),
    ],
    Install: [
      "WantedBy=multi-user.target",
      ...(unit.socketActivation === true ? [`Also=${BALANCER_SOCKET_UNIT}`] : []),
    ],
  })}`;
}

/**
 * Node keeps up to 48 MB for young objects; with 6 MB an idle connection costs 3 kB less, and no work costs more CPU.
 */
function lean(command: readonly string[]): readonly string[] {
  const [program = "", ...rest] = command;
  return basename(program) === "node" ? [program, "--max-semi-space-size=2", ...rest] : command;
}

/**
 * The socket unit: systemd holds the listening sockets, so a client that connects while the service restarts waits in
 * the kernel's queue instead of being refused. Pure.
 * @param binds - the listeners' `ADDRESS:PORT` in the specification's order, which is the order of the descriptors
 * @throws Failure `settings`, code `socket-unit-bind`: systemd wants an address and a port, not a name or port 0
 */
export function renderSocketUnit(binds: readonly string[]): string {
  const streams = binds.map((bind) => {
    const endpoint = parseEndpoint(bind);
    if (isIP(endpoint.host) === 0 || endpoint.port === 0) {
      throw engineFailure("socket-unit-bind", { bind });
    }
    return `ListenStream=${systemdValue(formatEndpoint(endpoint))}`;
  });
  return `# Made by hue-impala-setup.\n${systemdFile({
    Unit: ["Description=Addresses of the balancer of hue-impala-setup"],
    Socket: [...streams, "BindIPv6Only=both", "Backlog=4096", "NoDelay=yes", `Service=${BALANCER_UNIT}`],
    Install: ["WantedBy=sockets.target"],
  })}`;
}
