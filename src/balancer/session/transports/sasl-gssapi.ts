import { sameText } from "../../../domain/text.ts";
import { saslStart } from "../../wire/sasl/negotiation.ts";
import { begins, type Transport } from "./transport.ts";

const START = saslStart("GSSAPI");

/** SASL GSSAPI (Kerberos): a ticket exchange belongs to its two ends and cannot be repeated with another backend. */
export const saslGssapi: Transport = {
  name: "sasl-gssapi",
  title: sameText("SASL GSSAPI (Kerberos)"),
  recognises: (head) => begins(head, START),
};
