import { isIP } from "node:net";
import type { BackendSpec, ListenerSpec } from "../../balancer/spec/spec.ts";
import { encodeCloseSession } from "../../balancer/wire/hiveserver2/health-calls.ts";
import { CLOSE_SESSION } from "../../balancer/wire/hiveserver2/tcli-service.ts";
import { replyStart } from "../../balancer/wire/thrift/encode.ts";
import { isWildcard, parseEndpoint } from "../../domain/endpoint.ts";
import { sameText, type Text } from "../../domain/text.ts";
import { engineFailure, HAPROXY_SUBJECT } from "../../messages/failures/engines.ts";
import { bindTls, checkConnect, refusePasswords, serverTls } from "./tls.ts";
import {
  atLeast,
  directive,
  type HaproxyVersion,
  haproxyAddress,
  haproxyNetwork,
  haproxyTime,
  safeNames,
} from "./words.ts";

/** Names of the sections that `listen` sections refer to. */
export const PEERS = "sticky";
export const RESOLVERS = "system";

/**
 * One `listen` section.
 * @throws Failure `settings`: `haproxy-no-session` (HAProxy cannot route by HiveServer2 session), `haproxy-port-0`
 */
export function renderListen(
  listener: ListenerSpec,
  name: string,
  version: HaproxyVersion,
  keepTables: boolean,
): string {
  return [
    `listen ${name}`,
    ...renderBind(listener, version),
    ...renderProxyProtocol(listener, version),
    ...renderAccess(listener),
    ...renderBalance(listener, keepTables),
    ...renderTimeouts(listener),
    ...renderKeepAlive(listener, version),
    ...renderHealth(listener, version),
    ...renderServers(listener, version),
  ].join("\n");
}

/** True when a backend is given by name, so that a `resolvers` section is needed. */
export function hasNames(listener: ListenerSpec): boolean {
  return listener.backends.some((backend) => isIP(parseEndpoint(backend.address).host) === 0);
}

/** `ADDRESS:PORT` in HAProxy's spelling; the IPv6 wildcard takes IPv4 too, as Node's listen does. */
export function bindAddress(bind: string, what: Text): string {
  const endpoint = parseEndpoint(bind);
  if (endpoint.port === 0) {
    throw engineFailure("haproxy-port-0", { what, bind });
  }
  const address = haproxyAddress(bind);
  return isWildcard(endpoint.host) && isIP(endpoint.host) === 6 ? `${address} v4v6` : address;
}

function renderBind(listener: ListenerSpec, version: HaproxyVersion): string[] {
  const open = listener.allow.length === 0 && isWildcard(parseEndpoint(listener.bind).host);
  return [
    directive(
      `bind ${bindAddress(listener.bind, HAPROXY_SUBJECT.listener(listener.name))}${bindTls(listener, version)}`,
      open ? 'every network reaches this: list those that may in "allow"' : undefined,
    ),
    directive(`maxconn ${listener.maxConnections}`),
  ];
}

/**
 * `expect-proxy layer4` asks the listed proxies only, where `accept-proxy` would ask everybody (configuration manual,
 * 4.2). How long it waits can be told since 2.9; before that `timeout client` counts.
 */
function renderProxyProtocol(listener: ListenerSpec, version: HaproxyVersion): string[] {
  if (listener.proxyProtocol === undefined) return [];
  const { from, timeout } = listener.proxyProtocol;
  const time = haproxyTime(timeout, HAPROXY_SUBJECT.ofListener(listener.name, "proxyProtocol timeout"));
  return [
    ...from.map((network) => directive(`acl proxy src ${haproxyNetwork(network)}`)),
    directive("tcp-request connection expect-proxy layer4 if proxy"),
    ...(atLeast(version, 2, 9) ? [directive(`timeout client-hs ${time}`)] : []),
  ];
}

