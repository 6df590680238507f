import type { AdminSpec, BalancerSpec } from "../../balancer/spec/spec.ts";
import { HAPROXY_SUBJECT } from "../../messages/failures/engines.ts";
import { withMarker } from "../marker.ts";
import { bindAddress, hasNames, PEERS, RESOLVERS, renderListen } from "./listen.ts";
import {
  atLeast,
  directive,
  type HaproxyVersion,
  haproxyAddress,
  haproxyVersion,
  quoted,
  safeNames,
} from "./words.ts";

/** Connections besides the listeners' own: status page, runtime socket, peers. */
const RESERVE = 20;

export interface HaproxyOptions {
  /** Version that will read the file, as `haproxy -v` prints it; without it only what 2.4 to 3.4 all accept is used. */
  readonly version?: string;
  /**
   * Value of `log`; default: standard output, which systemd's journal takes (HAProxy before 2.0: `/dev/log local6`).
   */
  readonly log?: string;
  /** Name servers `ADDRESS:PORT` for backends given by name; default: those of /etc/resolv.conf. */
  readonly nameservers?: readonly string[];
  /** HAProxys that share the table of sources, so that a pair keeps each Hue host's impalad over a failover. */
  readonly peers?: {
    /** This host's entry in `members`. */
    readonly local: string;
    readonly members: readonly { readonly name: string; readonly address: string }[];
  };
}

/**
 * The HAProxy configuration for a balancer specification: the file that the 2014 tutorial wrote by hand, with today's
 * directives (HAProxy 2.4 to 3.4 accept it unchanged; 1.8 to 2.3 with `version`). Pure; ends with a newline.
 * Differences to the bundled balancer: a `/healthz` of 503 closes the connections of that server; counters start at
 * zero after a reload; no balancing by HiveServer2 session.
 * @throws Failure `settings`, codes `haproxy-no-session`, `haproxy-port-0`, `haproxy-time`, `haproxy-version`,
 *   `haproxy-tls-…`
 */
export function renderHaproxy(spec: BalancerSpec, options: HaproxyOptions = {}): string {
  const version = haproxyVersion(options.version ?? "2.4");
  const sticky = spec.listeners.some((listener) => listener.balance === "source");
  // `localpeer` came with 2.4; without it the local peer is the host's name, which only the host knows.
  const keepTables = sticky && (options.peers !== undefined || atLeast(version, 2, 4));
  const proxyName = safeNames([PEERS, RESOLVERS, "stats"]);
  const names = spec.listeners.map((listener) => proxyName(listener.name));
  const sections = [
    renderGlobal(spec, options, version, keepTables),
    renderDefaults(),
    ...(spec.listeners.some(hasNames) ? [renderResolvers(options)] : []),
    ...(keepTables ? [renderPeers(spec, options)] : []),
    ...spec.listeners.map((listener, at) =>
      renderListen(listener, names[at] ?? listener.name, version, keepTables),
    ),
    ...(spec.admin?.http === undefined ? [] : [renderStats(spec.admin.http, names)]),
  ];
  return withMarker(`${sections.join("\n\n")}\n`, [
    "To change it, run hue-impala-setup again: it shows the difference first and keeps a backup of hand edits.",
  ]);
}

function renderGlobal(
  spec: BalancerSpec,
  options: HaproxyOptions,
  version: HaproxyVersion,
  keepTables: boolean,
): string {
  const log = options.log ?? (atLeast(version, 2, 0) ? "stdout format short local6" : "/dev/log local6");
  const connections = spec.listeners.reduce((sum, listener) => sum + listener.maxConnections, RESERVE);
  return [
    "global",
    '    # No "daemon": systemd supervises the foreground process. No "nbproc": gone since HAProxy 2.5.',
    directive(`log ${log.split(" ").map(quoted).join(" ")}`),
    directive(`maxconn ${connections}`, "the listeners' together, not 100000: each costs two descriptors"),
    ...renderSocket(spec.admin),
    ...(keepTables && atLeast(version, 2, 4)
      ? [directive(`localpeer ${safeNames()(options.peers?.local ?? "local")}`)]
      : []),
  ].join("\n");
}

function renderSocket(admin: AdminSpec | undefined): string[] {
  if (admin?.socket === undefined) return [];
  // Only root may use it: `set server … state drain` needs level admin.
  return [directive(`stats socket ${quoted(admin.socket)} mode 600 level admin expose-fd listeners`)];
}

function renderDefaults(): string {
  return [
    "defaults",
    directive("log global"),
    directive("mode tcp"),
    directive("option tcplog"),
    directive("option dontlognull"),
  ].join("\n");
}

function renderResolvers(options: HaproxyOptions): string {
  const servers = (options.nameservers ?? []).map((address, at) =>
    directive(`nameserver dns${at + 1} ${haproxyAddress(address, 53)}`),
  );
  return [
    `resolvers ${RESOLVERS}`,
    ...(servers.length > 0 ? servers : [directive("parse-resolv-conf")]),
    directive("hold valid 30s"),
    "    # A name server that fails, or does not know a name of /etc/hosts, must not take a server out.",
    ...["nx", "other", "refused", "timeout", "obsolete"].map((state) => directive(`hold ${state} 24d`)),
  ].join("\n");
}

function renderPeers(spec: BalancerSpec, options: HaproxyOptions): string {
  const members = options.peers?.members.map(({ name, address }) =>
    directive(`peer ${safeNames()(name)} ${haproxyAddress(address)}`),
  );
  // An abstract unix socket needs neither a port nor a directory; named after the address so that two HAProxys differ.
  const socket = `abns@hue-impala-setup-${spec.listeners[0]?.bind.replaceAll(/[^A-Za-z0-9.]/g, "-") ?? ""}`;
  return [
    `peers ${PEERS}`,
    "    # Hands the table of sources to the next process on reload.",
    ...(members ?? [directive(`peer local ${socket}`)]),
  ].join("\n");
}

function renderStats(http: string, names: readonly string[]): string {
  return [
    "listen stats",
    directive(`bind ${bindAddress(http, HAPROXY_SUBJECT.statusPage)}`),
    directive("mode http"),
    directive("maxconn 10"),
    directive("timeout connect 4s"),
    directive("timeout client 30s"),
    directive("timeout server 30s"),
    "    # 200 while every listener has a usable server, else 503: what keepalived asks.",
    directive("monitor-uri /healthz"),
    directive(`monitor fail if ${names.map((name) => `{ nbsrv(${name}) lt 1 }`).join(" || ")}`),
    directive("stats enable"),
    directive("stats uri /"),
    directive("stats refresh 5s"),
    directive("stats hide-version"),
  ].join("\n");
}
