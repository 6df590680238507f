import { type Framing, plainFraming } from "../../wire/message-reader.ts";
import type { BackendView, ConnectFault, RoutedClient } from "../contract.ts";
import { Link, type LinkLogin, type LinkUser, linkReads } from "./link.ts";
import type { Slots } from "./slots.ts";

const GONE = "the client has gone";

/**
 * The upstream connections of one client connection: at most one per backend, opened when first needed, kept while the
 * client stays.
 */
export class Links {
  /** How messages are framed on links that are made from now on. */
  framing: Framing = plainFraming;
  readonly #client: RoutedClient;
  readonly #slots: Slots;
  readonly #open = new Map<string, Link>();
  /** Links that are busy with what nobody waits for, and own a session: they stay for as long as the client does. */
  readonly #aside = new Set<Link>();
  readonly #attempts = new Set<AbortController>();
  #closed = false;
  #login: LinkLogin | undefined;

  constructor(client: RoutedClient, slots: Slots) {
    this.#client = client;
    this.#slots = slots;
  }

  get source(): string {
    return this.#client.source;
  }

  /** Backends, of these, where a call would have to wait for a connection. */
  full(backends: readonly BackendView[]): ReadonlySet<string> {
    const full = backends.filter((each) => this.free(each.name) === undefined && this.#slots.isFull(each));
    return new Set(full.map((each) => each.name));
  }

  get(backend: string): Link | undefined {
    return this.#open.get(backend);
  }

  /** The link to a backend, if it can take a call now. */
  free(backend: string): Link | undefined {
    const link = this.#open.get(backend);
    return link === undefined || link.broken || link.busy ? undefined : link;
  }

  get loggedIn(): boolean {
    return this.#login !== undefined;
  }

  /** Is to be made on every further link. */
  useLogin(login: LinkLogin): void {
    this.#login = login;
  }

  /**
   * A new upstream connection, the login not yet made.
   * @throws ConnectFault
   */
  async connect(backend: string, user: LinkUser): Promise<Link> {
    if (this.#closed) throw fault(backend, GONE);
    const attempt = new AbortController();
    this.#attempts.add(attempt);
    const made = this.#slots.makeRoom(this.#client.backends().find((each) => each.name === backend));
    const socket = await this.#client.connect(backend, attempt.signal, linkReads).finally(() => {
      this.#attempts.delete(attempt);
      made();
    });
    if (this.#closed) {
      socket.on("error", () => undefined);
      socket.destroy();
      throw fault(backend, GONE);
    }
    const link = new Link(backend, socket, this.framing.reader(), this.#client.socket, user);
    const before = this.#open.get(backend);
    if (before !== undefined) this.abandon(before);
    this.#open.set(backend, link);
    return link;
  }

  /**
   * The link to a backend, ready for a call.
   * @throws ConnectFault
   */
  async ready(backend: string, user: LinkUser): Promise<Link> {
    const free = this.free(backend);
    if (free !== undefined) return free;
    const link = await this.connect(backend, user);
    await this.#logIn(link);
    link.user = user;
    return link;
  }

  async #logIn(link: Link): Promise<void> {
    if (this.#login === undefined) return;
    try {
      link.busy = true;
      await this.#login.logIn(link);
      link.busy = false;
    } catch {
      this.remove(link);
      link.close();
      throw fault(link.backend, "the login that another backend has accepted failed here");
    }
  }

  /** Closes links on which nothing hangs and which have not been used since. */
  closeUnused(since: number): void {
    for (const link of this.#open.values()) {
      if (link.role === "unused" && !link.busy && link.lastUse < since) this.release(link);
    }
  }

  /** Closes a link between two calls: it is opened again when it is needed. */
  release(link: Link): void {
    this.remove(link);
    link.close();
  }

  /** Nobody waits any longer for what a link is busy with. One that owns a session is not closed for that. */
  abandon(link: Link): void {
    if (link.role !== "owner" || link.broken) {
      this.release(link);
      return;
    }
    if (this.#open.get(link.backend) === link) this.#open.delete(link.backend);
    this.#aside.add(link);
    link.user = {
      linkBytes: () => true,
      linkEnded: () => this.remove(link),
      linkDrained: () => undefined,
    };
  }

  /** It has ended, or is about to. */
  remove(link: Link): void {
    this.#aside.delete(link);
    if (this.#open.get(link.backend) === link) this.#open.delete(link.backend);
    this.#slots.keepers.ended(link.backend, link.opened.splice(0));
  }

  close(): void {
    this.#closed = true;
    for (const attempt of this.#attempts) attempt.abort();
    for (const link of [...this.#open.values(), ...this.#aside]) this.release(link);
    this.#login?.wipe();
    this.#login = undefined;
  }
}

function fault(backend: string, message: string): ConnectFault {
  return { backend, reason: "gone", message };
}
