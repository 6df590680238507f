import { FLAGS, SecurityContext } from "../../../gssapi/context.ts";
import type { Kerberos, Served } from "../../../gssapi/kerberos.ts";
import { SecurityLayer } from "../../../gssapi/layer.ts";
import { loginFault } from "../../../gssapi/login.ts";
import { addresseeOf } from "../../../wire/kerberos/ap-req.ts";
import { DerError } from "../../../wire/kerberos/der.ts";
import {
  decodeChoice,
  encodeLayers,
  LARGEST_BUFFER,
  LAYERS,
  type LayerChoice,
} from "../../../wire/sasl/layers.ts";
import { encodeSaslMessage, LONGEST_TOKEN, SaslMessages } from "../../../wire/sasl/messages.ts";
import { BAD, COMPLETE, OK } from "../../../wire/sasl/negotiation.ts";
import type { ConnectFault } from "../../contract.ts";
import type { Link } from "../../links/link.ts";
import type { Phase } from "../../phase.ts";
import type { Timeouts } from "../../timeouts.ts";
import type { LoginOwner } from "../transport.ts";
import { GssapiLinkLogin } from "./link-login.ts";

/** Mechanism, token, and what a client sends while it is told that it is for somebody else. */
const LONGEST_HEAD = LONGEST_TOKEN + 1024;

/** The login ends the connection: HAProxy's two letters, and why. */
class Refusal extends Error {
  readonly termination: string;

  constructor(termination: string, reason: string) {
    super(reason);
    this.termination = termination;
  }
}

/** The connection has ended meanwhile, or is no longer ours: nothing is left to do. */
class Over extends Error {}

/** A backend that has accepted the login, and what it offers. */
interface First {
  readonly link: Link;
  readonly layers: number;
  finish(): Promise<void>;
  release(): void;
}

/**
 * A client's Kerberos login with the balancer, and with it the first one with a backend, whose layers are offered to
 * the client. Who the client is decides as whom its calls are made: see {@link Kerberos.serve}.
 */
export class GssapiLogin implements Phase {
  readonly state = "unfinished";
  readonly #connection: LoginOwner;
  readonly #kerberos: Kerberos;
  readonly #messages = new SaslMessages();
  readonly #context = new SecurityContext();
  /** All that the client has said until it is known for whom it is; undefined afterwards. */
  #head: Buffer[] | undefined = [];
  #headBytes = 0;
  #served: Served | undefined;
  #first: First | undefined;
  #over = false;

  constructor(connection: LoginOwner, kerberos: Kerberos) {
    this.#connection = connection;
    this.#kerberos = kerberos;
    void this.#run();
  }

  fromClient(chunk: Buffer): void {
    if (this.#head !== undefined) {
      this.#head.push(chunk);
      this.#headBytes += chunk.length;
      if (this.#headBytes > LONGEST_HEAD) {
        this.#connection.finish("PD", "a login of impossible length");
        return;
      }
    }
    this.#messages.push(chunk);
  }

  clientDrained(): void {
    this.#connection.client.socket.resume();
  }

