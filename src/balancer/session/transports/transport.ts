import type { Text } from "../../../domain/text.ts";
import type { Kerberos } from "../../gssapi/kerberos.ts";
import type { SecurityLayer } from "../../gssapi/layer.ts";
import type { Framing } from "../../wire/message-reader.ts";
import type { Link, LinkLogin } from "../links/link.ts";
import type { Links } from "../links/links.ts";
import type { SessionLoad } from "../load/session-load.ts";
import type { Phase, PhaseOwner } from "../phase.ts";

/** All about one transport. A new one is a file beside this one, and its row in `transports.ts`. */
export interface Transport {
  /** In metrics and logs. */
  readonly name: string;
  /** For people. */
  readonly title: Text;
  /** True if a client that begins like this speaks it; undefined: more bytes are needed to tell, at most 25 in all. */
  readonly recognises: (head: Uint8Array) => boolean | undefined;
  /** How its calls are routed; absent: it is recognised, and its connections are relayed, sticky by source. */
  readonly routing?: Routing;
  /** The same, of one that the listener's keytab is needed for. */
  readonly routingWith?: (kerberos: Kerberos) => Routing;
}

export interface Routing {
  /** How messages are framed once both sides are logged in. */
  readonly framing: Framing;
  /** The phase in which the client logs in, which ends with {@link LoginOwner.loggedIn}; absent: calls come at once. */
  readonly login?: (connection: LoginOwner) => Phase;
}

/** The connection of a client that logs in. */
export interface LoginOwner extends PhaseOwner {
  readonly links: Links;
  /** Chooses who judges the login. */
  readonly load: SessionLoad;
  /**
   * Calls follow, over `link` too if that has been logged in already; `login` is made on every further one.
   * @param layer protects what the client says and hears from now on
   */
  loggedIn(login: LinkLogin, link?: Link, layer?: SecurityLayer): void;
  /** The login is for somebody else: the connection is relayed as one that is not routed. @param head all it said */
  giveBack(head: Buffer, note: string): void;
  /** For the log: why a client, or a backend, ended a login. */
  loginRefused(reason: string): void;
  loginFailed(backend: string, reason: string): void;
}

/** True if `head` begins with all bytes of `start`; undefined: it may yet. */
export function begins(head: Uint8Array, start: Uint8Array): boolean | undefined {
  const length = Math.min(head.length, start.length);
  for (let at = 0; at < length; at++) if (head[at] !== start[at]) return false;
  return length === start.length ? true : undefined;
}