function renderAccess(listener: ListenerSpec): string[] {
  const lines: string[] = [];
  // The address that a PROXY protocol header tells is known only after it: that of the connection comes before.
  const request = listener.proxyProtocol === undefined ? "tcp-request connection" : "tcp-request session";
  if (listener.allow.length > 0) {
    // One network per line: HAProxy allows 64 words in a line, and a diff then shows one network.
    for (const network of listener.allow) {
      lines.push(directive(`acl allowed src ${haproxyNetwork(network)}`));
    }
    lines.push(directive(`${request} reject unless allowed`));
  }
  if (listener.balance === "source" || (listener.maxConnectionsPerSource ?? 0) > 0) {
    // An entry that is tracked does not expire while its source has connections.
    lines.push(directive(`${request} track-sc0 src`));
  }
  if ((listener.maxConnectionsPerSource ?? 0) > 0) {
    lines.push(directive(`${request} reject if { sc0_conn_cur gt ${listener.maxConnectionsPerSource} }`));
  }
  const { firstByte = 0 } = listener.timeouts;
  const guard = refusePasswords(listener);
  if (guard !== undefined) lines.push(...guard);
  else if (firstByte > 0) {
    lines.push(
      directive(`tcp-request inspect-delay ${haproxyTime(firstByte, sameText("firstByte"))}`),
      directive("tcp-request content accept if { req.len gt 0 }", "Thrift clients speak first"),
      directive("tcp-request content reject"),
    );
  }
  return lines;
}

function renderBalance(listener: ListenerSpec, keepTables: boolean): string[] {
  const sticky = listener.balance === "source";
  const store = (listener.maxConnectionsPerSource ?? 0) > 0 ? " store conn_cur" : "";
  const expire = haproxyTime(
    listener.stickiness.expire,
    HAPROXY_SUBJECT.ofListener(listener.name, "stickiness expire"),
  );
  const kept = sticky && keepTables ? ` peers ${PEERS}` : "";
  const table = directive(
    `stick-table type ipv6 size ${listener.stickiness.size} expire ${expire}${store}${kept}`,
  );
  switch (listener.balance) {
    case "session":
      throw engineFailure("haproxy-no-session", { listener: listener.name });
    case "source":
      return [
        "    # Hue sends the calls of one session over any connection of its pool: all of one Hue host must reach one",
        "    # impalad. The table decides and stays when a server recovers; the hash only places new sources.",
        directive("balance source"),
        directive("hash-type consistent"),
        table,
        directive("stick on src"),
      ];
    default:
      // Hue itself needs "source"; these are for clients that keep one connection per session.
      return [directive(`balance ${listener.balance}`), ...(store === "" ? [] : [table])];
  }
}

function renderTimeouts(listener: ListenerSpec): string[] {
  const { connect, client, server, halfClosed, queue } = listener.timeouts;
  const time = (seconds: number, what: string) =>
    haproxyTime(seconds, HAPROXY_SUBJECT.ofListener(listener.name, `timeout ${what}`));
  return [
    directive(`timeout connect ${time(connect, "connect")}`, "short: a dead host must not hold Hue"),
    directive(`timeout client ${time(client, "client")}`, "idle time; Hue keeps its connections"),
    directive(`timeout server ${time(server, "server")}`),
    directive(
      `timeout client-fin ${time(halfClosed, "halfClosed")}`,
      "else half-closed connections live on as long",
    ),
    directive(`timeout server-fin ${time(halfClosed, "halfClosed")}`),
    directive(`timeout queue ${time(queue, "queue")}`),
    directive(`timeout check ${time(listener.health.timeout, "of the check")}`),
    directive(`retries ${listener.retries}`),
    directive("option redispatch 1", "the first retry already goes to another server"),
  ];
}

function renderKeepAlive(listener: ListenerSpec, version: HaproxyVersion): string[] {
  if (listener.keepAlive === 0) return [];
  if (!atLeast(version, 2, 4)) {
    return [directive("option tcpka", "after 2 h, unless net.ipv4.tcp_keepalive_time says otherwise")];
  }
  const idle = haproxyTime(
    Math.max(1, Math.round(listener.keepAlive)),
    HAPROXY_SUBJECT.ofListener(listener.name, "keepAlive"),
  );
  return [
    directive("option tcpka", "alone useless: the kernel would wait 2 h"),
    ...["cli", "srv"].map((side) => directive(`${side}tcpka-idle ${idle}`)),
    ...["cli", "srv"].map((side) => directive(`${side}tcpka-intvl 10s`)),
    ...["cli", "srv"].map((side) => directive(`${side}tcpka-cnt 3`)),
  ];
}