  tick(silence: number, quiet: number, timeouts: Timeouts): void {
    if (Math.min(silence, quiet) > timeouts.unfinished) {
      this.#connection.finish("cD", "the login was not completed");
    }
  }

  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#messages.fail(new Over());
    this.#first?.release();
    this.#served?.close();
    this.#context.release();
  }

  async #run(): Promise<void> {
    try {
      await this.#logIn();
    } catch (error) {
      if (this.#over || error instanceof Over) return;
      const { termination, reason } = endOf(error);
      this.#connection.loginRefused(reason);
      this.#send(BAD, Buffer.from("GSSAPI login refused"));
      this.#connection.finish(termination, reason);
    }
  }

  async #logIn(): Promise<void> {
    // The mechanism, which is known, and the token with the ticket.
    await this.#next(1);
    const token = await this.#next(OK);
    await this.#judge(token);
    const name = await this.#accept(token);
    this.#served = this.#kerberos.serve(name, this.#context);
    if (this.#served === undefined) throw new Refusal("PR", notServed(name, this.#kerberos));
    const login = new GssapiLinkLogin(this.#connection, this.#served, LAYERS.none);
    const answer = await this.#next(OK);
    if (answer.length > 0) throw new Refusal("PD", "the login has a token too much");
    const first = await this.#connect(login, new Set());
    const choice = await this.#agree(first.layers, name);
    login.least = choice.layer;
    await first.finish();
    this.#complete(login, first.link, choice);
  }

  /** Decides for whom the login is; that of somebody else goes on as it would without us. */
  async #judge(token: Buffer): Promise<void> {
    const addressee = addresseeOf(token);
    const verdict = await this.#kerberos.judge(addressee);
    if (this.#over) throw new Over();
    const head = Buffer.concat(this.#head ?? []);
    this.#head = undefined;
    if (verdict === "own") return;
    if (verdict === "old-key") {
      throw new Refusal(
        "PD",
        `the ticket for ${addressee.name} was made with key version ${addressee.keyVersion}, which the keytab does not have; export the keytab again, or let the client get a new ticket`,
      );
    }
    const note = this.#kerberos.hasElsewhere(addressee)
      ? `a login to ${addressee.name}, which the keytab has for another realm`
      : `a login to ${addressee.name}, which is not in the keytab`;
    this.#connection.giveBack(head, note);
    throw new Over();
  }

  /** @returns who the client has proved to be */
  async #accept(token: Buffer): Promise<string> {
    const step = await this.#context.accept(this.#kerberos.acceptor, token);
    if (this.#over) throw new Over();
    const { peer, flags } = this.#context;
    if (!step.complete || peer === undefined) throw new Refusal("PD", "the login needs a second token");
    // Without our answer in it a recorded login could be sent again.
    if ((flags & FLAGS.mutual) === 0) throw new Refusal("PD", "the client does not want to know who we are");
    this.#send(OK, step.token);
    return peer;
  }

  /** The first backend that accepts the login; whoever would get the next session is asked first. */
  async #connect(login: GssapiLinkLogin, tried: Set<string>): Promise<First> {
    const { client, load, links } = this.#connection;
    let last: Refusal | undefined;
    for (;;) {
      const backend = load.choose(client.backends(), tried);
      if (backend === undefined) throw last ?? new Refusal("SC", "no backend is usable");
      tried.add(backend.name);
      try {
        const link = await links.connect(backend.name, IDLE);
        link.busy = true;
        this.#first = { link, ...(await login.begin(link)) };
        if (this.#over) this.#first.release();
        else return this.#first;
      } catch (error) {
        last = refusalOf(backend.name, error);
        const link = links.get(backend.name);
        if (link !== undefined) links.release(link);
      }
      if (this.#over) throw new Over();
      if (last?.termination === "RC") throw last;
    }
  }

  /** Offers the backend's layers to the client. @returns what it has chosen */
  async #agree(layers: number, name: string): Promise<LayerChoice> {
    const { flags } = this.#context;
    const able =
      LAYERS.none |
      ((flags & FLAGS.integrity) === 0 ? 0 : LAYERS.integrity) |
      ((flags & FLAGS.confidential) === 0 ? 0 : LAYERS.confidentiality);
    // Whoever demands a layer that the client cannot have gets at least as much from us as it can.
    const offered = (layers & able) === 0 ? able : layers & able;
    const largest = offered === LAYERS.none ? 0 : LARGEST_BUFFER;
    this.#send(OK, this.#context.wrap(encodeLayers(offered, largest), false));
    const answer = this.#context.unwrap(await this.#next(OK, COMPLETE), false);
    const choice = decodeChoice(answer, offered);
    if (choice === undefined) throw new Refusal("PD", "the client chose a layer that it was not offered");
    if (!isSelf(choice.authzid, name, this.#kerberos.spec.principal)) {
      throw new Refusal("PR", `${name} wants to act as somebody else`);
    }
    const ordered = FLAGS.sequence | FLAGS.replay;
    if (choice.layer !== LAYERS.none && (flags & ordered) !== ordered) {
      throw new Refusal("PD", "a layer without the order of its frames");
    }
    return choice;
  }

  #complete(login: GssapiLinkLogin, link: Link, { layer, largest }: LayerChoice): void {
    if (this.#over) throw new Over();
    const layered = layer === LAYERS.none ? undefined : new SecurityLayer(this.#context, layer, largest);
    if (!this.#messages.isEmpty) throw new Refusal("PD", "the client went on before its login was complete");
    this.#send(COMPLETE, Buffer.alloc(0));
    link.busy = false;
    this.#over = true;
    if (layered === undefined) this.#context.release();
    this.#connection.loggedIn(login, link, layered);
  }

  async #next(...statuses: readonly number[]): Promise<Buffer> {
    const { status, payload } = await this.#messages.next();
    if (this.#over) throw new Over();
    if (!statuses.includes(status)) throw new Refusal("PD", `SASL status ${status} where none belongs`);
    return payload;
  }

  #send(status: number, payload: Buffer): void {
    this.#connection.client.socket.write(encodeSaslMessage(status, payload));
  }
}

/** Until the login takes it over. */
const IDLE = {
  linkBytes: (link: Link): boolean => {
    link.close();
    return false;
  },
  linkEnded: () => undefined,
  linkDrained: () => undefined,
};

function refusalOf(backend: string, error: unknown): Refusal {
  if (error instanceof Error) return new Refusal("SD", `${backend}: ${loginFault(error)}`);
  const { reason, message } = error as ConnectFault;
  const termination = reason === "local" ? "RC" : reason === "timeout" ? "sC" : "SC";
  return new Refusal(termination, `${backend}: ${message}`);
}

function endOf(error: unknown): { termination: string; reason: string } {
  if (error instanceof Refusal) return { termination: error.termination, reason: error.message };
  if (error instanceof DerError)
    return { termination: "PD", reason: `not a Kerberos login: ${error.message}` };
  return { termination: "PD", reason: loginFault(error) };
}

/** A client may only act as itself; its own realm may be left out where it is ours. */
function isSelf(authzid: string, name: string, principal: string): boolean {
  if (authzid === "" || authzid === name) return true;
  const realm = principal.slice(principal.lastIndexOf("@"));
  return `${authzid}${realm}` === name;
}

function notServed(name: string, { spec }: Kerberos): string {
  return `${name} is neither kerberos.principal (${spec.principal}) nor in kerberos.clients, and has delegated no credentials`;
}
