import { isIP } from "node:net";
import type { BackendSpec, ListenerSpec } from "../../balancer/spec/spec.ts";
import { parseEndpoint } from "../../domain/endpoint.ts";
import { sameText } from "../../domain/text.ts";
import { engineFailure } from "../../messages/failures/engines.ts";
import { atLeast, directive, type HaproxyVersion, haproxyTime, quoted } from "./words.ts";

/** Seconds within which a client must have said what it speaks, where the specification has no limit. */
const FIRST_BYTES = 30;
/** How Thrift's strict binary protocol begins, and a login with SASL GSSAPI: neither carries a password. */
const WITHOUT_PASSWORD = ["8001", "0100000006475353415049"];

/**
 * TLS with clients, for a `bind` line; nothing where the listener has none.
 * @throws Failure `settings`: `haproxy-tls-key`, `haproxy-tls-password` (HAProxy reads certificate and key from one
 *   file, or the key from `CERTIFICATE.key` since 2.2, and takes no password)
 */
export function bindTls({ name, tls }: ListenerSpec, version: HaproxyVersion): string {
  if (tls === undefined) return "";
  const { certificate, key, keyPasswordFile, minVersion } = tls;
  if (keyPasswordFile !== undefined) throw engineFailure("haproxy-tls-password", { listener: name, key });
  const together = key === certificate || (key === `${certificate}.key` && atLeast(version, 2, 2));
  if (!together) throw engineFailure("haproxy-tls-key", { listener: name, certificate, key });
  return ` ssl crt ${quoted(certificate)} ssl-min-ver ${minVersion}`;
}

/**
 * TLS with one backend, for its `server` line; nothing where the listener has none.
 * @throws Failure `settings`: `haproxy-tls-ca` (the system's authorities have a name since 2.6 only),
 *   `haproxy-tls-address` (HAProxy compares names only)
 */
export function serverTls(listener: ListenerSpec, backend: BackendSpec, version: HaproxyVersion): string {
  const { backendTls } = listener;
  if (backendTls === undefined) return "";
  const { caFile, serverName, verify } = backendTls;
  const name = serverName ?? parseEndpoint(backend.address).host;
  const sni = isIP(name) === 0 ? ` sni str(${quoted(name)}) check-sni ${quoted(name)}` : "";
  if (!verify) return ` ssl verify none${sni} ssl-min-ver TLSv1.2`;
  if (isIP(name) !== 0) {
    throw engineFailure("haproxy-tls-address", { listener: listener.name, address: backend.address });
  }
  if (caFile === undefined && !atLeast(version, 2, 6)) {
    throw engineFailure("haproxy-tls-ca", { listener: listener.name });
  }
  const authorities = caFile === undefined ? "@system-ca" : quoted(caFile);
  return ` ssl verify required ca-file ${authorities}${sni} verifyhost ${quoted(name)} ssl-min-ver TLSv1.2`;
}

/** How a check connects to the HiveServer2 port: as the `server` line says. */
export function checkConnect({ backendTls }: ListenerSpec, version: HaproxyVersion): string {
  if (backendTls === undefined) return "tcp-check connect";
  return atLeast(version, 2, 2) ? "tcp-check connect default" : "tcp-check connect ssl";
}

/**
 * What came over TLS goes on in clear text: whoever does not begin with a transport without passwords is refused, as
 * the bundled balancer does it. Takes the place of the rule for clients that stay silent.
 */
export function refusePasswords({ tls, backendTls, timeouts }: ListenerSpec): string[] | undefined {
  if (tls === undefined || backendTls !== undefined) return undefined;
  const { firstByte = 0 } = timeouts;
  const delay = haproxyTime(firstByte > 0 ? firstByte : FIRST_BYTES, sameText("firstByte"));
  return [
    "    # What came over TLS goes on in clear text: no password may be in it.",
    directive(`tcp-request inspect-delay ${delay}`),
    ...WITHOUT_PASSWORD.map((start) =>
      directive(`tcp-request content accept if { req.payload(0,${start.length / 2}) -m bin ${start} }`),
    ),
    directive("tcp-request content reject"),
  ];
}
