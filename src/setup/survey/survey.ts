import type { BalancerSpec } from "../../balancer/spec/spec.ts";
import type { Discovery } from "../../cloudera/discovery/discovery.ts";
import type { HueSecurity } from "../../hue/effective.ts";
import type { HueInis } from "../../hue/folder/find-hue-inis.ts";
import type { FullName } from "../../system/network/full-name.ts";

/** A keytab that lies on this host. */
export interface FoundKeytab {
  readonly path: string;
  /** The principals whose keys it holds, each once. */
  readonly names: readonly string[];
}

/** What was found about the security of Hue's connections, and what lies here for a balancer that takes part. */
export interface SecuritySurvey {
  /** What Hue's files or safety valves say. */
  readonly hue?: HueSecurity;
  /** This host as tickets and certificates name it; only looked for where it matters. */
  readonly fullName?: FullName;
  /** Absent: none was found that this account may read. */
  readonly keytab?: FoundKeytab;
}

/** What was found around the answers: facts that defaults and the desired state are computed from, without more I/O. */
export interface Survey extends SecuritySurvey {
  /** This host's name as other hosts call it. */
  readonly hostName: string;
  /** Files that may be Hue's hue.ini, best first; `differ` when several exist with different content. */
  readonly hueInis: HueInis;
  /** Cloudera Manager as the agent on this host names it (bare host). */
  readonly agent?: { readonly server: string; readonly file: string };
  /** The bundled balancer's specification as it stands. */
  readonly spec?: BalancerSpec;
  readonly discovery?: Discovery;
  /** `/healthz` answered 200 on this port of every chosen Impalad. */
  readonly healthzPort?: number;
  /** The installed HAProxy's version as it prints it, where one is to be set up. */
  readonly haproxyVersion?: string;
  /** How this program is started, absolute. */
  readonly command: readonly string[];
}
