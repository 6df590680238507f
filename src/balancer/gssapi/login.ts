import {
  decodeOffer,
  encodeLayers,
  LARGEST_BUFFER,
  LAYERS,
  type Layer,
  type LayerOffer,
  layerFrom,
} from "../wire/sasl/layers.ts";
import { encodeSaslMessage, type SaslMessage, type SaslMessages } from "../wire/sasl/messages.ts";
import { BAD, COMPLETE, OK, saslStart } from "../wire/sasl/negotiation.ts";
import { FLAGS, SecurityContext, type Step } from "./context.ts";
import type { Initiator } from "./credentials.ts";
import { SecurityLayer } from "./layer.ts";
import { GssError } from "./status.ts";

/** Kerberos needs one answer of the server; more than this is no login. */
const MOST_STEPS = 4;
/** Characters of a refusal that are told. */
const TOLD = 200;

/** The other side has refused the login, or ended it. */
export class LoginRefused extends Error {}

/** How messages go to the other side and come from it. */
export interface SaslChannel {
  readonly messages: SaslMessages;
  write(bytes: Buffer): void;
}

export interface LoginTarget {
  readonly initiator: Initiator;
  /** The host whose service is logged in to. */
  readonly host: string;
  /** Milliseconds that each step may take which asks a KDC. */
  readonly deadline: number;
}

/** A login that the server has accepted, up to the choice of the layer. Must be finished or released. */
export interface BegunLogin {
  readonly offer: LayerOffer;
  /**
   * Chooses the weakest layer that is offered and not weaker than `least`, and waits for the server's word.
   * @returns what protects the connection from now on; undefined: nothing is to
   * @throws Error nothing that strong is offered, or the server refuses after all
   */
  finish(least: Layer): Promise<SecurityLayer | undefined>;
  release(): void;
}

/**
 * Logs in to a server with SASL GSSAPI (RFC 4752 in Thrift's messages).
 * @throws GssError no ticket, or the server is not who it should be; LoginRefused; or what ended the channel
 */
export async function beginLogin(channel: SaslChannel, target: LoginTarget): Promise<BegunLogin> {
  const context = new SecurityContext();
  try {
    const first = await stepOf(context, target, Buffer.alloc(0));
    channel.write(Buffer.concat([saslStart("GSSAPI"), encodeSaslMessage(OK, first.token)]));
    let { complete } = first;
    for (let steps = 1; !complete; steps++) {
      if (steps > MOST_STEPS) throw new LoginRefused("a login without end");
      const { payload } = await answer(channel, OK);
      const step = await stepOf(context, target, payload);
      channel.write(encodeSaslMessage(OK, step.token));
      ({ complete } = step);
    }
    // Who does not prove his name may be anybody.
    if ((context.flags & FLAGS.mutual) === 0) throw new LoginRefused("the server has not proved its name");
    const offer = decodeOffer(context.unwrap((await answer(channel, OK)).payload, false));
    if (offer === undefined) throw new LoginRefused("no offer of a layer");
    return {
      offer,
      finish: (least) => finish(channel, context, offer, least),
      release: () => context.release(),
    };
  } catch (error) {
    context.release();
    throw error;
  }
}

function stepOf(context: SecurityContext, target: LoginTarget, token: Buffer): Promise<Step> {
  return target.initiator.step(context, target.host, token, target.deadline);
}

async function finish(
  channel: SaslChannel,
  context: SecurityContext,
  offer: LayerOffer,
  least: Layer,
): Promise<SecurityLayer | undefined> {
  let layer: SecurityLayer | undefined;
  try {
    const chosen = layerFrom(offer.layers, least);
    if (chosen === undefined) throw new LoginRefused(`it offers no ${nameOf(least)}, which the client has`);
    if (chosen !== LAYERS.none) layer = new SecurityLayer(context, chosen, offer.largest);
    const largest = chosen === LAYERS.none ? 0 : LARGEST_BUFFER;
    channel.write(encodeSaslMessage(OK, context.wrap(encodeLayers(chosen, largest), false)));
    await answer(channel, COMPLETE);
    if (!channel.messages.isEmpty) throw new LoginRefused("not a SASL negotiation");
  } catch (error) {
    context.release();
    throw error;
  }
  if (layer === undefined) context.release();
  return layer;
}

/** The server's next message, which must have this status. @throws LoginRefused with the server's words */
async function answer(channel: SaslChannel, status: number): Promise<SaslMessage> {
  const message = await channel.messages.next();
  if (message.status === status) return message;
  if (message.status < BAD || message.status === COMPLETE) throw new LoginRefused("not a SASL negotiation");
  throw new LoginRefused(printable(message.payload) || "no reason given");
}

/** Words of somebody else for a log: one line, no control characters. */
function printable(bytes: Buffer): string {
  return bytes
    .toString("utf8", 0, TOLD)
    .replace(/[^\x20-\x7e\u00a0-\uffff]+/g, " ")
    .trim();
}

function nameOf(layer: Layer): string {
  return layer === LAYERS.confidentiality ? "privacy" : "integrity";
}

/** For a log line: what went wrong with a login, and what to do if Kerberos knows. */
export function loginFault(error: unknown): string {
  if (error instanceof GssError) return error.line;
  return error instanceof Error ? error.message : String(error);
}
