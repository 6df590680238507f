import { type SimulatedImpalad, startImpalad } from "../../../../fixtures/impalad/impalad.ts";
import { type EndOptions, type GssapiEnd, startEnd } from "../../../../fixtures/kerberos/ends.ts";
import { REALM, Realm } from "../../../../fixtures/kerberos/realm.ts";
import { type RunningBalancer, startBalancer } from "../../../../src/balancer/balancer.ts";
import { Log } from "../../../../src/balancer/log/log.ts";
import { parseSpec } from "../../../../src/balancer/spec/parse-spec.ts";
import type { Need } from "../../../support/needs.ts";

export const KERBEROS_NEEDS = ["krb5kdc", "kadmin", "kinit", "gssapi"] as const satisfies Need[];
export const HUE = `hue/localhost@${REALM}`;

export interface ClusterOptions {
  /** Layers that each Impalad offers, as bits. */
  readonly layers?: readonly number[];
  /** More of the listener. */
  readonly listener?: object;
  /** More of `kerberos`. */
  readonly kerberos?: object;
  /** Principals in the balancer's keytab. */
  readonly keys?: readonly string[];
  readonly life?: string;
}

/** A realm, three Impalads behind GSSAPI ends with names and keys of their own, and a balancer with Hue's keytab. */
export interface SecuredCluster {
  readonly realm: Realm;
  readonly impalads: readonly SimulatedImpalad[];
  readonly ends: readonly GssapiEnd[];
  readonly balancer: RunningBalancer;
  readonly port: number;
  readonly spec: object;
  log(): string;
  sessions(): number[];
  /** A client of the balancer that logs in as this principal; what connects to it speaks plain Thrift. */
  client(options: Partial<EndOptions>, principal: string, flags?: readonly string[]): Promise<GssapiEnd>;
  close(): Promise<void>;
}

/** Names of the Impalads' hosts, which all are this host. */
const HOSTS = ["impala1.example.com", "impala2.example.com", "impala3.example.com"];

export async function startCluster(options: ClusterOptions = {}): Promise<SecuredCluster> {
  const services = HOSTS.map((host) => `impala/${host}`);
  const people = ["alice", "mallory", "hue/other.example.com"];
  const realm = await Realm.start({
    principals: ["hue/localhost", "impala/localhost", ...services, ...people],
    ...(options.life === undefined ? {} : { life: options.life }),
  });
  Object.assign(process.env, realm.env);
  const impalads = await Promise.all(HOSTS.map((_, index) => startImpalad({ name: `impala${index + 1}` })));
  const ends = await Promise.all(
    impalads.map(({ port: target }, index) =>
      startEnd(
        { role: "server", target, layers: options.layers?.[index] ?? 7 },
        { ...realm.env, KRB5_KTNAME: realm.keytab([services[index] ?? ""]), KRB5RCACHENAME: "none:" },
      ),
    ),
  );
  const keytab = realm.keytab(options.keys ?? ["hue/localhost"]);
  const spec = {
    version: 1,
    listeners: [
      {
        name: "impala",
        bind: "127.0.0.1:0",
        kerberos: { keytab, principal: HUE, ...options.kerberos },
        backends: ends.map(({ port }, index) => ({
          name: `impala${index + 1}`,
          address: `${HOSTS[index]}:${port}`,
        })),
        ...options.listener,
      },
    ],
  };
  let log = "";
  const balancer = await startBalancer(parseSpec(spec), {
    lookup: () => Promise.resolve("127.0.0.1"),
    log: new Log({
      level: "debug",
      write: (text) => {
        log += text;
      },
    }),
  });
  const { port = 0 } = balancer.addresses["impala"] ?? {};
  const clients: GssapiEnd[] = [];
  return {
    realm,
    impalads,
    ends,
    balancer,
    port,
    spec,
    log: () => log,
    sessions: () => impalads.map((each) => each.stats().sessionsOpened),
    client: async (wanted, principal, flags) => {
      const client = await startEnd(
        { role: "client", target: port, ...wanted },
        realm.login(principal, flags),
      );
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all(clients.map((each) => each.close()));
      await balancer.close();
      await Promise.all([...ends, ...impalads, realm].map((each) => each.close()));
    },
  };
}
