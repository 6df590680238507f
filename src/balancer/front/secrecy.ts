import type { Socket } from "node:net";
import { isEncrypted, isVerified } from "../tls/secured.ts";
import type { Connection } from "./connection.ts";

/** Transports in which no password goes over the wire. HTTP has them in headers, and who knows what is unknown. */
const WITHOUT_PASSWORD: readonly string[] = ["thrift", "sasl-gssapi"];

const REFUSAL =
  "a password that came over TLS may only go to an Impalad over verified TLS, which this listener does not speak";

/** True if it must be known what a client speaks before its bytes go to a backend. */
export function mustLook({ client, listener }: Connection): boolean {
  const { dialer, provesBackends } = listener.security;
  return isEncrypted(client) ? !provesBackends : dialer !== undefined;
}

/**
 * Notes what a client speaks, which its first bytes have told.
 * @returns why it must not go on; undefined: it may
 */
export function judgeTransport(connection: Connection, transport: string): string | undefined {
  if (!isEncrypted(connection.client)) {
    connection.speaksThrough = transport === "tls";
    return undefined;
  }
  connection.carriesPassword = !WITHOUT_PASSWORD.includes(transport);
  return connection.carriesPassword && !connection.listener.security.provesBackends ? REFUSAL : undefined;
}

/**
 * A last look, when a backend is connected: meanwhile a reload may have taken TLS away.
 * @returns why nothing may be sent there; undefined: it may
 */
export function judgeBackend({ client, carriesPassword }: Connection, upstream: Socket): string | undefined {
  return isEncrypted(client) && carriesPassword && !isVerified(upstream) ? REFUSAL : undefined;
}