/** CloseSession for a session that never was: an impalad that works answers with an error, and nothing stays behind. */
const NOBODY = Buffer.alloc(16);
const CALL = encodeCloseSession(NOBODY, NOBODY, 0);
/** How its answer begins. */
const REPLY = replyStart(CLOSE_SESSION);

function renderHealth(listener: ListenerSpec, version: HaproxyVersion): string[] {
  const { health } = listener;
  if (health.http === undefined && health.hiveserver2 === undefined) return [];
  const lines = [directive("option tcp-check"), directive(checkConnect(listener, version))];
  if (health.hiveserver2 !== undefined) {
    lines.push(
      "    # A connect alone succeeds on a frozen impalad: close a session that does not exist and expect the reply.",
      directive(`tcp-check send-binary ${CALL.toString("hex")}`),
      directive(`tcp-check expect binary ${REPLY.toString("hex")}`),
    );
  }
  if (health.http !== undefined) {
    const path = encoded(health.http.path);
    lines.push(
      "    # Impala 3.4 and later: 503 while it starts or shuts down. 404 and 401 say nothing about its health.",
      directive(`tcp-check connect port ${health.http.port}`),
      directive(`tcp-check send "GET ${path} HTTP/1.0\\r\\n\\r\\n"`),
      directive('tcp-check expect rstring "^HTTP/1\\.[01] (200|401|404)"'),
    );
  }
  return lines;
}

/**
 * A path as it stands in a request line and between HAProxy's quotation marks: everything else than plain ASCII
 * percent-encoded.
 */
function encoded(path: string): string {
  return path.replaceAll(/[^\x21-\x7e]+|["\\#$']/g, (found) =>
    [...Buffer.from(found)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
}

function renderServers(listener: ListenerSpec, version: HaproxyVersion): string[] {
  const { health } = listener;
  const inter = haproxyTime(health.interval, HAPROXY_SUBJECT.ofListener(listener.name, "health interval"));
  const fast = haproxyTime(health.fastInterval ?? Math.min(1, health.interval), sameText("fast interval"));
  const slow =
    listener.slowStart > 0
      ? ` slowstart ${haproxyTime(listener.slowStart, HAPROXY_SUBJECT.ofListener(listener.name, "slowStart"))}`
      : "";
  const serverName = safeNames();
  const lines = [
    directive(
      `default-server check inter ${inter} fastinter ${fast} fall ${health.fall} rise ${health.rise}${slow}`,
    ),
    // Else Hue's pooled connections to a vanished impalad look alive until a call times out.
    directive("default-server on-marked-down shutdown-sessions"),
  ];
  if (listener.endBackupOnRecovery)
    lines.push(directive("default-server on-marked-up shutdown-backup-sessions"));
  if (hasNames(listener)) {
    // A name that cannot be resolved stops only its own server, not the start.
    lines.push(directive(`default-server init-addr last,libc,none resolvers ${RESOLVERS}`));
  }
  if (listener.backends.filter((backend) => backend.backup).length > 1)
    lines.push(directive("option allbackups"));
  for (const backend of listener.backends)
    lines.push(
      directive(`${renderServer(backend, serverName(backend.name))}${serverTls(listener, backend, version)}`),
    );
  return lines;
}

function renderServer(backend: BackendSpec, name: string): string {
  const words = ["server", name, haproxyAddress(backend.address)];
  if (backend.weight !== 1) words.push(`weight ${backend.weight}`);
  if (backend.maxConnections > 0) words.push(`maxconn ${backend.maxConnections}`);
  if (backend.backup) words.push("backup");
  return words.join(" ");
}
