import { sameText } from "../../../domain/text.ts";
import { backlog } from "../../relay/backlog.ts";
import { saslFraming } from "../../wire/sasl/framed-reader.ts";
import {
  BAD,
  COMPLETE,
  LONGEST_NEGOTIATION,
  NegotiationReader,
  saslStart,
} from "../../wire/sasl/negotiation.ts";
import type { ConnectFault } from "../contract.ts";
import type { Link, LinkLogin, LinkUser } from "../links/link.ts";
import type { Phase } from "../phase.ts";
import type { Timeouts } from "../timeouts.ts";
import { begins, type LoginOwner, type Transport } from "./transport.ts";

const START = saslStart("PLAIN");
/** A client sends two messages: the mechanism's name, then its name and password. */
const LONGEST_LOGIN = 2 * LONGEST_NEGOTIATION;
/** Milliseconds that a repeated login may take. */
const LOGIN_TIME = 10_000;
/** A reload may take TLS away from links that are made later. */
const NOT_SECURED = "the login came over TLS and is sent on over verified TLS only";

/**
 * SASL PLAIN (LDAP): the login is the same bytes towards every backend, so it is recorded as it passes by and repeated.
 */
export const saslPlain: Transport = {
  name: "sasl-plain",
  title: sameText("SASL PLAIN"),
  recognises: (head) => begins(head, START),
  routing: {
    framing: saslFraming,
    login: (connection) => new PlainLogin(connection),
  },
};

/** The client's login with its first backend, which judges it. */
class PlainLogin implements Phase, LinkUser {
  readonly state = "unfinished";
  readonly #connection: LoginOwner;
  readonly #reader = new NegotiationReader();
  readonly #recorded = new RecordedLogin();
  #link: Link | undefined;
  #over = false;

  constructor(connection: LoginOwner) {
    this.#connection = connection;
    this.#connect(new Set());
  }

  /** Whoever would get the next session judges. */
  #connect(tried: Set<string>, last?: ConnectFault): void {
    const { client, load, links } = this.#connection;
    const backends = client.backends();
    const backend = load.choose(backends, tried, links.full(backends));
    if (backend === undefined) {
      const termination = last?.reason === "timeout" ? "sC" : "SC";
      this.#connection.finish(termination, last?.message ?? "no backend is usable");
      return;
    }
    links.connect(backend.name, this).then(
      (link) => {
        this.#link = link;
        link.busy = true;
        if (link.mayTakePassword) this.#recorded.sendOn(link);
        else this.#connection.finish("PC", NOT_SECURED);
      },
      (fault: ConnectFault) => {
        if (this.#over) return;
        if (fault.reason === "local") this.#connection.finish("RC", fault.message);
        else if (fault.reason === "queue-timeout") this.#connection.finish("sQ", fault.message);
        else this.#connect(tried.add(backend.name), fault);
      },
    );
  }

  fromClient(chunk: Buffer): void {
    this.#recorded.add(chunk);
    if (this.#recorded.bytes > LONGEST_LOGIN) this.#connection.finish("PD", "a login of impossible length");
    else this.#link?.send(chunk);
  }

  linkBytes(link: Link, chunk: Buffer): boolean {
    const { client } = this.#connection;
    this.#connection.heard();
    const verdict = follow(this.#reader, chunk);
    client.socket.write(chunk);
    client.count(link.backend, "to-client", chunk.length);
    if (verdict === "accepted") {
      client.count(link.backend, "to-backend", this.#recorded.bytes);
      link.busy = false;
      this.#over = true;
      this.#connection.loggedIn(this.#recorded, link);
    } else if (verdict === "refused") this.#connection.finish("SD", `${link.backend} refused the login`);
    else if (verdict === "foreign") this.#connection.finish("PD", `${link.backend}: not a SASL negotiation`);
    return backlog(client.socket) === 0;
  }

  linkEnded(link: Link, error: Error | undefined): void {
    const why = error?.message ?? "closed its connection";
    this.#connection.links.remove(link);
    this.#connection.finish("SD", `${link.backend} ${why} during the login`);
  }

  linkDrained(): void {
    this.#connection.client.socket.resume();
  }

  clientDrained(): void {
    this.#link?.resume();
  }

  tick(silence: number, _quiet: number, timeouts: Timeouts): void {
    if (silence > timeouts.unfinished) this.#connection.finish("cD", "the login was not completed");
  }

  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#recorded.wipe();
  }
}

type Verdict = "going-on" | "accepted" | "refused" | "foreign";

/** What a backend's part of a negotiation has come to. */
function follow(reader: NegotiationReader, chunk: Buffer): Verdict {
  for (let at = 0; at < chunk.length; ) {
    at = reader.push(chunk, at, chunk.length);
    if (reader.fault !== undefined) return "foreign";
    if (reader.status === COMPLETE) return at === chunk.length ? "accepted" : "foreign";
    if (reader.status >= BAD) return "refused";
  }
  return "going-on";
}

/** What a client has sent to log in: in memory only. */
class RecordedLogin implements LinkLogin {
  readonly #chunks: Buffer[] = [];
  bytes = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.bytes += chunk.length;
  }

  sendOn(link: Link): void {
    for (const chunk of this.#chunks) link.send(chunk);
  }

  logIn(link: Link): Promise<void> {
    return new Promise((resolve, reject) => {
      const reader = new NegotiationReader();
      const timer = setTimeout(() => reject(new Error("no answer to the login")), LOGIN_TIME);
      const settle = (error?: Error): void => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve();
      };
      link.user = {
        linkBytes: (_, chunk) => {
          const verdict = follow(reader, chunk);
          if (verdict === "accepted") settle();
          else if (verdict !== "going-on") settle(new Error("the login was refused"));
          return true;
        },
        linkEnded: () => settle(new Error("closed during the login")),
        linkDrained: () => undefined,
      };
      if (!link.mayTakePassword) settle(new Error(NOT_SECURED));
      else if (link.broken) settle(new Error("closed before the login"));
      else this.sendOn(link);
    });
  }

  wipe(): void {
    for (const chunk of this.#chunks) chunk.fill(0);
    this.#chunks.length = 0;
  }
}
