import type { Balance, BalancerSpec } from "../../balancer/spec/spec.ts";
import type { SecurityFacts } from "../../cloudera/discovery/advice.ts";
import type { Discovery } from "../../cloudera/discovery/discovery.ts";
import type { Endpoint } from "../../domain/endpoint.ts";
import type { SettingName, WantedSettings } from "../../hue/settings.ts";
import type { FullName } from "../../system/network/full-name.ts";
import type { Answers } from "../answers/answers.ts";
import type { Login } from "../world/login.ts";

/** A hue.ini on this host. */
export interface HueIni {
  readonly kind: "hue-ini";
  readonly path: string;
  /** Edit it although Cloudera Manager seems to generate what Hue reads. */
  readonly force: boolean;
  readonly allowInvalidUtf8: boolean;
  /** Hue's unit, to be restarted when what Hue reads has changed; undefined: a person restarts Hue. */
  readonly restartUnit?: string;
}

/** A Hue service that Cloudera Manager configures: the safety valves are its hue.ini. */
export interface Managed {
  readonly kind: "cloudera-manager";
  readonly login: Login;
  readonly cluster: string;
  /** The Hue service. */
  readonly service: string;
  /** Restart Hue when what it reads has changed, or has changed since it was started. */
  readonly restart: boolean;
}

/** Where Hue's `[impala]` section is set. */
export type Target = HueIni | Managed;

/** What a balancer of ours is made from, wherever it runs. */
export interface OwnBalancer {
  /** Not empty. */
  readonly backends: readonly Endpoint[];
  readonly listen: Endpoint;
  readonly balance: Balance;
  /** CIDR networks that may connect; empty: all. */
  readonly allow: readonly string[];
  /** Status page and metrics. */
  readonly admin?: Endpoint;
  readonly specPath: string;
  /** The specification as it stands: what is not decided here stays as it says. */
  readonly existing?: BalancerSpec;
  /** `/healthz` answered 200 on this port of every backend. */
  readonly healthzPort?: number;
  readonly unitDir: string;
}

/** The bundled balancer. */
export interface Embedded extends OwnBalancer {
  readonly kind: "embedded";
  /** How this program is started, absolute. */
  readonly command: readonly string[];
  /** It accepts Kerberos logins with this keytab and logs in to each Impalad as `principal`. */
  readonly kerberos?: KerberosMeans;
}

/** What a balancer needs to take part in Kerberos. */
export interface KerberosMeans {
  /** Absolute path of the file that was named or found; the balancer's account need not be able to read it. */
  readonly keytab: string;
  readonly principal: string;
  readonly clients: readonly string[];
}

/** A HAProxy that is configured and started by us. */
export interface HAProxy extends OwnBalancer {
  readonly kind: "haproxy";
  readonly configPath: string;
  /** The version that will read the configuration; absent: nobody knows. */
  readonly version?: string;
}

/** A balancer that exists already. */
export interface External {
  readonly kind: "external";
}

export type Balancer = Embedded | HAProxy | External;

/** Impala's own load balancer field, where it is to be set. */
export interface LoadBalancerField {
  readonly login: Login;
  readonly cluster: string;
  /** The Impala service. */
  readonly service: string;
}

/** Every decision that the desired state is made from. */
export interface Settled {
  readonly target: Target;
  readonly balancer: Balancer;
  /** What Hue gets. */
  readonly settings: WantedSettings;
  /** Those of the settings that nobody has named: they have their defaults. */
  readonly byDefault: readonly SettingName[];
  readonly loadBalancer?: LoadBalancerField;
  /** What Cloudera Manager told, if it was asked. */
  readonly discovery?: Discovery;
  /** What is known of the security of Hue's connections, whoever told it. */
  readonly security: SecurityFacts;
  /** This host as tickets and certificates name it; only where that matters. */
  readonly fullName?: FullName;
  /** Where each decision came from: to be shown and saved, not to decide by. */
  readonly answers: Answers;
}
