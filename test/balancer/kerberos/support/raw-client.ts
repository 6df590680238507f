import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { FLAGS, SecurityContext } from "../../../../src/balancer/gssapi/context.ts";
import {
  acquireInitiator,
  type HeldCredential,
  importName,
} from "../../../../src/balancer/gssapi/credentials.ts";
import { nativeGssapi } from "../../../../src/balancer/gssapi/native.ts";
import { HOST_BASED_SERVICE } from "../../../../src/balancer/gssapi/oids.ts";
import { encodeLayers, LARGEST_BUFFER, type Layer } from "../../../../src/balancer/wire/sasl/layers.ts";
import {
  encodeSaslMessage,
  type SaslMessage,
  SaslMessages,
} from "../../../../src/balancer/wire/sasl/messages.ts";
import { OK, saslStart } from "../../../../src/balancer/wire/sasl/negotiation.ts";

export const ALL_FLAGS = FLAGS.mutual | FLAGS.replay | FLAGS.sequence | FLAGS.integrity | FLAGS.confidential;
let caches = 0;

/** A client that says what the test wants, to try what no proper client does. */
export class RawClient {
  readonly socket: Socket;
  readonly messages = new SaslMessages();
  readonly context = new SecurityContext();
  /** All that it has sent. */
  readonly sent: Buffer[] = [];
  /** All that it was told once the login was over. */
  received = Buffer.alloc(0);
  #loggedIn = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      if (this.#loggedIn) this.received = Buffer.concat([this.received, chunk]);
      else this.messages.push(chunk);
    });
    socket.on("close", () => this.messages.fail(new Error("closed")));
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new RawClient(socket);
  }

  send(...pieces: readonly Buffer[]): void {
    const bytes = Buffer.concat(pieces);
    this.sent.push(bytes);
    this.socket.write(bytes);
  }

  /** The first token of a login with `service@host`. */
  async token(credential: HeldCredential, service: string, flags = ALL_FLAGS): Promise<Buffer> {
    const name = importName(service, HOST_BASED_SERVICE);
    const { token } = await this.context.initiate(credential, name, flags, Buffer.alloc(0));
    nativeGssapi().releaseName([0], [name]);
    return token;
  }

  /** Mechanism and first token, as all clients send them together. */
  begin(token: Buffer): void {
    this.send(saslStart("GSSAPI"), encodeSaslMessage(OK, token));
  }

  /** The rest of a proper login. @returns the last message */
  async finish(
    credential: HeldCredential,
    service: string,
    layer: Layer,
    authzid = "",
  ): Promise<SaslMessage> {
    const answer = await this.messages.next();
    if (answer.status !== OK) return answer;
    const name = importName(service, HOST_BASED_SERVICE);
    const step = await this.context.initiate(credential, name, ALL_FLAGS, answer.payload);
    nativeGssapi().releaseName([0], [name]);
    this.send(encodeSaslMessage(OK, step.token));
    const offer = await this.messages.next();
    if (offer.status !== OK) return offer;
    this.context.unwrap(offer.payload, false);
    const choice = Buffer.concat([
      encodeLayers(layer, layer === 1 ? 0 : LARGEST_BUFFER),
      Buffer.from(authzid),
    ]);
    this.send(encodeSaslMessage(OK, this.context.wrap(choice, false)));
    const last = await this.messages.next();
    this.#loggedIn = true;
    return last;
  }

  /** The balancer has closed the connection. */
  async closed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, "close");
    this.context.release();
  }

  close(): void {
    this.context.release();
    this.socket.destroy();
  }
}

/** A ticket of its own for a principal of the keytab. */
export async function ticketOf(keytab: string, principal: string): Promise<HeldCredential> {
  const { credential } = await acquireInitiator(keytab, principal, `test-${process.pid}-${++caches}`);
  return credential;
}

/** A payload in its frame. */
export function framed(payload: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([length, payload]);
}
