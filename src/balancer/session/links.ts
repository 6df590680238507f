import { FramedReader, PlainReader } from "../wire/sasl.ts";
import type { ConnectFault, RoutedClient } from "./contract.ts";
import { Link, type LinkOwner, linkReads } from "./link.ts";
import { repeatLogin } from "./login.ts";

/** The upstream connections of one client connection: at most one per backend, opened when first needed, kept while the client stays. */
export class Links {
  readonly #client: RoutedClient;
  readonly #open = new Map<string, Link>();
  readonly #attempts = new Set<AbortController>();
  #closed = false;
  /** The client's own SASL PLAIN login, to be repeated on every further link: in memory only, wiped at the end. */
  #login: readonly Buffer[] | undefined;

  constructor(client: RoutedClient) {
    this.#client = client;
  }

  get(backend: string): Link | undefined {
    return this.#open.get(backend);
  }

  [Symbol.iterator](): IterableIterator<Link> {
    return this.#open.values();
  }

  /** Frames all messages from now on, and repeats this login on every further link. */
  useLogin(login: readonly Buffer[]): void {
    this.#login = login;
  }

  /**
   * A new upstream connection, the login not yet made.
   * @throws ConnectFault
   */
  async connect(backend: string, owner: LinkOwner, framed: boolean): Promise<Link> {
    const attempt = new AbortController();
    this.#attempts.add(attempt);
    const socket = await this.#client
      .connect(backend, attempt.signal, linkReads)
      .finally(() => this.#attempts.delete(attempt));
    if (this.#closed) {
      socket.on("error", () => undefined);
      socket.destroy();
      throw fault(backend, "the client has gone");
    }
    const link = new Link(backend, socket, framed ? new FramedReader() : new PlainReader(), owner);
    this.#open.get(backend)?.close();
    this.#open.set(backend, link);
    return link;
  }

  /**
   * The link to a backend, ready for a call.
   * @throws ConnectFault
   */
  async ready(backend: string, owner: LinkOwner): Promise<Link> {
    const open = this.#open.get(backend);
    if (open !== undefined && !open.broken && !open.busy) return open;
    const link = await this.connect(backend, owner, this.#login !== undefined);
    if (this.#login !== undefined) {
      try {
        link.busy = true;
        await repeatLogin(link, this.#login);
        link.busy = false;
      } catch {
        this.remove(link);
        link.close();
        throw fault(backend, "the login that another backend has accepted failed here");
      }
      link.owner = owner;
    }
    return link;
  }

  /** Closes links that own no session and have not been used since. */
  closeUnused(since: number): void {
    for (const link of this.#open.values()) {
      if (link.guest && !link.busy && link.lastUse < since) this.release(link);
    }
  }

  /** Closes a link between two calls: it is opened again when it is needed. */
  release(link: Link): void {
    this.remove(link);
    link.close();
  }

  remove(link: Link): void {
    if (this.#open.get(link.backend) === link) this.#open.delete(link.backend);
  }

  close(): void {
    this.#closed = true;
    for (const attempt of this.#attempts) attempt.abort();
    for (const link of this.#open.values()) link.close();
    this.#open.clear();
    for (const bytes of this.#login ?? []) bytes.fill(0);
    this.#login = undefined;
  }
}

function fault(backend: string, message: string): ConnectFault {
  return { backend, reason: "gone", message };
}
