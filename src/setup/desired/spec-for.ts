import { isIP } from "node:net";
import { resolve } from "node:path";
import { parseSpec } from "../../balancer/spec/parse-spec.ts";
import type { BackendSpec, Balance, BalancerSpec, ListenerSpec } from "../../balancer/spec/spec.ts";
import { type Endpoint, formatEndpoint, isHost, parseEndpoint } from "../../domain/endpoint.ts";
import { identityOf, withoutTwins } from "../../domain/twins.ts";
import { LISTEN_PORT } from "../../domain/well-known.ts";
import { balancerKerberosFailure } from "../../messages/failures/balancer/kerberos.ts";
import { balancerRunFailure } from "../../messages/failures/balancer/run.ts";
import { SPEC_NAMES } from "../../messages/failures/balancer/spec.ts";
import { type Answers, answerOf, isSet } from "../answers/answers.ts";

const LISTENER = "impala";
/** Connections that an Impalad serves at a time (`--fe_service_threads`); further ones would wait unseen inside it. */
const IMPALA_CONNECTIONS = 64;

/** What the answers say about the balancer; everything else in an existing specification stays as it is. */
export interface SpecWish {
  readonly backends: readonly Endpoint[];
  readonly listen: Endpoint;
  readonly balance: Balance;
  readonly allow: readonly string[];
  /** Status page; undefined: none. */
  readonly admin: Endpoint | undefined;
  readonly socket: string | undefined;
  /** Use Impala's `/healthz` on this port, if the specification does not say how to check already. */
  readonly healthzPort: number | undefined;
  /** Kerberos of the listener; undefined: as the specification has it. */
  readonly kerberos?: {
    readonly keytab: string;
    readonly principal: string;
    readonly clients: readonly string[];
  };
}

/**
 * The specification that fulfils a wish: the JSON document as it is written, before `parseSpec` fills in defaults. Hand
 * edits survive: times, weights and limits of an existing specification are kept, backends are recognised by address.
 */
export function specFor(
  wish: SpecWish,
  existing: BalancerSpec | undefined,
): { readonly listeners: readonly object[] } {
  const [first, ...others] = existing?.listeners ?? [];
  const health =
    first?.health ?? (wish.healthzPort === undefined ? undefined : { http: { port: wish.healthzPort } });
  const document = {
    version: 1,
    listeners: [
      {
        ...first,
        name: first?.name ?? LISTENER,
        bind: formatEndpoint(wish.listen),
        balance: wish.balance,
        backends: membersFor(wish.backends, first),
        ...(health === undefined ? {} : { health }),
        allow: wish.allow,
        ...(wish.kerberos === undefined ? {} : { kerberos: { ...first?.kerberos, ...wish.kerberos } }),
      },
      ...others.map((other) => ({ ...other, backends: membersFor(endpointsOf(other), other) })),
    ],
    admin: {
      ...existing?.admin,
      ...(wish.socket === undefined ? {} : { socket: wish.socket }),
      ...(wish.admin === undefined ? {} : { http: formatEndpoint(wish.admin) }),
    },
  };
  return document;
}

/**
 * The specification of a balancer that is run from flags: what they do not say has its default, nothing is looked up.
 * @param socket where it takes commands; undefined: it takes none
 * @throws Failure `settings`, code `bad-spec`; `usage`, code `tls-key-alone`
 */
export function specFromFlags(given: Answers, socket: string | undefined): BalancerSpec {
  const wish = {
    backends: answerOf(given, "impalads") ?? [],
    listen: answerOf(given, "listen") ?? { host: "127.0.0.1", port: LISTEN_PORT },
    balance: answerOf(given, "balance") ?? "session",
    allow: answerOf(given, "allow") ?? [],
    admin: answerOf(given, "adminListen"),
    socket,
    healthzPort: undefined,
    ...kerberosOf(given),
  };
  const spec = specFor(wish, undefined);
  const [listener] = spec.listeners;
  return parseSpec({ ...spec, listeners: [{ ...listener, ...tlsFromFlags(given) }] }, SPEC_NAMES.options);
}

/**
 * TLS of a listener on both sides. @throws Failure `usage`, code `tls-key-alone`: what belongs to a certificate that is
 * not given
 */
function tlsFromFlags(given: Answers): { tls?: object; backendTls?: object } {
  const certificate = answerOf(given, "tlsCertificate");
  const key = answerOf(given, "tlsKey");
  const passwordFile = answerOf(given, "tlsKeyPasswordFile");
  const caFile = answerOf(given, "impalaCaFile");
  if (certificate === undefined && (key !== undefined || passwordFile !== undefined)) {
    throw balancerRunFailure("tls-key-alone");
  }
  const tls =
    certificate === undefined
      ? undefined
      : {
          certificate: resolve(certificate),
          key: resolve(key ?? certificate),
          ...(passwordFile === undefined ? {} : { keyPasswordFile: resolve(passwordFile) }),
        };
  const backendTls =
    caFile === undefined && !isSet(given, "impalaTls")
      ? undefined
      : { ...(caFile === undefined ? {} : { caFile: resolve(caFile) }) };
  return { ...(tls === undefined ? {} : { tls }), ...(backendTls === undefined ? {} : { backendTls }) };
}

/** The keytab as it is found from here: the balancer knows no other folder. */
function kerberosOf(given: Answers): Pick<SpecWish, "kerberos"> {
  const keytab = answerOf(given, "kerberosKeytab");
  const principal = answerOf(given, "kerberosPrincipal");
  if (keytab === undefined && principal === undefined) return {};
  if (keytab === undefined || principal === undefined) throw balancerKerberosFailure("keytab-and-principal");
  return {
    kerberos: { keytab: resolve(keytab), principal, clients: answerOf(given, "kerberosClients") ?? [] },
  };
}

/** The backends of a listener for these Impalads: those that it has already keep their name, weight and limits. */
export function membersFor(
  impalads: readonly Endpoint[],
  existing: ListenerSpec | undefined,
): (BackendSpec | { name: string; address: string; maxConnections: number })[] {
  const present = withoutTwins(existing?.backends ?? [], ({ address }) => parseEndpoint(address)).items;
  const known = new Map(present.map((backend) => [identityOf(parseEndpoint(backend.address)), backend]));
  const taken = new Set(present.map((backend) => backend.name));
  return withoutTwins(impalads, (impalad) => impalad).items.map((impalad) => {
    const address = formatEndpoint(impalad);
    const backend = known.get(identityOf(impalad));
    if (backend !== undefined) return backend;
    const name = freeName(impalad, taken);
    taken.add(name);
    return { name, address, maxConnections: IMPALA_CONNECTIONS };
  });
}

function endpointsOf({ backends }: ListenerSpec): Endpoint[] {
  return backends.map(({ address }) => parseEndpoint(address));
}

/** The host's first label if no other backend has it, else more and more of the address. */
function freeName(impalad: Endpoint, taken: ReadonlySet<string>): string {
  const { host, port } = impalad;
  const label = isIP(host) === 0 && isHost(host) ? (host.split(".")[0] ?? host) : host;
  return (
    [label, host, `${host}-${port}`].find((name) => name.length <= 50 && !taken.has(name)) ??
    `impalad-${taken.size + 1}`
  );
}
