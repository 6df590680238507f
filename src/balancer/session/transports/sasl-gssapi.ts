import { sameText } from "../../../domain/text.ts";
import type { Kerberos } from "../../gssapi/kerberos.ts";
import { saslFraming } from "../../wire/sasl/framed-reader.ts";
import { saslStart } from "../../wire/sasl/negotiation.ts";
import { GssapiLogin } from "./gssapi/client-login.ts";
import { begins, type Routing, type Transport } from "./transport.ts";

const START = saslStart("GSSAPI");

/**
 * SASL GSSAPI (Kerberos): a ticket exchange belongs to its two ends and cannot be repeated with another backend. Where
 * the listener has a keytab it is an end itself, towards the client and towards each backend.
 */
export const saslGssapi: Transport = {
  name: "sasl-gssapi",
  title: sameText("SASL GSSAPI (Kerberos)"),
  recognises: (head) => begins(head, START),
  routingWith: (kerberos: Kerberos): Routing => ({
    framing: saslFraming,
    login: (connection) => new GssapiLogin(connection, kerberos),
  }),
};
