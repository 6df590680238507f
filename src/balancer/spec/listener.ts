import * as v from "valibot";
import { SPEC_RULES } from "../../messages/failures/balancer/spec.ts";
import { BALANCES } from "../algorithms/table.ts";
import { backend } from "./backend.ts";
import { health } from "./health.ts";
import { kerberos } from "./security/kerberos.ts";
import { backendTls, tls } from "./security/tls.ts";
import { timeouts } from "./timeouts.ts";
import { count, endpoint, type Frozen, moreThanZero, name, network, seconds } from "./values.ts";

const balance = v.picklist(BALANCES);

const stickiness = v.strictObject({
  expire: v.optional(
    v.pipe(moreThanZero, v.description("seconds that an entry outlives the source's last connection")),
    43_200,
  ),
  size: v.optional(
    v.pipe(count, v.minValue(1), v.description("entries at most; the longest unused goes first")),
    100_000,
  ),
});

const proxyProtocol = v.strictObject({
  from: v.pipe(
    v.array(network),
    v.minLength(1, SPEC_RULES.oneNetwork.en),
    v.description("CIDR networks of the proxies; they must send a header, and are believed"),
  ),
  timeout: v.optional(
    v.pipe(moreThanZero, v.description("seconds within which the header must have come")),
    5,
  ),
});

export const listener = v.strictObject({
  name: v.pipe(name, v.description("name in logs, metrics and HAProxy's configuration")),
  bind: v.pipe(
    endpoint,
    v.description("`ADDRESS:PORT`; port 0: the system chooses"),
    v.examples(["127.0.0.1:10001"]),
  ),
  balance: v.optional(v.pipe(balance, v.description("how work is spread among the backends")), "session"),
  backends: v.pipe(v.array(backend), v.minLength(1, SPEC_RULES.oneBackend.en), v.description("the Impalads")),
  health: v.optional(v.pipe(health, v.description("checks of the backends")), {}),
  timeouts: v.optional(v.pipe(timeouts, v.description("in seconds")), {}),
  retries: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.maxValue(100),
      v.description(
        "connection attempts after the first failed one; to pass over a backend before its first check takes none",
      ),
    ),
    3,
  ),
  slowStart: v.optional(
    v.pipe(
      seconds,
      v.description(
        "seconds over which a recovered backend's share grows back (leastconn, roundrobin, session); 0: at once",
      ),
    ),
    60,
  ),
  endBackupOnRecovery: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        "end connections to backups (`U-`) when another backend is up again; routed sessions stay where they are",
      ),
    ),
    false,
  ),
  proxyProtocol: v.exactOptional(
    v.pipe(
      proxyProtocol,
      v.description(
        "proxies that begin each connection with a PROXY protocol header (version 1 or 2); without it nobody",
      ),
    ),
  ),
  kerberos: v.exactOptional(
    v.pipe(
      kerberos,
      v.description(
        "logins with Kerberos (SASL GSSAPI) are accepted here and made again towards each Impalad, so that `session` routes them; without it they keep one Impalad per source",
      ),
    ),
  ),
  tls: v.exactOptional(
    v.pipe(
      tls,
      v.description("TLS with clients, which must speak it then; without it TLS passes through unread"),
    ),
  ),
  backendTls: v.exactOptional(
    v.pipe(backendTls, v.description("TLS with the Impalads, health checks included")),
  ),
  allow: v.optional(
    v.pipe(
      v.array(network),
      v.description(
        "CIDR networks that may connect; others are closed before any backend is asked; empty: everyone",
      ),
    ),
    [],
  ),
  maxConnections: v.optional(
    v.pipe(count, v.minValue(1), v.description("client connections at a time")),
    1000,
  ),
  maxConnectionsPerSource: v.exactOptional(
    v.pipe(
      count,
      v.description(
        "of one source address at a time; 0: no limit; left out: half of `maxConnections`, or no limit for Hue alone",
      ),
    ),
  ),
  stickiness: v.optional(
    v.pipe(
      stickiness,
      v.description(
        "the table of `source` (and of connections that `session` cannot route): which backend a source belongs to",
      ),
    ),
    {},
  ),
  keepAlive: v.optional(
    v.pipe(
      seconds,
      v.description(
        "seconds of silence before TCP keep-alive probes the peers (then every second, ten times); 0: off",
      ),
    ),
    30,
  ),
});

/** One address that clients connect to, and the Impalads behind it. */
export type ListenerSpec = Frozen<v.InferOutput<typeof listener>>;
