import type { Served } from "../../../gssapi/kerberos.ts";
import {
  type BegunLogin,
  beginLogin,
  LoginRefused,
  loginFault,
  type SaslChannel,
} from "../../../gssapi/login.ts";
import type { Layer } from "../../../wire/sasl/layers.ts";
import { SaslMessages } from "../../../wire/sasl/messages.ts";
import type { Link, LinkLogin, LinkUser } from "../../links/link.ts";
import type { LoginOwner } from "../transport.ts";

/** Milliseconds that a login with a backend may take. */
const LOGIN_TIME = 10_000;

/** The messages of one link while it is being logged in. */
class LinkChannel implements LinkUser, SaslChannel {
  readonly messages = new SaslMessages();
  readonly #link: Link;
  readonly #connection: LoginOwner;

  constructor(link: Link, connection: LoginOwner) {
    this.#link = link;
    this.#connection = connection;
    link.user = this;
    if (link.broken) this.messages.fail(new Error("closed before the login"));
  }

  write(bytes: Buffer): void {
    this.#connection.client.count(this.#link.backend, "to-backend", bytes.length);
    this.#link.send(bytes);
  }

  linkBytes(_link: Link, chunk: Buffer): boolean {
    this.#connection.heard();
    this.messages.push(chunk);
    return true;
  }

  linkEnded(_link: Link, error: Error | undefined): void {
    this.messages.fail(new LoginRefused(error?.message ?? "it closed the connection"));
  }

  linkDrained(): void {
    // Messages of a login are short.
  }
}

/** The Kerberos login of one client with each of its backends, each as that backend's own service. */
export class GssapiLinkLogin implements LinkLogin {
  readonly #connection: LoginOwner;
  readonly #served: Served;
  /** The client's own layer: no link has a weaker one. */
  least: Layer;

  constructor(connection: LoginOwner, served: Served, least: Layer) {
    this.#connection = connection;
    this.#served = served;
    this.least = least;
  }

  async logIn(link: Link): Promise<void> {
    await this.#bounded(link, async (channel) => {
      const begun = await this.#begin(link, channel);
      link.secure(await begun.finish(this.least));
    });
  }

  /** The first half: the backend has accepted, and offers layers. `finish` logs the link in. */
  async begin(link: Link): Promise<{ readonly layers: number; finish(): Promise<void>; release(): void }> {
    let channel: LinkChannel | undefined;
    const begun = await this.#bounded(link, (opened) => {
      channel = opened;
      return this.#begin(link, opened);
    });
    const finish = async (): Promise<void> => {
      await this.#bounded(link, async () => link.secure(await begun.finish(this.least)), channel);
    };
    return { layers: begun.offer.layers, finish, release: () => begun.release() };
  }

  wipe(): void {
    this.#served.close();
  }

  #begin(link: Link, channel: LinkChannel): Promise<BegunLogin> {
    const { initiator } = this.#served;
    return beginLogin(channel, { initiator, host: this.#hostOf(link), deadline: LOGIN_TIME });
  }

  #hostOf({ backend }: Link): string {
    return this.#connection.client.backends().find((each) => each.name === backend)?.host ?? "";
  }

  /** @throws what went wrong, after it has been told */
  async #bounded<T>(
    link: Link,
    work: (channel: LinkChannel) => Promise<T>,
    channel = new LinkChannel(link, this.#connection),
  ): Promise<T> {
    const timer = setTimeout(
      () => channel.messages.fail(new LoginRefused("no answer to the login")),
      LOGIN_TIME,
    );
    try {
      return await work(channel);
    } catch (error) {
      this.#connection.loginFailed(link.backend, loginFault(error));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
